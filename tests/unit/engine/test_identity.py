"""Owners are members on dates, members stand in teams on dates, and nobody is in two places."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mingji.connectors.files import open_file
from mingji.engine.identity import Identity, OwnerLink, Posting, read_identity
from mingji.rules.errors import Invalid

DAY = dt.date(2026, 5, 15)
NIGHT = DAY - dt.timedelta(days=1)


def holder(identity: Identity, owner: str, day: dt.date) -> list[tuple[str, str | None]]:
    return [
        (row["member"], row["team"])
        for row in identity.table("crm").to_pylist()
        if row["owner"] == owner and row["starts_on"] <= day <= row["ends_on"]
    ]


def test_a_transfer_in_mid_quarter_cuts_the_owners_days() -> None:
    identity = Identity(
        (OwnerLink("Anna S.", "anna", "crm"),),
        (
            Posting("anna", {"team": "north"}, ends_on=NIGHT),
            Posting("anna", {"team": "south"}, starts_on=DAY),
        ),
    )

    assert holder(identity, "Anna S.", NIGHT) == [("anna", "north")]
    assert holder(identity, "Anna S.", DAY) == [("anna", "south")]
    assert identity.roster(("team",), NIGHT, DAY) == {("north",), ("south",)}


def test_days_without_a_posting_keep_the_member_and_have_no_team() -> None:
    identity = Identity((OwnerLink("a", "anna"),), (Posting("anna", {"team": "n"}, starts_on=DAY),))

    assert holder(identity, "a", NIGHT) == [("anna", None)]


def test_an_entry_for_the_source_beats_one_for_every_source() -> None:
    identity = Identity(
        (OwnerLink("a", "anna"), OwnerLink("a", "bob", "crm")), (Posting("bob", {"team": "n"}),)
    )

    assert [link.member for link in identity.links("crm")] == ["bob"]
    assert [link.member for link in identity.links("ads")] == ["anna"]


@given(st.lists(st.dates(dt.date(2020, 1, 1), dt.date(2022, 1, 1)), min_size=1, unique=True))
def test_each_day_has_exactly_one_holder_however_often_somebody_moves(
    moves: list[dt.date],
) -> None:
    days = sorted(moves)
    ends = [day - dt.timedelta(days=1) for day in days[1:]] + [dt.date(9999, 12, 31)]
    postings = [
        Posting("anna", {"team": str(day)}, day, end) for day, end in zip(days, ends, strict=True)
    ]
    identity = Identity((OwnerLink("a", "anna"),), tuple(postings))

    assert all(holder(identity, "a", day) == [("anna", str(day))] for day in days)
    assert holder(identity, "a", days[0] - dt.timedelta(days=1)) == [("anna", None)]


def test_two_entries_on_one_day_are_refused() -> None:
    with pytest.raises(Invalid, match="two entries"):
        Identity(
            postings=(
                Posting("anna", {"team": "n"}, ends_on=DAY),
                Posting("anna", {"team": "s"}, starts_on=DAY),
            )
        )


@pytest.mark.parametrize(
    ("other", "sentence"),
    [
        (
            OwnerLink("张伟", "M2", "crm"),
            "“张伟”（来源 crm）同一段日子里对应了两个成员：M1、M2",
        ),
        (
            OwnerLink("张伟", "M1", "crm", DAY),
            f"“张伟”（来源 crm）从 {DAY} 起有两条记录",
        ),
    ],
)
def test_an_owner_of_two_members_on_one_day_is_told_with_both(
    other: OwnerLink, sentence: str
) -> None:
    with pytest.raises(Invalid) as refused:
        Identity((OwnerLink("张伟", "M1", "crm"), other))

    assert refused.value.findings[0].message.zh == sentence


def test_mapping_files_are_read_with_optional_dates(tmp_path: Path) -> None:
    (tmp_path / "owners.csv").write_text("owner,member\nAnna S.,anna\n", encoding="utf-8")
    (tmp_path / "postings.csv").write_text(
        "member,team,office,starts_on\nanna,north,上海,2026年1月1日\n", encoding="utf-8"
    )

    identity = read_identity(
        open_file(tmp_path / "owners.csv"), open_file(tmp_path / "postings.csv")
    )

    assert identity.names == ("member", "team", "office")
    assert identity.postings[0].attributes == {"team": "north", "office": "上海"}
    assert identity.postings[0].starts_on == dt.date(2026, 1, 1)


def test_a_mapping_file_with_an_unreadable_date_is_refused(tmp_path: Path) -> None:
    (tmp_path / "owners.csv").write_text("owner,member,starts_on\na,b,1/2/2026\n", encoding="utf-8")

    with pytest.raises(Invalid) as refused:
        read_identity(open_file(tmp_path / "owners.csv"), None)

    assert refused.value.findings[0].code == "dates_uncertain"
