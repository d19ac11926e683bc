"""Where compiled questions are run: the embedded engine over the warehouse, or a company's own.

`interface` says what an engine owes; each other module is one engine and imports its driver only
when it is opened.
"""
