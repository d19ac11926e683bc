"""Systems send rows: signed, once for each key, and told in their language what is wrong."""

from __future__ import annotations

import json

import pytest
from django.test import Client

import builders
from mingji.rules.errors import Invalid
from mingji.rules.text import Text

SECRET = "a secret of the two"
ADDRESS = "/metrics/push/fair/"
ROW = {
    "event_id": "E1",
    "held_on": "2026-09-12",
    "registered": 240,
    "attended": 171,
    "leads": 64,
    "qualified_leads": 31,
    "cost": 58300.50,
    "owner": "subject",
}


@pytest.fixture
def fair(company, monkeypatch):
    from mingji.metrics import actions
    from mingji.metrics.mapping import From

    monkeypatch.setenv("MINGJI_SOURCE_FAIR", SECRET)
    actions.create_source("system", "push", "fair", Text("展会", "Fair"), builders.NOW)
    actions.set_up_source("system", "fair", {"secret": "env:MINGJI_SOURCE_FAIR"}, builders.NOW)
    names = list(ROW)
    told = actions.SourceMapping("events", {name: From(name) for name in names}, names)
    actions.map_source("system", "fair", told, builders.NOW)
    return actions.schedule_source(
        "system", "fair", actions.SourcePlan("manual", owner="analyst"), builders.NOW
    )


def send(rows, key="k1", *, late=0, secret=SECRET, kind="application/json", **headers):
    """A push as the how-to describes it, without session or cookie."""
    from mingji.metrics.actions import signature_of

    body = rows if isinstance(rows, bytes) else json.dumps(rows).encode()
    stamp = str(int(builders.NOW.timestamp()) - late)
    sent = {
        "X-Mingji-Timestamp": stamp,
        "X-Mingji-Signature": signature_of(secret, stamp, body),
        "Idempotency-Key": key,
        **headers,
    }
    client = Client(enforce_csrf_checks=True)
    return client.post(ADDRESS, body, content_type=kind, headers=sent)


def refused(answer):
    return answer.status_code, answer.json()["error"]["code"]


def loaded():
    from mingji.metrics.definitions import library, warehouse

    with warehouse().connect(library().definitions) as connection:
        return connection.sql("SELECT * FROM events ORDER BY 1").to_arrow_table().to_pylist()


def refusals():
    from mingji.audit.models import AuditRecord

    told = AuditRecord.objects.filter(action="metrics.refuse_push").order_by("number")
    return [each.evidence["why"] for each in told]


def test_rows_are_loaded_with_every_digit(fair):
    body = json.dumps([ROW]).replace("58300.5", "58300.50").encode()

    answer = send(body)

    assert answer.status_code == 200
    told = answer.json()
    assert (told["status"], told["read"], told["loaded"]) == ("succeeded", 1, 1)
    (row,) = loaded()
    assert (row["event_id"], str(row["cost"]), row["_row"]) == ("E1", "58300.50", 1)


def test_a_csv_is_as_good(fair):
    text = ",".join(ROW) + "\n" + ",".join(map(str, ROW.values())) + "\n"

    assert send(text.encode(), kind="text/csv; charset=utf-8").json()["loaded"] == 1
    assert loaded()[0]["owner"] == "subject"


def test_the_same_key_and_body_get_the_same_answer_and_change_nothing(fair):
    from mingji.metrics.models import SourceRun

    first = send([ROW])
    again = send([ROW], late=20)

    assert again.json() == first.json()
    assert SourceRun.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(fair):
    send([ROW])

    assert refused(send([{**ROW, "leads": 99}])) == (409, "key_used")
    assert loaded()[0]["leads"] == 64
    assert refusals() == ["key_used"]


def test_a_new_key_replaces_rows_by_their_key(fair):
    send([ROW])
    send([{**ROW, "leads": 99}], "k2")

    assert [row["leads"] for row in loaded()] == [99]


def test_a_push_that_failed_leaves_its_key_free(fair):
    broken = send([{"event_id": "E1"}])
    assert refused(broken) == (422, "not_loaded")
    assert "held_on" in broken.json()["error"]["message"]

    assert send([ROW]).status_code == 200


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"secret": "another"}, (401, "not_signed")),
        ({"X-Mingji-Signature": ""}, (401, "not_signed")),
        ({"X-Mingji-Signature": "sha256=é"}, (401, "not_signed")),
        ({"late": 301}, (401, "too_late")),
        ({"late": -301}, (401, "too_late")),
        ({"key": ""}, (400, "no_key")),
        ({"key": "k" * 201}, (400, "no_key")),
        ({"kind": "text/html"}, (415, "content_type")),
    ],
)
def test_what_is_not_in_order_is_refused(fair, changes, told):
    assert refused(send([ROW], **changes)) == told
    assert loaded() == []
    assert refusals() == [told[1]]


@pytest.mark.parametrize(
    "body",
    [
        b"[",
        b"[]",
        b"{}",
        b"[1]",
        b"[{}]",
        b'[{"a": [1]}]',
        b'[{"a": NaN}]',
        b"[" * 20000,
        b'{"rows": {}}',
        "[“]".encode("gb18030"),
    ],
)
def test_a_body_that_cannot_be_read_is_told_and_nothing_is_loaded(fair, body):
    assert refused(send(body)) == (422, "body")


def test_an_unknown_source_answers_as_a_wrong_signature_does(fair):
    from mingji.metrics import actions

    wrong = send([ROW], secret="x").json()
    actions.schedule_source(
        "system", "fair", actions.SourcePlan("manual", enabled=False), builders.NOW
    )

    assert send([ROW]).json() == wrong


def test_a_stranger_cannot_fill_the_audit_trail(fair):
    for _ in range(5):
        send([ROW], secret="x")

    assert refusals() == ["not_signed"]


def test_a_body_that_is_too_large_is_not_read(fair, settings):
    settings.MINGJI_PUSH_MB = 0

    assert refused(send([ROW])) == (413, "too_large")


def test_a_body_larger_than_a_form_may_be_is_taken(fair):
    rows = [{**ROW, "event_id": f"E{number}", "city": "x" * 300} for number in range(9_000)]

    assert send(rows).json()["loaded"] == 9_000


def test_errors_speak_the_language_of_the_sender(fair):
    zh = send([ROW], secret="x", **{"Accept-Language": "zh-CN"}).json()["error"]["message"]
    en = send([ROW], secret="x", **{"Accept-Language": "en"}).json()["error"]["message"]

    assert zh.startswith("签名不对")
    assert en.startswith("The signature is wrong")


def test_rows_that_do_not_fit_are_told(fair):
    answer = send([ROW, {**ROW, "event_id": "E2", "cost": "much"}]).json()

    assert (answer["loaded"], answer["rejected"]) == (1, 1)
    assert answer["findings"][0]["code"] == "not_a_number"


def test_while_the_source_is_at_work_the_sender_is_asked_to_wait(fair):
    from mingji.metrics.locking import alone_on

    with alone_on("fair"):
        assert refused(send([ROW])) == (409, "busy")


def test_a_secret_that_is_not_there_is_the_servers_fault(fair, monkeypatch):
    monkeypatch.delenv("MINGJI_SOURCE_FAIR")

    assert refused(send([ROW])) == (503, "no_secret")


def test_nobody_pushes_by_signing_in(fair, client_of, company):
    assert client_of(company.analyst).get(ADDRESS).status_code == 405
    assert client_of(company.analyst).post(ADDRESS, {}).status_code == 401


def test_secrets_are_named_and_never_told(company):
    from mingji.metrics import actions

    actions.create_source("system", "push", "crm", Text("推送", "Push"), builders.NOW)
    with pytest.raises(Invalid, match="secret"):
        actions.set_up_source("system", "crm", {"secret": "hunter2"}, builders.NOW)
    with pytest.raises(Invalid):
        actions.set_up_source("system", "crm", {"secret": "env:MINGJI_SECRET_KEY"}, builders.NOW)


def test_what_is_optional_in_the_table_may_be_left_out_and_nothing_else(fair):
    from mingji.metrics import actions
    from mingji.metrics.definitions import library
    from mingji.metrics.mapping import From

    names = list(library().definitions.tables["events"].columns)
    told = actions.SourceMapping("events", {name: From(name) for name in names}, names)
    actions.map_source("system", "fair", told, builders.NOW)

    assert send([ROW]).json()["loaded"] == 1

    answer = send([{name: value for name, value in ROW.items() if name != "leads"}], "k2")
    assert answer.status_code == 422
    [finding] = answer.json()["error"]["findings"]
    assert finding["remedy"]
