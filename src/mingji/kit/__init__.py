"""Small shared Django pieces, each named for what it is."""
