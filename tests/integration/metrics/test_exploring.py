"""The KPI explorer: any dimension, any grain, against another period, down to the rows."""

from __future__ import annotations

import re

import pytest

HOME = "/metrics/leads_created/explore/"
Q3 = f"{HOME}?period=2026Q3"


def _page(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def _cells(page):
    """The table of parts as text, row by row."""
    table = page.split('id="parts"')[1].split("</table>")[0]
    return [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in re.findall(r"<t[hd].*?</t[hd]>", row)]
        for row in re.findall(r"<tr>(.*?)</tr>", table, re.DOTALL)
    ]


def _opened(page, word):
    """The first address of the page that holds a word."""
    found = re.search(rf'href="([^"]*{word}[^"]*)"', page)
    assert found, word
    return found[1].replace("&amp;", "&")


def test_a_metric_is_cut_by_a_column_of_its_table(refreshed, client_of):
    page = _page(client_of(refreshed.peer), f"{Q3}&by=channel")

    rows = {row[0]: row[2] for row in _cells(page)[1:]}
    assert rows == {"events": "3", "search": "2"}


def test_parts_stand_beside_the_period_before_with_their_change(refreshed, client_of):
    page = _page(client_of(refreshed.peer), f"{Q3}&by=channel&compare=before")

    rows = {row[0]: row[2:5] for row in _cells(page)[1:]}
    assert rows == {"events": ["3", "1", "+200.0%"], "search": ["2", "无数据", "无数据"]}


def test_months_and_a_narrowing_go_together(refreshed, client_of):
    page = _page(client_of(refreshed.peer), f"{HOME}?period=2026-09&only=channel&value=events")

    figure = re.search(r'class="stat-value">(.*?)</span></div>', page, re.DOTALL)
    assert re.sub(r"<[^>]+>", "", figure[1]).startswith("3")


def test_another_kind_of_period_keeps_the_end(refreshed, client_of):
    page = _page(client_of(refreshed.peer), f"{Q3}&grain=month")
    # The clock of the tests stands in November: of this quarter, the month that has begun.
    now = _page(client_of(refreshed.peer), f"{HOME}?period=2026Q4&grain=month&compare=before")

    assert "period=2026-09" in page
    assert "2026年9月" in page
    assert "2026年11月还没结束" in now


def test_a_change_opens_into_both_periods_and_their_rows(refreshed, client_of):
    client = client_of(refreshed.peer)
    page = _page(client, f"{Q3}&by=channel&compare=before")

    why = next(
        address.replace("&amp;", "&")
        for address in re.findall(r'href="([^"]*explore/why[^"]*)"', page)
        if "key=events" in address and "path=" not in address
    )
    opened = _page(client, why)
    assert "（3 − 1）÷ 1 = 2" in opened
    now = _page(client, f"{why}&path=now")
    rows = _page(client, _opened(now, "explore/rows"))

    assert all(f"<td>{lead}</td>" in rows for lead in ("L3", "L4", "L5"))
    assert "<td>L1</td>" not in rows
    assert "<td>L6</td>" not in rows


def test_teams_are_cut_by_where_the_owner_stood_on_the_day(refreshed, client_of):
    page = _page(client_of(refreshed.peer), f"{Q3}&by=team")

    named = {row[0]: row[2] for row in _cells(page)[1:]}
    assert sorted(named.values()) == ["1", "3", "4"]


@pytest.mark.parametrize(("role", "seen"), [("peer", False), ("manager", True), ("analyst", True)])
def test_members_are_listed_and_opened_only_in_reach(refreshed, client_of, role, seen):
    client = client_of(getattr(refreshed, role))

    page = _page(client, f"{Q3}&by=member")
    export = client.get("/metrics/leads_created/explore.csv?period=2026Q3&by=member")
    asked = "?period=2026Q3&by=member&key=subject"

    assert ("key=subject" in page) is seen
    assert ("subject" in export.content.decode()) is seen
    expected = 200 if seen else 404
    for route in ("why/", "rows/", "rows.csv"):
        assert client.get(f"{HOME}{route}{asked}").status_code == expected


def test_rows_of_a_part_hide_owners_out_of_reach(refreshed, client_of):
    asked = f"{HOME}rows/?period=2026Q3&by=channel&key=search"

    assert "<td>subject</td>" not in _page(client_of(refreshed.peer), asked)
    assert "<td>subject</td>" in _page(client_of(refreshed.manager), asked)


@pytest.mark.parametrize(
    "asked",
    ["by=owner", "by=lead_id", "by=nonsense", "only=owner&value=subject", "only=member&value=peer"],
)
def test_owners_and_keys_are_no_dimensions(refreshed, client_of, asked):
    answer = client_of(refreshed.peer).get(f"{Q3}&{asked}")

    assert answer.status_code == 422
    assert "channel" in answer.content.decode()


def test_a_quote_in_a_value_is_a_value(refreshed, client_of):
    page = _page(client_of(refreshed.peer), f"{Q3}&only=channel&value=o%27brien%27+or+%27a%27=%27a")

    assert "无数据" in page


def test_a_ratio_is_cut_by_what_all_its_tables_have_and_compared_in_points(refreshed, client_of):
    address = "/metrics/lead_qualification_rate/explore/?period=2026Q3&by=channel&compare=year"

    page = _page(client_of(refreshed.peer), address)

    rows = {row[0]: row[2] for row in _cells(page)[1:]}
    assert rows == {"search": "50.0%", "events": "66.7%"}


def test_before_the_first_refresh_the_explorer_says_so(company, client_of):
    answer = client_of(company.analyst).get(HOME, follow=True)

    assert "/metrics/data/" in answer.content.decode()


def test_a_period_that_is_none_is_a_sentence(refreshed, client_of):
    assert client_of(refreshed.peer).get(f"{HOME}?period=soon").status_code == 422


def test_a_quarter_that_has_not_ended_is_drawn_and_told_as_running(refreshed, client_of):
    client = client_of(refreshed.peer)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    running = _page(client, f"{HOME}?period=2026Q4")
    over = _page(client, Q3)

    assert '2026Q4 <span class="small muted">so far: day 51 of 92</span>' in running
    assert "so far" not in over
    assert "so-far" not in over
