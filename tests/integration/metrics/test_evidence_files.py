"""A file proves a typed-in value, a correction or a dispute: kept whole, and for few to read."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest
from click.testing import CliRunner
from django.core.files.uploadedfile import SimpleUploadedFile

import builders
from integration.metrics.dispute_builders import a_correction, approved
from integration.metrics.test_dispute_pages import signed_in, text
from integration.metrics.test_typed import FORM, PAGE, typed
from mingji.rules.errors import Invalid, NotFound

PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n%%EOF\n"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(40)
GIVEN = {"period": "2026Q3", "level": "team", "team": "growth", "number": "62.5"}


@pytest.fixture(autouse=True)
def _folder(settings, tmp_path):
    """A folder of evidence of its own."""
    settings.MINGJI_EVIDENCE = tmp_path / "evidence"


def a_file(name="report.pdf", content=PDF):
    from mingji.metrics import actions

    return actions.EvidenceUpload(name, content)


def an_office_file(*parts):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for part in ("[Content_Types].xml", *parts):
            archive.writestr(part, "<x/>")
    return packed.getvalue()


def kept():
    """The files that lie in the folder of evidence."""
    from django.conf import settings

    return [each for each in Path(settings.MINGJI_EVIDENCE).glob("**/*") if each.is_file()]


def file_page(correction):
    return f"/metrics/data/corrections/{correction.pk}/file/"


def test_a_value_is_typed_in_with_a_file_and_the_second_person_opens_it(refreshed):
    analyst, partner = signed_in(refreshed.analyst), signed_in(refreshed.company_hr_partner)
    upload = SimpleUploadedFile("三季度 品牌调研.pdf", PDF, content_type="text/html")

    page = text(analyst.post(FORM, {**GIVEN, "file": upload}, follow=True))
    assert "三季度_品牌调研.pdf" in page
    link = next(part for part in page.split('"') if part.endswith("/file/"))
    answer = partner.get(link)

    assert answer.content == PDF
    assert answer["Content-Type"] == "application/pdf"
    assert answer["Content-Disposition"].startswith("attachment; filename*=utf-8''%E4%B8%89")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert "no-store" in answer["Cache-Control"]
    assert link in text(partner.get(link.removesuffix("file/")))


def test_the_reasons_of_the_number_name_the_file(refreshed):
    from integration.metrics.test_typed import refresh
    from mingji.metrics import queries

    approved(typed(refreshed.analyst, evidence="", file=a_file()), refreshed.company_hr_partner)
    refresh()
    seen = queries.observation_for(
        builders.a_viewer(refreshed.peer), queries.Slice("brand_index", "2026Q3", team="growth")
    )

    named = next(source for source in seen.node.sources if source.kind == "correction")
    assert named.origin == ("report.pdf",)


def test_a_file_is_for_those_who_may_see_the_value(refreshed):
    one = {"level": "member", "who": "subject", "value": "4"}
    waiting = typed(refreshed.analyst, **one, file=a_file())

    for who in ("subject", "manager", "analyst", "company_hr_partner"):
        assert signed_in(getattr(refreshed, who)).get(file_page(waiting)).status_code == 200
    assert signed_in(refreshed.peer).get(file_page(waiting)).status_code == 404


def test_a_correction_without_a_file_has_none_to_hand_out(refreshed):
    assert (
        signed_in(refreshed.analyst).get(file_page(a_correction(refreshed.analyst))).status_code
        == 404
    )


def test_a_correction_is_proposed_with_a_file(refreshed):
    analyst = signed_in(refreshed.analyst)
    row = "/metrics/data/corrections/new/?table=leads&key=L5&kind=exclude"
    asked = {"reason": "A test of the form.", "file": SimpleUploadedFile("mail.png", PNG)}

    page = text(analyst.post(row, asked, follow=True))

    assert "mail.png" in page
    assert "/file/" in page


def test_a_dispute_is_raised_with_a_file_for_those_who_know_of_it(refreshed):
    from mingji.metrics.models import Dispute

    asked = {
        "ground": "missing_row",
        "text": "The export of the live stream has it.",
        "file": SimpleUploadedFile("live.csv", "场次,人数\n1,20\n".encode("gb18030")),
    }
    number = "/metrics/leads_created/2026Q3/dispute/?member=subject"
    page = text(signed_in(refreshed.subject).post(number, asked, follow=True))
    link = f"/metrics/disputes/{Dispute.objects.get().pk}/file/"

    assert link in page
    assert signed_in(refreshed.analyst).get(link).content.startswith("场次".encode("gb18030"))
    assert signed_in(refreshed.manager).get(link).status_code == 200
    assert signed_in(refreshed.peer).get(link).status_code == 404


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.pdf", PDF),
        ("a.PNG", PNG),
        ("a.jpeg", b"\xff\xd8\xff\xe0" + bytes(20)),
        ("a.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 "),
        ("a.xlsx", an_office_file("xl/workbook.xml")),
        ("a.docx", an_office_file("word/document.xml")),
        ("a.pptx", an_office_file("ppt/presentation.xml")),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)),
        ("a.csv", "月份,得分\n7,61\n".encode("gb18030")),
        ("a.txt", "得分 61\n".encode("utf-16")),
    ],
)
def test_the_kinds_of_files_that_people_have_are_kept(refreshed, name, content):
    typed(refreshed.analyst, evidence="", file=a_file(name, content))

    assert [each.read_bytes() for each in kept()] == [content]


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.pdf", b"", "empty"),
        ("a.exe", b"MZ", "cannot be evidence"),
        ("report", PDF, "cannot be evidence"),
        ("a.svg", b"<svg/>", "cannot be evidence"),
        ("a.html", b"<html/>", "cannot be evidence"),
        ("a.pdf", PNG, "is no .pdf file"),
        ("a.csv", b"  <!doctype html><script>", "is no .csv file"),
        ("a.csv", b"MZ\x00\x01\x02", "is no .csv file"),
        ("a.xlsx", an_office_file("word/document.xml"), "is no .xlsx file"),
        ("a.xlsx", an_office_file("xl/workbook.xml", "xl/vbaProject.bin"), "macros"),
        ("a.xlsx", b"PK\x03\x04broken", "is no .xlsx file"),
        (
            "a.xls",
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "_VBA_PROJECT".encode("utf-16-le"),
            "macros",
        ),
    ],
)
def test_what_is_not_what_its_name_says_is_refused_and_nothing_is_kept(
    refreshed, name, content, said
):
    from mingji.metrics.models import Correction

    with pytest.raises(Invalid) as refused:
        typed(refreshed.analyst, file=a_file(name, content))

    assert said in refused.value.message.en
    assert refused.value.findings[0].place.path == "file"
    assert (kept(), Correction.objects.count()) == ([], 0)


def test_a_file_that_is_too_large_is_refused_beside_its_field(refreshed, settings):
    settings.MINGJI_EVIDENCE_MB = 1
    upload = SimpleUploadedFile("big.pdf", PDF + bytes(2**20))

    refused = signed_in(refreshed.analyst).post(FORM, {**GIVEN, "file": upload})

    assert refused.status_code == 422
    assert "larger than 1 MB" in text(refused)
    assert kept() == []


def test_a_refused_value_keeps_no_file(refreshed):
    with pytest.raises(Invalid):
        typed(refreshed.analyst, value="1.2.3", file=a_file())

    assert kept() == []


def test_the_same_bytes_are_kept_once_for_two_values(refreshed):
    typed(refreshed.analyst, file=a_file("a.pdf"))
    other = typed(refreshed.analyst, period="2026Q2", file=a_file("b.pdf"))

    assert len(kept()) == 1
    assert "b.pdf" in signed_in(refreshed.analyst).get(file_page(other))["Content-Disposition"]


def test_a_name_cannot_lead_out_of_the_folder_or_into_a_header(refreshed):
    value = typed(refreshed.analyst, file=a_file("../../etc/x\r\nSet-Cookie: a=b.pdf"))

    told = signed_in(refreshed.analyst).get(file_page(value))["Content-Disposition"]
    assert "\n" not in told
    assert ".." not in told
    assert len(kept()) == 1


def test_the_digest_of_the_file_stands_in_the_audit_trail(refreshed):
    from mingji.audit.models import AuditRecord

    upload = a_file()
    typed(refreshed.analyst, file=upload)

    recorded = AuditRecord.objects.get(action="metrics.type_in").evidence
    assert (recorded["file"], recorded["bytes"]) == (upload.sha256, len(PDF))


def verified():
    return CliRunner().invoke(_command(), ["--goals", "--lang", "en"])


def _command():
    from mingji.cli.verify import command

    return command


def test_verify_tells_that_all_files_of_evidence_hold(refreshed):
    typed(refreshed.analyst, file=a_file())

    result = verified()
    assert (result.exit_code, "All 1 files of evidence hold" in result.stderr) == (0, True)


def test_a_file_that_was_changed_is_not_handed_out_and_verify_names_it(refreshed):
    value = typed(refreshed.analyst, file=a_file())
    kept()[0].write_bytes(PDF + b"and more")

    page = signed_in(refreshed.analyst).get(file_page(value))
    result = verified()

    assert page.status_code == 404
    assert "is gone or was changed" in text(page)
    assert result.exit_code == 2
    assert f"file of correction №{value.pk}" in result.stderr


def test_verify_sees_another_file_in_its_place_and_an_entry_that_is_gone(refreshed):
    from mingji.metrics import evidence
    from mingji.metrics.models import EvidenceFile

    typed(refreshed.analyst, file=a_file())
    other = a_file("other.pdf", PDF + b"2")
    evidence.keep(other)
    EvidenceFile.objects.update(sha256=other.sha256)
    assert "another file was put in its place" in verified().stderr

    EvidenceFile.objects.all().delete()
    assert "its entry is gone" in verified().stderr


def test_a_file_is_fetched_through_what_it_proves_alone(refreshed):
    from mingji.metrics import queries

    value = typed(refreshed.analyst, level="member", who="subject", value="4", file=a_file())

    with pytest.raises(NotFound):
        queries.correction_evidence(builders.a_viewer(refreshed.peer), value.pk)
    assert "Type in a value" in text(signed_in(refreshed.analyst).get(PAGE))
