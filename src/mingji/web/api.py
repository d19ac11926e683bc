"""The API as a whole: who calls, how it fails, what it is called, and where its parts hang."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from http import HTTPStatus
from types import MappingProxyType
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern
from django.views.decorators.csrf import csrf_exempt
from ninja import NinjaAPI, Router
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.operation import Operation
from ninja.renderers import JSONRenderer

from mingji.appraisals.api import router as appraisals
from mingji.goals.api import router as goals
from mingji.goals.api_agreements import router as agreements
from mingji.goals.api_alignment import router as alignment
from mingji.metrics.api import router as metrics
from mingji.metrics.api_corrections import router as corrections
from mingji.metrics.api_definitions import router as definitions
from mingji.metrics.api_sources import router as sources
from mingji.people.api import router as people
from mingji.people.bearer import BearerToken
from mingji.rules.errors import MingjiError
from mingji.rules.text import Text
from mingji.web.api_input import refused, unknown_names
from mingji.web.errors import as_json, problem

BASE = "/api/v1/"
_NO_TOKEN = Text(
    zh="请求里没有令牌。在请求头写 Authorization: Bearer 加上你的 API 令牌。",
    en="The request has no token. Send Authorization: Bearer with your API token.",
)
_NO_METHOD = Text(
    zh="这个地址不支持这种方法。允许的方法在响应头 Allow 里。",
    en="This address does not know this method. The header Allow names those that it knows.",
)
_UNREADABLE = Text(
    zh="看不懂请求的正文。正文要用 UTF-8 的 JSON。",
    en="The body cannot be read. It has to be JSON in UTF-8.",
)
_TOO_LARGE = Text(
    zh="请求的正文太大。分成几次发送。", en="The body is too large. Send it in parts."
)


class _Renderer(JSONRenderer):
    """Chinese as it is written, not as numbers of characters."""

    json_dumps_params: Mapping[str, Any] = MappingProxyType({"ensure_ascii": False})


class _Api(NinjaAPI):
    """Operations are called by their app and function: `metrics.observations`."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        app = operation.view_func.__module__.split(".")[1]
        return f"{app}.{operation.view_func.__name__}"

    def get_operation_url_name(self, operation: Operation, router: Router) -> str:
        return self.get_openapi_operation_id(operation)

    def create_temporal_response(self, request: HttpRequest) -> HttpResponse:
        response = super().create_temporal_response(request)
        response["Cache-Control"] = "no-store"
        return response


api = _Api(
    title="Mingji",
    version="1",
    description="Everything below is read and done with your own rights. Numbers are exact: "
    "decimals travel as strings. A list comes in pages: send its `next` as `after`.",
    urls_namespace="api",
    openapi_url=None,
    docs_url=None,
    auth=BearerToken(),
    renderer=_Renderer(),
)
_FACTS = (metrics, definitions, sources, corrections)
for _router in (people, *_FACTS, goals, agreements, alignment, appraisals):
    api.add_router("", _router)


def operations() -> list[URLPattern]:
    """The addresses of all operations. They know their caller by the token, not by a cookie."""
    found = [each for each in api.urls[0] if isinstance(each, URLPattern)]
    return [
        URLPattern(each.pattern, _exact(each.callback, each.name), name=each.name)
        for each in found
        if each.name and each.name != "api-root"
    ]


def _exact(view: Callable[..., HttpResponse], name: str) -> Callable[..., HttpResponse]:
    """The view, refusing what it would pass over: a misspelt filter would show too much."""

    @csrf_exempt
    @login_not_required
    def exact(request: HttpRequest, **given: Any) -> HttpResponse:
        unknown = sorted(set(request.GET) - _query_names()[name])
        if unknown:
            return as_json(unknown_names(unknown))
        response = view(request, **given)
        if response.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
            refusal = problem(response.status_code, "no_method", _NO_METHOD)
            refusal["Allow"] = response["Allow"]
            return refusal
        return response

    return exact


@cache
def _query_names() -> dict[str, set[str]]:
    """For each operation what the query of its address may name, for whichever method."""
    found: dict[str, set[str]] = {}
    for methods in document()["paths"].values():
        asked = [each for told in methods.values() for each in told["parameters"]]
        names = {each["name"] for each in asked if each["in"] == "query"}
        found |= {told["operationId"]: names for told in methods.values()}
    return found


def document() -> dict[str, Any]:
    """The OpenAPI description, with its words in English."""
    found = dict(api.get_openapi_schema(path_prefix=BASE))
    shapes = found["components"]["schemas"]
    used = str(found)
    # What stands in an address is described there; as an object nobody meets it.
    for name in [name for name in shapes if f"schemas/{name}'" not in used]:
        del shapes[name]
    return found


@api.exception_handler(MingjiError)
def _refuse(request: HttpRequest, error: MingjiError) -> HttpResponse:
    return as_json(error)


@api.exception_handler(ValidationError)
def _refuse_input(request: HttpRequest, error: ValidationError) -> HttpResponse:
    return as_json(refused(error.errors))


@api.exception_handler(AuthenticationError)
def _refuse_caller(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    cause = error.__cause__
    if isinstance(cause, MingjiError):
        response = problem(401, cause.code, cause.message)
    else:
        response = problem(401, "no_token", _NO_TOKEN)
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(RequestDataTooBig)
def _refuse_size(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    return problem(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "too_large", _TOO_LARGE)


@api.exception_handler(HttpError)
def _refuse_body(request: HttpRequest, error: HttpError) -> HttpResponse:
    return problem(error.status_code, "unreadable", _UNREADABLE)
