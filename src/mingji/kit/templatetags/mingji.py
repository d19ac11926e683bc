"""The template tags of the product; see the style guide page for each in use."""

from __future__ import annotations

from django import template

from mingji.kit.i18n import localized
from mingji.rules.text import Text

register = template.Library()


@register.filter
def tr(text: Text) -> str:
    """A bilingual `Text` in the language of the request."""
    return localized(text)
