"""Disputes and corrections, page by page, as people go through them."""

from __future__ import annotations

import pytest
from django.test import Client

import builders
from integration.metrics.dispute_builders import PERIOD, a_correction, a_dispute, another_analyst

NUMBER = f"/metrics/leads_created/{PERIOD}/"
OF_SUBJECT = "?member=subject"


def signed_in(member) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(builders.a_login(member))
    return client


def text(answer) -> str:
    return answer.content.decode()


def test_a_number_offers_to_be_disputed_to_whom_it_is_about_only(refreshed):
    why, offer = f"{NUMBER}why/{OF_SUBJECT}", "Dispute this number"

    assert offer in text(signed_in(refreshed.subject).get(why))
    assert offer in text(signed_in(refreshed.manager).get(why))
    assert offer not in text(signed_in(refreshed.hr_partner).get(why))
    assert offer not in text(signed_in(refreshed.subject).get(f"{NUMBER}why/?team=growth"))


def test_from_the_row_to_the_settled_dispute(refreshed):
    subject, analyst = signed_in(refreshed.subject), signed_in(refreshed.analyst)
    second = signed_in(another_analyst())
    link = f"{NUMBER}dispute/{OF_SUBJECT}&amp;table=leads&amp;key=L3"
    assert link in text(subject.get(f"{NUMBER}rows/{OF_SUBJECT}"))

    raised = subject.post(
        link.replace("&amp;", "&"),
        {"ground": "wrong_date", "text": "L3 came on 1 July, see the mail."},
    )
    assert raised.url in text(analyst.get("/metrics/data/corrections/"))
    number = raised.url.split("/")[-2]
    form = f"/metrics/data/corrections/new/?dispute={number}&table=leads&key=L3&kind=change"
    cells = {"cell-created_on": "2026-05-01", "cell-owner": "subject", "cell-channel": "events"}
    page = text(analyst.get(form))
    assert 'value="2026-09-01"' in page
    proposed = analyst.post(form, {**cells, "reason": "The mail is dated 1 May."})
    second.post(f"{proposed.url}decide/", {"decision": "approve"})
    analyst.post("/metrics/data/refresh/")

    answer = text(subject.get(raised.url))
    assert "The mail is dated 1 May." in answer
    assert "Accept the answer" in answer
    reasons = text(subject.get(f"{NUMBER}why/{OF_SUBJECT}"))
    assert proposed.url in reasons
    assert "Approved by" in reasons
    subject.post(f"{raised.url}next/", {"step": "settle"})
    assert "settled" in text(subject.get(raised.url))


def test_a_form_without_words_comes_back_with_what_to_mend(refreshed):
    answer = signed_in(refreshed.subject).post(f"{NUMBER}dispute/{OF_SUBJECT}", {"text": ""})

    assert answer.status_code == 422
    assert "error" in text(answer)


def test_a_correction_that_does_not_fit_comes_back_beside_its_column(refreshed):
    form = "/metrics/data/corrections/new/?table=leads&key=L3&kind=change"
    cells = {"cell-created_on": "soon", "cell-owner": "subject"}
    answer = signed_in(refreshed.analyst).post(form, {**cells, "reason": "x"})

    assert answer.status_code == 422
    assert "cannot be “soon”" in text(answer)


@pytest.mark.parametrize("kind", ["change", "exclude"])
def test_a_row_that_is_not_there_is_asked_for_again(refreshed, kind):
    address = f"/metrics/data/corrections/new/?table=leads&key=L404&kind={kind}"
    answer = signed_in(refreshed.analyst).get(address)

    assert answer.status_code == 422
    assert "no row with this key" in text(answer)


def test_a_row_is_excluded_and_another_added_through_the_form(refreshed):
    from mingji.metrics.models import Correction

    analyst, new = signed_in(refreshed.analyst), "/metrics/data/corrections/new/?table=leads"
    analyst.post(f"{new}&key=L4&kind=exclude", {"reason": "A test lead."})
    row = {"cell-created_on": "2026-09-20", "cell-owner": "peer", "evidence": "Badge scan."}
    analyst.post(f"{new}&key=L99&kind=add", {**row, "reason": "Forgotten at the fair."})

    assert [(each.kind, each.key) for each in Correction.objects.order_by("pk")] == [
        ("exclude", ["L4"]),
        ("add", ["L99"]),
    ]


def test_the_own_correction_cannot_be_approved_and_the_page_says_so(refreshed):
    correction = a_correction(refreshed.analyst)
    page = text(signed_in(refreshed.analyst).get(f"/metrics/data/corrections/{correction.pk}/"))

    assert "Nobody approves their own correction" in page
    assert 'value="approve"' not in page


def test_a_peer_sees_no_sign_of_a_dispute_anywhere(refreshed):
    dispute = a_dispute(refreshed.subject)
    peer = signed_in(refreshed.peer)
    pages = [f"{NUMBER}why/?team=growth", f"{NUMBER}rows/?team=growth", "/metrics/disputes/"]

    assert peer.get(f"/metrics/disputes/{dispute.pk}/").status_code == 404
    assert all(f"№{dispute.pk}" not in text(peer.get(page)) for page in pages)


def test_a_correction_from_the_rows_keeps_the_dispute_it_answers(refreshed):
    dispute = a_dispute(refreshed.subject)
    analyst = signed_in(refreshed.analyst)
    page = text(analyst.get(f"/metrics/disputes/{dispute.pk}/"))
    rows = f"{NUMBER}rows/{OF_SUBJECT}&amp;dispute={dispute.pk}"

    assert rows in page
    assert f"dispute={dispute.pk}&amp;key=L1" in text(analyst.get(rows.replace("&amp;", "&")))
