"""Who calls the API: the person whose token comes with the request, and nobody else.

The cookie of a signed-in browser is not looked at: another site cannot make use of it here.
"""

from __future__ import annotations

from django.http import HttpRequest
from django.utils import translation
from ninja.errors import AuthenticationError
from ninja.security import HttpBearer

from mingji.kit import clock
from mingji.people import actions
from mingji.rules.errors import NotAllowed
from mingji.rules.text import Text

_READS = ("GET", "HEAD", "OPTIONS")
_ONLY_READS = Text(
    zh="这个令牌只能读取。需要写入时，新建一个“读取和写入”的令牌。",
    en="This token only reads. To write, make one that may read and write.",
)


class BearerToken(HttpBearer):
    """`Authorization: Bearer mingji_…`; puts the viewer on the request."""

    def authenticate(self, request: HttpRequest, token: str) -> actions.Bearer:
        """For whom the request speaks.

        Raises:
            AuthenticationError: the token opens nothing; its cause says why.
            NotAllowed: a token that only reads was sent to write.
        """
        try:
            bearer = actions.recognise(token, at=clock.now())
        except NotAllowed as refusal:
            raise AuthenticationError from refusal
        if bearer.language and "Accept-Language" not in request.headers:
            translation.activate(bearer.language)
        if request.method not in _READS and not bearer.token.writes:
            raise NotAllowed(_ONLY_READS, code="token_only_reads")
        request.viewer = bearer.viewer  # type: ignore[attr-defined]
        return bearer
