"""Scheme documents: YAML in, a checked scheme or all its faults out. Pure: no Django in here."""

from mingji.schemes.document.loading import LoadedScheme, find, load, read_kept, shipped

__all__ = ["LoadedScheme", "find", "load", "read_kept", "shipped"]
