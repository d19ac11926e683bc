"""The words of a reminder. A mail is not private: it says what waits, and no number of anybody."""

from __future__ import annotations

from collections.abc import Sequence
from html import unescape
from typing import TYPE_CHECKING

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from mingji.insights.queries import Need
from mingji.kit import numbers
from mingji.kit.i18n import locale, localized

if TYPE_CHECKING:
    from mingji.people.models import User


def letter(user: User, needs: Sequence[Need], site: str) -> tuple[str, str]:
    """Subject and text, in the language of the reader; `site` is what links begin with."""
    assert user.member is not None, "asked of members only"
    with translation.override(user.language or settings.LANGUAGE_CODE):
        number = len(needs)
        subject = ngettext(
            "Mingji: %(number)s thing waits for you",
            "Mingji: %(number)s things wait for you",
            number,
        )
        parts = [
            _("%(name)s,") % {"name": localized(user.member.known_as)},
            *(f"- {_line(need)}\n  {site}{need.url}" for need in needs),
            _("To stop these mails, switch reminders off in the menu behind your name."),
        ]
        return subject % {"number": number}, "\n\n".join(parts) + "\n"


def _line(need: Need) -> str:
    words = unescape(render_to_string("insights/need_words.html", {"need": need})).strip()
    about = [localized(need.where)]
    if need.due:
        about.append(_("due %(day)s") % {"day": numbers.day(need.due, locale(), year=True)})
    return _("%(what)s (%(about)s)") % {"what": words, "about": _(", ").join(about)}
