"""Requests to a system's web interface that wait, try again, renew their token and stay at home.

Why httpx and no extraction framework: docs/decisions/0006-own-connectors-on-httpx.md.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from decimal import Decimal
from email.utils import parsedate_to_datetime
from typing import Any
from urllib.parse import urlsplit

import httpx

from mingji.rules.errors import Invalid
from mingji.rules.text import Text

#: A request is sent so often before we give up; between two of them lie 1, 2, 4 … seconds.
TRIES = 6
#: We wait no longer than this for a system that says when to come again.
LONGEST_WAIT = 120.0
#: A page of rows is far smaller; whatever is larger is no page of rows.
LARGEST_ANSWER = 64 * 2**20
_TIMEOUT = httpx.Timeout(60.0, connect=15.0)
_AGAIN = (408, 429, 500, 502, 503, 504)


class Refused(Invalid):
    """The system answered, and said no: `status` is its answer, `told` its words."""

    def __init__(self, message: Text, *, status: int, told: str) -> None:
        super().__init__(message, code="refused")
        self.status, self.told = status, told


@dataclass(slots=True)
class Caller:
    """Sends requests to one host.

    `base` is the address that paths are appended to; nothing is ever sent to another host, and
    redirects are not followed. `headers` gives the headers of authorization, and `renew` gets a new
    token after a 401, once a request. `wait` sleeps; tests pass their own.
    """

    base: str
    headers: Callable[[], Mapping[str, str]]
    renew: Callable[[], None] | None = None
    wait: Callable[[float], None] = time.sleep
    tries: int = TRIES
    _client: httpx.Client | None = None

    def get(self, path: str, parameters: Mapping[str, str | int] | None = None) -> Any:
        """The decoded answer to a GET; numbers with a point are `Decimal`.

        Raises:
            Refused: If the system says no.
            Invalid: If it does not answer after all tries, or not in JSON.
        """
        return self._answer("GET", path, params=dict(parameters) if parameters else None)

    def post(self, path: str, body: Any) -> Any:
        """The decoded answer to a POST of JSON; raises as `get` does."""
        return self._answer("POST", path, json=body)

    def submit(self, path: str, form: Mapping[str, str]) -> Any:
        """The decoded answer to a posted form, without authorization: for getting a token."""
        return self._answer("POST", path, data=dict(form), signed=False)

    def _answer(self, method: str, path: str, *, signed: bool = True, **content: Any) -> Any:
        renewed = False
        for attempt in range(1, self.tries + 1):
            try:
                status, headers, body = self._send(method, path, signed, content)
            except httpx.TransportError as error:
                if attempt == self.tries:
                    raise self._unreachable(error) from error
                self.wait(_pause(attempt, {}))
                continue
            if status == 401 and signed and self.renew is not None and not renewed:
                renewed = True
                self.renew()
            elif status in _AGAIN and attempt < self.tries:
                self.wait(_pause(attempt, headers))
            else:
                return self._decoded(status, body)
        raise self._unreachable(None)

    def _send(
        self, method: str, path: str, signed: bool, content: Mapping[str, Any]
    ) -> tuple[int, httpx.Headers, bytes]:
        if not path.startswith("/") or path.startswith("//"):
            raise self._astray(path)
        if self._client is None:
            at_home = urlsplit(self.base).hostname in ("localhost", "127.0.0.1", "::1")
            self._client = httpx.Client(timeout=_TIMEOUT, trust_env=not at_home)
        headers = {"Accept": "application/json", **(self.headers() if signed else {})}
        request = self._client.build_request(method, self.base + path, headers=headers, **content)
        answer = self._client.send(request, stream=True, follow_redirects=False)
        try:
            body = bytearray()
            for piece in answer.iter_bytes():
                body += piece
                if len(body) > LARGEST_ANSWER:
                    raise self._not_understood("> 64 MiB")
        finally:
            answer.close()
        if answer.is_redirect:
            raise self._astray(answer.headers.get("location", ""))
        return answer.status_code, answer.headers, bytes(body)

    def _decoded(self, status: int, body: bytes) -> Any:
        if status >= 400:
            raise self._refused(status, body)
        try:
            return json.loads(body, parse_float=Decimal) if body else None
        except ValueError as error:
            start = body[:80].decode("utf-8", "replace")
            raise self._not_understood(f"“{start}”") from error

    def _host(self) -> str:
        return urlsplit(self.base).netloc

    def _refused(self, status: int, body: bytes) -> Refused:
        told, host = _words(body), self._host()
        meant = 429 if "LIMIT_EXCEEDED" in told else status
        zh, en = _MEANING.get(meant, ("请求被拒绝", "the request was refused"))
        message = Text(f"{host}：{zh}（{status} {told}）", f"{host}: {en} ({status} {told})")
        return Refused(message, status=status, told=told)

    def _unreachable(self, error: httpx.TransportError | None) -> Invalid:
        why, host = type(error).__name__ if error else "401", self._host()
        return Invalid(
            Text(
                f"试了 {self.tries} 次，{host} 没有应答（{why}）；检查网址和网络，稍后再试",
                f"{host} did not answer in {self.tries} tries ({why}); "
                "check the address and the network, or try later",
            ),
            code="unreachable",
        )

    def _astray(self, place: str) -> Invalid:
        host = self._host()
        return Invalid(
            Text(
                f"{host} 把请求引向别处（{place[:100]}），没有跟过去；检查网址",
                f"{host} points elsewhere ({place[:100]}), which is not followed; "
                "check the address",
            ),
            code="astray",
        )

    def _not_understood(self, what: str) -> Invalid:
        host = self._host()
        return Invalid(
            Text(
                f"{host} 的应答不是数据：{what}；检查网址",
                f"{host} answered something else than data: {what}; check the address",
            ),
            code="not_understood",
        )


@contextmanager
def understanding(name: str) -> Iterator[None]:
    """Turns an answer of another shape than documented into a sentence.

    Raises:
        Invalid: If what happens inside takes something out of an answer that is not there.
    """
    try:
        yield
    except (KeyError, IndexError, TypeError, AttributeError, ValueError) as error:
        raise Invalid(
            Text(
                f"{name} 的应答和接口文档不符（{error!r}）；检查网址",
                f"{name} answers otherwise than documented ({error!r}); check the address",
            ),
            code="not_understood",
        ) from error


_MEANING: Mapping[int, tuple[str, str]] = {
    400: ("不接受这个请求", "it does not accept the request"),
    401: ("登录无效，检查令牌或密钥", "not signed in: check the token or secret"),
    403: ("没有权限，检查令牌的权限范围", "not allowed: check what the token may read"),
    404: ("没有这个地址，检查网址", "there is no such address: check it"),
    429: ("请求次数超限，稍后再试", "too many requests, try later"),
    500: ("对方出错，稍后再试", "it has a fault, try later"),
    503: ("对方暂停服务，稍后再试", "it is out of service, try later"),
}


def _pause(attempt: int, headers: Mapping[str, str]) -> float:
    """Seconds to wait: what the system told (seconds or a date), or else 1, 2, 4 …

    >>> _pause(1, {}), _pause(4, {}), _pause(1, {"retry-after": "7"})
    (1.0, 8.0, 7.0)
    >>> day = "Sat, 28 Nov 2026 02:00:{} GMT".format
    >>> _pause(1, {"retry-after": day("30"), "date": day("10")})
    20.0
    """
    seconds = 2.0 ** (attempt - 1)
    told = headers.get("retry-after", "").strip()
    if told.isdigit():
        seconds = float(told)
    elif told:
        try:
            there = parsedate_to_datetime(headers.get("date", ""))
            seconds = (parsedate_to_datetime(told) - there).total_seconds()
        except (ValueError, TypeError):
            pass
    return min(max(seconds, 0.0), LONGEST_WAIT)


def _words(body: bytes) -> str:
    """What the system says is wrong, out of the shapes in which systems say so."""
    try:
        told = json.loads(body)
    except ValueError:
        return ""
    if isinstance(told, list) and told:
        told = told[0]
    if not isinstance(told, dict):
        return ""
    parts = [told.get(name) for name in ("errorCode", "category", "error", "message")]
    parts.append(told.get("error_description"))
    return " ".join(part for part in parts if isinstance(part, str))[:300]
