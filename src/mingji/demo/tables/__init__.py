"""One generator a table; each takes the `World` and gives rows in order of their date."""
