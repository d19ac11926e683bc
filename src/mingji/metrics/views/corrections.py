"""The pages of corrections: the inbox, proposing one, deciding one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from mingji.engine.model import Table
from mingji.kit import clock
from mingji.metrics import actions, policy, queries
from mingji.metrics.forms import ChooseRowForm, CorrectionForm, DecisionForm
from mingji.metrics.queries import CorrectionKind
from mingji.metrics.views.download import download
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid

if TYPE_CHECKING:
    from mingji.metrics.models import Dispute

_SEPARATOR = " / "


@require_GET
def inbox(request: SignedInRequest) -> HttpResponse:
    """Disputes that wait for an answer, corrections that wait for a second person."""
    after = request.GET.get("after", "")
    page = queries.inbox(request.viewer, after)
    here = reverse("metrics:inbox")
    following = page.disputes.next
    context = {
        "page": page,
        "typed": queries.typed_metrics(request.viewer),
        "next_url": f"{here}?{urlencode({'after': following})}" if following else "",
        "first_url": here if after else "",
    }
    return render(request, "metrics/inbox.html", context)


@require_http_methods(["GET", "POST"])
def correct(request: SignedInRequest) -> HttpResponse:
    """Choose a row (GET), then say what is different about it (`?table=…&key=…&kind=…`)."""
    dispute = _disputed(request)
    policy.may_correct(request.viewer, dispute).require()
    known = queries.correctable_tables(request.viewer, dispute)
    tables = {name: each for name, each in known.items() if each.key}
    keys = request.GET.getlist("key")
    chosen = ChooseRowForm(
        tables, {**request.GET.dict(), "key": _SEPARATOR.join(keys)} if keys else None
    )
    if not keys:
        kind = request.GET.get("kind", CorrectionKind.CHANGE)
        first = {"dispute": request.GET.get("dispute", ""), "kind": kind}
        chosen = ChooseRowForm(tables, initial={**first, "table": request.GET.get("table", "")})
    elif "kind" not in request.GET:
        given = {**request.GET.dict(), "key": _SEPARATOR.join(keys)}
        chosen = ChooseRowForm(tables, initial={"kind": CorrectionKind.CHANGE, **given})
    if not chosen.is_valid():
        return _choose(request, chosen)
    return _propose(request, chosen, tables[chosen.cleaned_data["table"]])


def _disputed(request: SignedInRequest) -> Dispute | None:
    """The dispute that the correction is to answer (`?dispute=…`)."""
    asked = request.GET.get("dispute", "")
    return queries.dispute_for(request.viewer, int(asked)) if asked.isdecimal() else None


def _choose(request: SignedInRequest, form: ChooseRowForm) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, "metrics/correct_row.html", {"form": form}, status=status)


def _propose(request: SignedInRequest, chosen: ChooseRowForm, table: Table) -> HttpResponse:
    given = chosen.cleaned_data
    keys = request.GET.getlist("key")
    key = tuple(keys if len(keys) == len(table.key) else given["key"].split(_SEPARATOR))
    kind = given["kind"]
    row = queries.row_as_it_stands(table, key)
    if (row is None) != (kind == CorrectionKind.ADD):
        words = (
            _("There is no row with this key. Check it, or add it as a missing row.")
            if row is None
            else _("There is a row with this key already. Change that one.")
        )
        chosen.add_error("key", words)
        return _choose(request, chosen)
    form = _filled(request, table, kind, row or {})
    if request.method == "POST" and form.is_valid():
        made = _proposed(request, form, table, kind, key, given["dispute"])
        if made:
            messages.success(request, _("Proposed. It counts once a second person approves it."))
            return redirect("metrics:correction", made)
    context = {
        "form": form,
        "table": table,
        "kind": kind,
        "key": queries.named_key(table.name, key),
        "row": [
            (column.label, (row or {}).get(name, "")) for name, column in table.columns.items()
        ],
        "dispute_id": given["dispute"],
    }
    return render(request, "metrics/correct.html", context, status=422 if form.errors else 200)


def _filled(
    request: SignedInRequest, table: Table, kind: str, row: Mapping[str, str]
) -> CorrectionForm:
    free = {name: each for name, each in table.columns.items() if name not in table.key}
    columns = {} if kind == CorrectionKind.EXCLUDE else free
    initial = {f"cell-{name}": row.get(name, "") for name in columns}
    posted = (request.POST, request.FILES) if request.method == "POST" else ()
    return CorrectionForm(columns, *posted, initial=initial)


def _proposed(
    request: SignedInRequest,
    form: CorrectionForm,
    table: Table,
    kind: str,
    key: tuple[str, ...],
    dispute_id: int | None,
) -> int | None:
    given = form.cleaned_data
    values = form.values()
    if kind == CorrectionKind.ADD:
        values = {name: text for name, text in values.items() if text}
    proposal = actions.Proposal(
        table=table.name,
        kind=kind,
        key=key,
        values=values,
        reason=given["reason"],
        evidence=given["evidence"],
        evidence_link=given["evidence_link"],
        file=given["file"],
        dispute_id=dispute_id,
    )
    try:
        return actions.propose_correction(request.viewer, proposal, at=clock.now()).pk
    except Invalid as error:
        form.refuse(error)
        return None


@require_GET
def correction(request: SignedInRequest, number: int) -> HttpResponse:
    """One correction: the row before and after, who proposed it, who decided."""
    return _page(request, number)


@require_POST
def decide(request: SignedInRequest, number: int) -> HttpResponse:
    """Approve or reject a correction."""
    approve = request.POST.get("decision") == "approve"
    form = DecisionForm(request.POST)
    if form.is_valid():
        words = form.cleaned_data["words"]
        try:
            actions.decide_correction(
                request.viewer, number, approve=approve, words=words, at=clock.now()
            )
        except Invalid as error:
            form.refuse(error)
        else:
            told = _("Approved. The next refresh counts it.") if approve else _("Rejected.")
            messages.success(request, told)
            return redirect("metrics:correction", number)
    return _page(request, number, form, status=422)


@require_GET
def evidence(request: SignedInRequest, number: int) -> HttpResponse:
    """The file that proves a correction or a typed-in value."""
    return download(queries.correction_evidence(request.viewer, number))


def _page(
    request: SignedInRequest, number: int, form: DecisionForm | None = None, status: int = 200
) -> HttpResponse:
    context = {
        "page": queries.correction_page(request.viewer, number),
        "form": form or DecisionForm(),
        "may_see_inbox": bool(policy.may_see_inbox(request.viewer)),
    }
    return render(request, "metrics/correction.html", context, status=status)
