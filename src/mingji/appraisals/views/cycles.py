"""Pages on which an HR partner runs a cycle, and everybody sees where it stands."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingji.appraisals import actions, policy, queries
from mingji.appraisals.forms import CycleForm, ReasonForm
from mingji.audit import queries as audit
from mingji.kit import clock
from mingji.kit.i18n import localized
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid
from mingji.schemes import queries as schemes


@require_GET
def cycles(request: SignedInRequest) -> HttpResponse:
    """Every appraisal cycle."""
    context = {
        "cycles": queries.cycles(),
        "may_run": policy.may_run_cycles(request.viewer),
    }
    return render(request, "appraisals/cycles.html", context)


@require_GET
def cycle(request: SignedInRequest, code: str) -> HttpResponse:
    """One cycle: how many stand where, who, and what an HR partner can do next."""
    return _cycle_page(request, code, ReasonForm())


def _cycle_page(
    request: SignedInRequest, code: str, form: ReasonForm, status: int = 200
) -> HttpResponse:
    found = queries.cycle_for(code)
    counts = queries.stage_counts(request.viewer, found)
    may_run = policy.may_run_cycles(request.viewer)
    after = request.GET.get("after", "")
    page = queries.cycle_page(request.viewer, found, after)
    context = {
        "cycle": found,
        "released_by": queries.released_by(found),
        "page": page,
        "first_url": request.path if after else "",
        "next_url": f"?{urlencode({'after': page.next})}" if page.next else "",
        "counts": [(stage, stage.label, count) for stage, count in counts.items()],
        "stages": {str(stage): count for stage, count in counts.items()},
        "may_run": may_run,
        "disputes": queries.open_disputes(found, request.viewer)
        if may_run and not found.released_at
        else (),
        "disputes_block": may_run
        and schemes.scheme_of(found.scheme_version_id).release.open_disputes == "block",
        "history": audit.history("cycle", code) if may_run else (),
        "form": form,
        "today": clock.today(),
    }
    return render(request, "appraisals/cycle.html", context, status=status)


@require_http_methods(["GET", "POST"])
def open_cycle(request: SignedInRequest) -> HttpResponse:
    """The form of a new cycle."""
    policy.may_run_cycles(request.viewer).require()
    versions = [
        (version.pk, f"{localized(version.title)} v{version.number}")
        for version in schemes.versions()
    ]
    form = CycleForm(versions, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            opened = actions.open_cycle(request.viewer, form.plan(), at=clock.now())
        except Invalid as error:
            form.add_error(None, localized(error.message))
        else:
            messages.success(request, _("The cycle is open."))
            return redirect("appraisals:cycle", opened.code)
    status = 422 if form.errors else 200
    context = {"form": form, "has_scheme": bool(versions)}
    return render(request, "appraisals/open.html", context, status=status)


@require_POST
def end_self_review(request: SignedInRequest, code: str) -> HttpResponse:
    """Let the reviewers go on without the missing self-reviews."""
    policy.may_run_cycles(request.viewer).require()
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _cycle_page(request, code, form, status=422)
    ended = actions.end_self_review(
        request.viewer, code, reason=form.cleaned_data["reason"], at=clock.now()
    )
    text = ngettext("%(n)d self-review ended.", "%(n)d self-reviews ended.", ended)
    messages.success(request, text % {"n": ended})
    return redirect("appraisals:cycle", code)


@require_POST
def compute(request: SignedInRequest, code: str) -> HttpResponse:
    """Score what is ready."""
    count = actions.compute(request.viewer, code, at=clock.now())
    text = ngettext("%(n)d result computed.", "%(n)d results computed.", count)
    messages.success(request, text % {"n": count})
    return redirect("appraisals:cycle", code)


@require_POST
def release(request: SignedInRequest, code: str) -> HttpResponse:
    """Show the results to the members."""
    count = actions.release(request.viewer, code, at=clock.now())
    text = ngettext("%(n)d result released.", "%(n)d results released.", count)
    messages.success(request, text % {"n": count})
    return redirect("appraisals:cycle", code)
