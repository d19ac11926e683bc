"""From the bilingual `Text` of the pure layers to the language of the request."""

from __future__ import annotations

from django.utils.translation import get_language

from mingji.rules.text import Text


def locale() -> str:
    """The language of this request: `zh-hans` or `en`."""
    return get_language() or "en"


def localized(text: Text) -> str:
    """A `Text` in the language of this request."""
    return text.in_(locale())


def sentences(*texts: Text) -> str:
    """Sentences one after the other; Chinese needs no space between them."""
    return ("" if locale() == "zh-hans" else " ").join(localized(text) for text in texts)
