"""Scheme documents: YAML in, a checked scheme or all its faults out. Pure: no Django in here."""

from mingji.schemes.document.loading import LoadedScheme, find, load, read_kept, shipped
from mingji.schemes.document.yaml_text import MAX_CHARACTERS

__all__ = ["MAX_CHARACTERS", "LoadedScheme", "find", "load", "read_kept", "shipped"]
