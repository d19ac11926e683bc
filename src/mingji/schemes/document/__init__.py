"""Scheme documents: YAML in, a checked scheme or all its faults out. Pure: no Django in here."""

from mingji.schemes.document.loading import LoadedScheme, find, load, plain_text, shipped

__all__ = ["LoadedScheme", "find", "load", "plain_text", "shipped"]
