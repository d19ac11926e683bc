"""Append-only, tamper-evident record of who did what, when and on what evidence."""
