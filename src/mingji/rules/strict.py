"""How documents become these types: a key that nobody knows is an error, never ignored."""

from __future__ import annotations

from typing import Final

# Read as `__pydantic_config__` by whoever fills a dataclass from a document; a plain dictionary,
# so that this storey imports no framework.
STRICT: Final = {"extra": "forbid"}
