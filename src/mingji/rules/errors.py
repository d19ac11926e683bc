"""The four ways in which a request can fail. `web/errors.py` and the command line map them once."""

from __future__ import annotations

from mingji.rules.findings import Finding
from mingji.rules.text import Text


class MingjiError(Exception):
    """A failure with a sentence for the person who caused it."""

    def __init__(self, message: Text, *, code: str = "") -> None:
        super().__init__(message.en)
        self.message = message
        self.code = code


class NotFound(MingjiError):
    """There is no such thing, or it is not the viewer's to know of (404)."""


class NotAllowed(MingjiError):
    """The thing is the viewer's to see, but not to do this with (403)."""


class NotAllowedNow(MingjiError):
    """The actor may do this, but not at this stage (409)."""


class Invalid(MingjiError):
    """The input is unusable; `findings` name each place and remedy (422, exit code 2)."""

    def __init__(
        self, message: Text, *, code: str = "invalid", findings: tuple[Finding, ...] = ()
    ) -> None:
        super().__init__(message, code=code)
        self.findings = findings
