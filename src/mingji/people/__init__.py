"""Members, teams, reporting lines with dates, duties; signing in."""
