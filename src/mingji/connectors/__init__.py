"""Sources of rows, one file each: every row carries where it came from."""
