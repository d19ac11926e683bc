"""A believable marketing department with more than a year of data: seeded, deterministic, invented.

`company.build()` makes it, `files.write_sources()` writes what its systems would export, `loading`
puts it into the product. `stories.py` says what there is to find in it.
"""
