"""What the numbers mean: pure, Decimal, no clock, no database, no framework."""
