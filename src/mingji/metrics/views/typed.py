"""The pages of values that no system holds: the list of a metric, and typing one in."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from mingji.kit import clock
from mingji.metrics import actions, policy, queries
from mingji.metrics.forms_typed import TypeInForm
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid, NotAllowed


@require_GET
def typed(request: SignedInRequest, metric: str) -> HttpResponse:
    """What was typed in for a metric, by whom, on what evidence, and where it stands."""
    after = request.GET.get("after", "")
    page = queries.typed_page(request.viewer, metric, after)
    here = reverse("metrics:typed", args=(metric,))
    context = {
        "page": page,
        "may_see_inbox": bool(policy.may_see_inbox(request.viewer)),
        "next_url": f"{here}?{urlencode({'after': page.next})}" if page.next else "",
        "first_url": here if after else "",
    }
    return render(request, "metrics/typed.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def type_in(request: SignedInRequest, metric: str) -> HttpResponse:
    """Type in a value (`?period=…&team=…|member=…&dispute=…` fill the form)."""
    found = queries.typed_metric(metric)
    policy.may_keep_metric(request.viewer, metric).require()
    periods = queries.typing_periods(clock.today())
    choices = (found, periods, queries.teams_to_choose())
    if request.method == "POST":
        form = TypeInForm(*choices, request.POST, request.FILES)
        if form.is_valid() and _typed_in(request, form):
            messages.success(request, _("Typed in. It counts once a second person approves it."))
            return redirect("metrics:typed", metric)
    else:
        form = TypeInForm(*choices, initial=TypeInForm.asked(request.GET))
    context = {"form": form, "metric": found}
    return render(request, "metrics/type_in.html", context, status=422 if form.errors else 200)


def _typed_in(request: SignedInRequest, form: TypeInForm) -> bool:
    given = form.cleaned_data
    try:
        actions.type_in(
            request.viewer,
            actions.TypedValue(
                metric=form.metric.id,
                period=given["period"],
                level=given["level"],
                who=form.who(lambda words: queries.member_code(request.viewer, words)),
                value=form.value(),
                note=given["note"],
                evidence=given["evidence"],
                evidence_link=given["evidence_link"],
                file=given["file"],
                dispute_id=given["dispute"],
            ),
            at=clock.now(),
        )
    except Invalid as error:
        form.refuse(error)
    except NotAllowed as error:
        if error.code != "own_value":
            raise
        form.refuse(Invalid(error.message, code=error.code))
    return form.is_valid()
