"""The review form: item by item, described levels, what is known beside it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from mingji.appraisals import actions, queries
from mingji.appraisals.forms import ReviewForm
from mingji.appraisals.review_page import ReviewPage, review_page
from mingji.kit import clock
from mingji.kit.i18n import localized
from mingji.people.http import SignedInRequest
from mingji.rules.errors import Invalid, NotAllowedNow


@require_http_methods(["GET", "POST"])
def review(request: SignedInRequest, appraisal_id: int) -> HttpResponse:
    """Show the form of the review that is due; keep it, or hand it in."""
    try:
        appraisal = queries.appraisal_for(request.viewer, appraisal_id, to="review")
    except NotAllowedNow as error:
        if request.method == "POST":
            raise
        messages.info(request, localized(error.message))
        return redirect("appraisals:scorecard", appraisal_id)
    page = review_page(request.viewer, appraisal)
    if request.method != "POST":
        form = ReviewForm(page.rated, initial=page.initial)
        return _show(request, page, form, seen=page.wording)
    seen = request.POST.get("seen")
    form = ReviewForm(page.rated, request.POST)
    submit = "submit" in request.POST
    if form.is_valid():
        try:
            actions.save_review(
                request.viewer,
                appraisal_id,
                form.answers(),
                comment=form.cleaned_data["comment"],
                submit=submit,
                seen=seen,
                at=clock.now(),
            )
        except Invalid as error:
            form.refuse(error)
            if error.code == actions.CONFLICT:
                seen = page.wording
        else:
            messages.success(request, _("Handed in.") if submit else _("Saved. Not handed in yet."))
            address = "appraisals:scorecard" if submit else "appraisals:review"
            return redirect(address, appraisal_id)
    return _show(request, page, form, seen=seen or "", status=422)


def _show(
    request: SignedInRequest, page: ReviewPage, form: ReviewForm, *, seen: str, status: int = 200
) -> HttpResponse:
    context = {"page": page, "form": form, "questions": page.questions(form), "seen": seen}
    return render(request, "appraisals/review.html", context, status=status)
