"""Signing in and out, preferences, API tokens, the directory and the page of a member."""

from __future__ import annotations

from django.conf import settings
from django.contrib import auth, messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from mingji.kit import clock
from mingji.kit.i18n import localized
from mingji.people import actions, queries
from mingji.people.directory import directory as directory_page
from mingji.people.directory import personas, profile_for
from mingji.people.forms import SignInForm, TokenForm
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid, MingjiError, NotAllowedNow

# What a page looks like before somebody has signed in, in cookies.
_LOOKS = ("language", "theme", "density")
_A_YEAR = 365 * 24 * 3600


@login_not_required
@never_cache
@sensitive_post_parameters("password")
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    form = SignInForm(request.POST if request.method == "POST" else None)
    status = 422 if form.is_bound else 200
    if form.is_valid():
        try:
            user = actions.sign_in(**form.cleaned_data, address=_address(request), at=clock.now())
        except MingjiError as error:
            form.add_error(None, localized(error.message))
            status = 429 if isinstance(error, NotAllowedNow) else 422
        else:
            auth.login(request, user)
            return redirect(_next(request))
    context = {
        "form": form,
        "personas": personas(clock.today()) if settings.MINGJI_DEMO else [],
        "next": _next(request),
    }
    return render(request, "people/sign_in.html", context, status=status)


@login_not_required
@require_POST
def sign_in_as(request: HttpRequest) -> HttpResponse:
    user = actions.sign_in_as(request.POST.get("member", ""), at=clock.now())
    auth.login(request, user, backend=settings.AUTHENTICATION_BACKENDS[0])
    return redirect(_next(request))


@login_not_required
@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    auth.logout(request)
    return redirect(settings.LOGOUT_REDIRECT_URL)


@login_not_required
@require_POST
def preferences(request: HttpRequest) -> HttpResponse:
    given = {name: request.POST.get(name) for name in (*_LOOKS, "reminders")}
    wanted = actions.checked_preferences(**given)
    viewer = getattr(request, "viewer", None)
    if viewer:
        actions.set_preferences(viewer, **given, at=clock.now())
    response = redirect(_next(request))
    for name in [name for name in _LOOKS if name in wanted]:
        cookie = settings.LANGUAGE_COOKIE_NAME if name == "language" else name
        response.set_cookie(
            cookie,
            wanted[name],
            max_age=_A_YEAR,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    return response


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def tokens(request: SignedInRequest) -> HttpResponse:
    """The viewer's API tokens, and a form for a new one. The secret is in this answer only."""
    today = clock.today()
    form = TokenForm(today, request.POST if request.method == "POST" else None)
    made = _made(request, form)
    context = {
        "form": TokenForm(today) if made else form,
        "made": made,
        "tokens": [(each, each.works_on(today)) for each in queries.tokens_of(request.viewer)],
        "address": request.build_absolute_uri(reverse("api:people.me")),
    }
    status = 422 if form.is_bound and not made else 200
    return render(request, "people/tokens.html", context, status=status)


def _made(request: SignedInRequest, form: TokenForm) -> actions.NewToken | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        return actions.create_token(
            request.viewer,
            name=given["name"],
            writes=given["access"] == "write",
            expires_on=given["expires_on"],
            at=clock.now(),
        )
    except Invalid as error:
        form.refuse(error)
        return None


@require_POST
def token_revoke(request: SignedInRequest, token_id: int) -> HttpResponse:
    actions.revoke_token(request.viewer, token_id, at=clock.now())
    messages.success(request, _("The token is revoked. Whoever has it can do nothing with it now."))
    return redirect("people:tokens")


@require_safe
def directory(request: SignedInRequest) -> HttpResponse:
    search = request.GET.get("q", "")
    page = directory_page(request.viewer, search, request.GET.get("after", ""))
    here = reverse("people:directory")
    query = {"q": search} if search else {}
    context = {
        "page": page,
        "search": search,
        "next_url": f"{here}?{urlencode(query | {'after': page.next})}" if page.next else "",
        "first_url": f"{here}?{urlencode(query)}" if request.GET.get("after") else "",
    }
    return render(request, "people/directory.html", context)


@require_safe
def member(request: SignedInRequest, code: str) -> HttpResponse:
    context = {"profile": profile_for(request.viewer, code)}
    return render(request, "people/member.html", context)


def _next(request: HttpRequest) -> str:
    """Where the form wants to go on, if that is on this site; otherwise home."""
    wanted = request.POST.get("next") or request.GET.get("next") or ""
    here = {request.get_host()}
    if url_has_allowed_host_and_scheme(wanted, here, require_https=request.is_secure()):
        return wanted
    return resolve_url(settings.LOGIN_REDIRECT_URL)


def _address(request: HttpRequest) -> str:
    return str(request.META.get("REMOTE_ADDR", ""))[:45]
