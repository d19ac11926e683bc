"""The pages of disputes: raise one, follow it, answer it."""

from __future__ import annotations

from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingji.engine.typed import TYPED
from mingji.kit import clock
from mingji.kit.i18n import localized
from mingji.metrics import actions, policy, queries
from mingji.metrics.forms import DisputeForm, ReasonForm, ReopenForm
from mingji.metrics.queries import DisputePage, DisputeStatus
from mingji.metrics.views.download import download
from mingji.metrics.views.slices import asked_slice
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid

STEPS: dict[str, actions.FollowUp] = {
    "settle": "settle",
    "reopen": "reopen",
    "withdraw": "withdraw",
}


@require_http_methods(["GET", "POST"])
def dispute(request: SignedInRequest, metric: str, period: str) -> HttpResponse:
    """Say what is wrong with one number, or with one row behind it (`?table=…&key=…`)."""
    asked = asked_slice(request, metric, period)
    seen = queries.observation_for(request.viewer, asked)
    queries.disputed_by(request.viewer, asked)
    table, key = request.GET.get("table", ""), tuple(request.GET.getlist("key"))
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    form = DisputeForm(*posted)
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        said = actions.Complaint(
            given["ground"], given["text"], table=table, row=key, file=given["file"]
        )
        try:
            raised = actions.raise_dispute(request.viewer, asked, said, at=clock.now())
        except Invalid as error:
            form.refuse(error)
        else:
            owner = queries.data_owner(raised.metric)
            told = (
                _("Your dispute is with %(name)s, the data owner, now.")
                % {"name": localized(owner.name)}
                if owner
                else _("Your dispute is with the data analyst now.")
            )
            messages.success(request, told)
            return redirect("metrics:dispute_page", raised.pk)
    context = {
        "form": form,
        "seen": seen,
        "slice": asked,
        "row": queries.named_key(table, key),
        "why": asked.url("why"),
        "of_other": bool(asked.member) and asked.member != request.viewer.code,
    }
    return render(request, "metrics/dispute_new.html", context, status=422 if form.errors else 200)


@require_GET
def disputes(request: SignedInRequest) -> HttpResponse:
    """Disputes of one's own numbers and of those in one's reach; the analyst has an inbox."""
    after = request.GET.get("after", "")
    viewer = request.viewer
    found = queries.my_disputes if viewer.analyst else queries.disputes_in_reach
    page = found(viewer, after)
    here = reverse("metrics:disputes")
    context = {
        "page": page,
        "may_see_inbox": bool(policy.may_open_inbox(viewer)),
        "next_url": f"{here}?{urlencode({'after': page.next})}" if page.next else "",
        "first_url": here if after else "",
    }
    return render(request, "metrics/disputes.html", context)


@require_GET
def dispute_page(request: SignedInRequest, dispute_id: int) -> HttpResponse:
    """One dispute with everything that was said and done about it."""
    return _page(request, dispute_id)


@require_GET
def evidence(request: SignedInRequest, dispute_id: int) -> HttpResponse:
    """The file that was put beside a dispute."""
    return download(queries.dispute_evidence(request.viewer, dispute_id))


@require_POST
def reason(request: SignedInRequest, dispute_id: int) -> HttpResponse:
    """Answer with a reason."""
    form = ReasonForm(request.POST)
    found = queries.dispute_for(request.viewer, dispute_id)
    if form.is_valid():
        words = form.cleaned_data["reason"]
        actions.answer_with_reason(request.viewer, dispute_id, words, at=clock.now())
        messages.success(request, _("Answered. The member sees your reason."))
        return redirect("metrics:dispute_page", dispute_id)
    policy.may_answer(request.viewer, found).require()
    return _page(request, dispute_id, reason_form=form, status=422)


@require_POST
def follow_up(request: SignedInRequest, dispute_id: int) -> HttpResponse:
    """Accept the answer, reopen, or withdraw."""
    step = request.POST.get("step", "")
    found = queries.dispute_for(request.viewer, dispute_id)
    policy.may_follow_up(request.viewer, found).require()
    form = ReopenForm(request.POST)
    if step not in STEPS or (step == "reopen" and not form.is_valid()):
        return _page(request, dispute_id, reopen_form=form, status=422)
    words = form.cleaned_data["text"] if step == "reopen" else ""
    actions.follow_up(request.viewer, dispute_id, STEPS[step], text=words, at=clock.now())
    messages.success(request, _told()[step])
    return redirect("metrics:dispute_page", dispute_id)


def _told() -> dict[str, str]:
    return {
        "settle": _("Settled. The answer stays on this page."),
        "reopen": _("Reopened. It waits for another answer."),
        "withdraw": _("Withdrawn."),
    }


def _page(
    request: SignedInRequest,
    dispute_id: int,
    *,
    reason_form: ReasonForm | None = None,
    reopen_form: ReopenForm | None = None,
    status: int = 200,
) -> HttpResponse:
    page = queries.dispute_page(request.viewer, dispute_id)
    found = page.dispute
    may_reopen = page.may_follow_up and found.status == DisputeStatus.ANSWERED
    context = {
        "page": page,
        "dispute": found,
        "title": queries.title_of(page),
        "rows_url": page.slice.url("rows", dispute=str(found.pk)) if page.metric.table else "",
        "correct_url": _correct_url(page),
        "owner": queries.data_owner(found.metric),
        "answering": page.may_answer and found.status == DisputeStatus.OPEN,
        "deciding": may_reopen,
        "reopening": may_reopen and not found.reopened_at,
        "withdrawing": page.may_follow_up and found.status == DisputeStatus.OPEN,
        "reason_form": reason_form or ReasonForm(),
        "reopen_form": reopen_form or ReopenForm(),
    }
    return render(request, "metrics/dispute.html", context, status=status)


def _correct_url(page: DisputePage) -> str:
    """Where the number is mended: in its row, or, if it is typed in, by typing it in anew."""
    found = page.dispute
    if page.metric.table == TYPED:
        whose = {"team": found.team.code} if found.team else {"member": found.member.code}
        asked = {"dispute": found.pk, "period": found.period, **whose}
        return f"{reverse('metrics:type_in', args=(page.metric.id,))}?{urlencode(asked)}"
    return f"{reverse('metrics:correct')}?{_row_query(page)}"


def _row_query(page: DisputePage) -> str:
    found = page.dispute
    asked = {"dispute": found.pk, "table": found.table, "key": found.row}
    return urlencode({name: value for name, value in asked.items() if value}, doseq=True)
