"""Statistics about figures: what is likely to come, and how sure one may be of it."""
