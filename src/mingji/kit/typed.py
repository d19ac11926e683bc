"""What somebody had typed into a form that could not be taken, so that they can copy it."""

from __future__ import annotations

from django.http import HttpRequest

# Beyond these lies what a page wrote for itself, and what nobody types.
_FIELDS = 200
_LONGEST = 4000
_SECRETS = ("password", "token")


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """The fields of the form that was sent and their values; no secrets, files or empty fields.

    For requests whose origin has been checked: a page shows them as the words of its reader.
    """
    if request.method != "POST":
        return []
    found = (
        (name, value)
        for name, values in request.POST.lists()
        for value in values
        if value.strip() and len(value) <= _LONGEST and not any(each in name for each in _SECRETS)
    )
    return [pair for pair, _ in zip(found, range(_FIELDS), strict=False)]
