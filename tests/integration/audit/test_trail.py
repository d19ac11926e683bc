"""The audit trail: what it proves, what it refuses, and that writers don't trip over each other."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, connections, transaction

import builders
from builders import NOW
from mingji.audit import queries, trail
from mingji.audit.models import AuditRecord
from mingji.rules.errors import NotAllowed

pytestmark = pytest.mark.django_db
TABLE = AuditRecord._meta.db_table


def _record(number: int, **other: object) -> None:
    written = {"actor": "anna", "action": "save", "kind": "goal", "object_id": number} | other
    trail.record(**written, at=NOW + timedelta(minutes=number))


def _tamper(sql: str, *parameters: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql.replace("TABLE", TABLE), parameters)


@pytest.fixture
def five_records(db: None) -> None:
    for number in range(1, 6):
        _record(number, reason=f"第 {number} 次", evidence={"step": number, "of": ["a", None]})


@pytest.mark.usefixtures("five_records")
class TestWhatShows:
    def test_an_untouched_trail_holds(self):
        assert trail.first_break() is None

    @pytest.mark.parametrize(
        ("column", "value"),
        [
            ("actor", "bob"),
            ("action", "release"),
            ("object_id", "9"),
            ("reason", "other"),
            ("at", NOW),
        ],
    )
    def test_an_edited_record_is_located(self, column, value):
        _tamper(f"UPDATE TABLE SET {column} = %s WHERE number = 3", value)

        assert trail.first_break() == 3

    def test_an_edited_piece_of_evidence_is_located(self):
        _tamper("UPDATE TABLE SET evidence = %s WHERE number = 4", '{"step": 40}')

        assert trail.first_break() == 4

    def test_a_deleted_record_is_located(self):
        _tamper("DELETE FROM TABLE WHERE number = 2")

        assert trail.first_break() == 2

    def test_an_inserted_record_is_located(self):
        columns = "at, actor, action, kind, object_id, reason, evidence, previous, digest"
        _tamper("UPDATE TABLE SET number = number + 100 WHERE number >= 3")
        _tamper("UPDATE TABLE SET number = number - 99 WHERE number >= 100")
        _tamper(
            f"INSERT INTO TABLE (number, {columns}) SELECT 3, {columns} FROM TABLE WHERE number = 2"
        )

        assert trail.first_break() == 3

    def test_two_swapped_records_are_located(self):
        for old, new in ((2, 99), (3, 2), (99, 3)):
            _tamper("UPDATE TABLE SET number = %s WHERE number = %s", new, old)

        assert trail.first_break() == 2

    def test_a_tail_cut_off_shows_against_a_checkpoint_and_only_there(self):
        known = trail.checkpoint()
        _tamper("DELETE FROM TABLE WHERE number >= 4")

        assert trail.first_break() is None
        assert trail.first_break(known) == 4

    def test_a_tail_written_anew_shows_against_a_checkpoint(self):
        known = trail.checkpoint()
        _tamper("DELETE FROM TABLE WHERE number = 5")
        _record(5, reason="forged")

        assert trail.first_break() is None
        assert trail.first_break(known) == 5

    def test_a_checkpoint_of_before_still_holds_when_the_trail_has_grown(self):
        known = trail.checkpoint()
        _record(6)

        assert trail.first_break(known) is None


@pytest.mark.usefixtures("five_records")
def test_a_record_can_be_neither_changed_nor_deleted_through_the_product():
    record = AuditRecord.objects.get(number=2)

    for attempt in (
        record.save,
        record.delete,
        AuditRecord.objects.all().delete,
        lambda: AuditRecord.objects.update(actor="bob"),
        lambda: AuditRecord.objects.bulk_create([record]),
    ):
        with pytest.raises(NotAllowed):
            attempt()


def test_a_write_that_fails_leaves_no_record():
    @transaction.atomic
    def write_and_fail() -> None:
        _record(1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        write_and_fail()

    assert AuditRecord.objects.count() == 0


@pytest.mark.parametrize("value", [Decimal("1.5"), 1.5, NOW, {"a": {1: "b"}}])
def test_evidence_that_a_database_could_change_is_refused(value):
    with pytest.raises(TypeError):
        _record(1, evidence={"value": value})


@pytest.mark.usefixtures("five_records")
def test_the_history_of_an_object_is_its_own_and_latest_first():
    _record(3, action="accept")

    events = queries.history("goal", 3)

    assert [(event.number, event.what.zh) for event in events] == [(6, "同意目标"), (3, "save")]
    assert queries.latest_evidence("goal", 3, "save") == {"step": 3, "of": ["a", None]}
    assert queries.latest_evidence("goal", 3, "never") == {}


@pytest.mark.django_db(transaction=True)
def test_many_writers_at_once_make_one_chain_without_gaps():
    def write(writer: int) -> None:
        try:
            for number in range(5):
                _record(number, actor=f"writer-{writer}")
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=8) as pool:
        list(pool.map(write, range(8)))

    assert AuditRecord.objects.count() == 40
    assert trail.first_break() is None


def test_the_page_shows_evidence_whatever_its_names_are(client_of):
    company = builders.a_company()
    _record(1, evidence={"items": ["mql_count", "nps"], "keys": 2})

    page = client_of(company.company_hr_partner).get("/audit/")

    assert page.status_code == 200
    assert "mql_count" in page.content.decode()
