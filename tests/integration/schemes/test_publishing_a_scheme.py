"""Put a version of a scheme in force: works, not yours, bad input, nothing half written."""

from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

import builders
from mingji.audit import trail
from mingji.audit.models import AuditRecord
from mingji.rules.errors import Invalid, NotAllowed
from mingji.schemes import actions, queries
from mingji.schemes.document import find
from mingji.schemes.models import SchemeVersion

pytestmark = pytest.mark.django_db
MINIMAL = find("minimal").read_text(encoding="utf-8")
CHANGED = MINIMAL.replace("target_growth: 5", "target_growth: 8")
BROKEN = MINIMAL.replace("weight: 50", "weights: 50")


def test_versions_count_up_and_the_old_ones_stay():
    first = actions.publish("system", MINIMAL, at=builders.NOW)
    second = actions.publish("system", CHANGED, at=builders.NOW)

    assert (first.number, second.number) == (1, 2)
    assert SchemeVersion.objects.get(pk=first.pk).document == MINIMAL
    lines = [(line.pk, line.number, line.latest) for line in queries.versions()]
    assert lines == [(second.pk, 2, True), (first.pk, 1, False)]
    assert queries.scheme_of(first.pk) != queries.scheme_of(second.pk)


def test_publishing_leaves_a_record_with_the_digest():
    company = builders.a_company()
    viewer = builders.a_viewer(company.company_hr_partner)

    version = actions.publish(viewer, MINIMAL, at=builders.NOW)

    record = AuditRecord.objects.get(action="publish_scheme")
    assert (record.actor, record.object_id) == ("hr-company", str(version.pk))
    assert record.evidence == {"code": "minimal", "number": 1, "digest": version.digest}
    assert trail.first_break() is None


@pytest.mark.parametrize("role", ["director", "company_hr_partner"])
def test_the_hr_partner_of_the_whole_company_and_the_director_may(role):
    viewer = builders.a_viewer(getattr(builders.a_company(), role))

    assert actions.publish(viewer, MINIMAL, at=builders.NOW).number == 1


@pytest.mark.parametrize("role", ["subject", "peer", "manager", "analyst", "hr_partner"])
def test_others_may_not_and_nothing_is_written(role):
    viewer = builders.a_viewer(getattr(builders.a_company(), role))

    with pytest.raises(NotAllowed):
        actions.publish(viewer, MINIMAL, at=builders.NOW)

    assert not SchemeVersion.objects.exists()


def test_a_broken_document_is_refused_whole():
    with pytest.raises(Invalid) as refused:
        actions.publish("system", BROKEN, at=builders.NOW)

    assert [each.code for each in refused.value.findings] == ["unknown_key"]
    assert not SchemeVersion.objects.exists()
    assert not AuditRecord.objects.filter(action="publish_scheme").exists()


def test_the_same_text_again_makes_no_version():
    actions.publish("system", MINIMAL, at=builders.NOW)

    with pytest.raises(Invalid, match="word for word"):
        actions.publish("system", MINIMAL.replace("\n", "\r\n"), at=builders.NOW)

    assert SchemeVersion.objects.count() == 1


def test_an_id_that_cannot_be_a_code_is_refused():
    with pytest.raises(Invalid) as refused:
        actions.publish("system", MINIMAL.replace("id: minimal", "id: 最小"), at=builders.NOW)

    assert refused.value.findings[0].place.path == "id"


def test_the_form_publishes_a_pasted_document(client_of):
    client = client_of(builders.a_company().company_hr_partner)

    answer = client.post(reverse("schemes:publish"), {"document": MINIMAL}, follow=True)

    assert answer.redirect_chain[0][0] == reverse(
        "schemes:version", args=[SchemeVersion.objects.get().pk]
    )
    assert answer.status_code == 200


def test_the_form_publishes_a_file(client_of):
    client = client_of(builders.a_company().company_hr_partner)
    file = SimpleUploadedFile("mine.yaml", MINIMAL.encode())

    assert client.post(reverse("schemes:publish"), {"file": file}).status_code == 302
    assert SchemeVersion.objects.get().document == MINIMAL


def test_a_refused_document_comes_back_with_line_and_remedy(client_of):
    client = client_of(builders.a_company().company_hr_partner)
    file = SimpleUploadedFile("mine.yaml", BROKEN.encode())

    answer = client.post(
        reverse("schemes:publish"), {"file": file}, headers={"accept-language": "en"}
    )

    page = answer.content.decode()
    assert answer.status_code == 422
    line = BROKEN[: BROKEN.index("weights")].count("\n") + 1
    assert f"scheme.yaml:{line}:9" in page
    assert "weights: 50" in page  # the text is kept, to be mended


def test_an_empty_form_says_what_is_missing(client_of):
    client = client_of(builders.a_company().company_hr_partner)

    assert client.post(reverse("schemes:publish"), {}).status_code == 422


def test_a_page_for_those_who_may_not_is_refused(client_of):
    client = client_of(builders.a_company().manager)

    assert client.get(reverse("schemes:publish")).status_code == 403
    assert client.post(reverse("schemes:publish"), {"document": MINIMAL}).status_code == 403
