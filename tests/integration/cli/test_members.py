"""`mingji members`: an empty installation gets its people, and they sign in."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from django.test import Client

from mingji.audit.models import AuditRecord
from mingji.cli import main
from mingji.people.models import Duty, Member, Posting, ReportingLine, Team, User

pytestmark = pytest.mark.django_db
ROSTER = """\
工号,姓名,英文名,邮箱,团队,团队名称,团队英文名,上级团队,直属上级,岗位序列,层级,入职日期,职责
M4,李雷,Li Lei,li.lei@example.com,growth,,,,M2,增长,专员,2025/3/3,
M1,林岚,Lin Lan,lin.lan@example.com,company,市场部,Marketing,,,MG,head,2024-01-08,
M2,张伟,Zhang Wei,zhang.wei@example.com,growth,增长组,Growth,company,M1,GR,lead,2026年7月1日,
M3,沈若琳,Shen Ruolin,hr@example.com,company,,,,M1,HR,specialist,2024-02-01,hr_partner:company; 数据分析师：growth
"""  # noqa: E501 - a row is a row
PASSWORD = "four unrelated words here"


def load(folder: Path, text: str, *more: str, name: str = "members.csv") -> Result:
    (folder / name).write_text(text, encoding="utf-8")
    return CliRunner().invoke(main, ["members", "load", str(folder / name), *more])


def set_password(email: str, *, text: str = PASSWORD, more: tuple[str, ...] = ()) -> Result:
    command = ["members", "password", email, "--stdin", *more]
    return CliRunner().invoke(main, command, input=text + "\n")


def test_an_empty_installation_gets_teams_members_lines_logins_and_duties(tmp_path):
    told = load(tmp_path, ROSTER, "--lang", "zh")

    assert (told.exit_code, told.stderr) == (0, "")
    assert "办理入职" in told.stdout
    assert dict(Team.objects.values_list("code", "parent__code")) == {
        "company": None,
        "growth": "company",
    }
    assert Member.objects.get(code="M4").name_en == "Li Lei"
    assert User.objects.count() == 4
    assert set(Duty.objects.values_list("member__code", "kind", "team__code", "starts_on")) == {
        ("M3", "hr_partner", "company", date(2024, 2, 1)),
        ("M3", "analyst", "growth", date(2024, 2, 1)),
    }
    assert not any(user.has_usable_password() for user in User.objects.all())


def test_until_a_later_manager_came_a_member_reported_to_whoever_stands_above(tmp_path):
    load(tmp_path, ROSTER)

    posts = Posting.objects.filter(member__code="M4").order_by("starts_on")
    assert list(posts.values_list("manager__code", "starts_on", "ends_on")) == [
        ("M1", date(2025, 3, 3), date(2026, 7, 1)),
        ("M2", date(2026, 7, 1), None),
    ]
    above = ReportingLine.objects.filter(member__code="M4", ends_on=None)
    assert dict(above.values_list("manager__code", "depth")) == {"M2": 1, "M1": 2}


def test_the_same_roster_again_changes_nothing_and_says_so(tmp_path):
    load(tmp_path, ROSTER)
    records = AuditRecord.objects.count()

    told = load(tmp_path, ROSTER, "--lang", "en")

    assert told.exit_code == 0
    assert "Nothing changed" in told.stdout
    assert AuditRecord.objects.count() == records


def test_a_workbook_says_the_same_as_a_text_file(tmp_path):
    path = tmp_path / "members.xlsx"
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet()
    for number, line in enumerate(ROSTER.splitlines()):
        sheet.write_row(number, 0, line.split(","))
    sheet.write_datetime(1, 11, date(2025, 3, 3), book.add_format({"num_format": "yyyy-mm-dd"}))
    book.close()
    CliRunner().invoke(main, ["members", "load", str(path)])

    told = load(tmp_path, ROSTER, "--format", "json")

    assert json.loads(told.stdout) == {"changes": [], "findings": []}


def test_a_changed_post_needs_its_day_and_becomes_a_dated_post(tmp_path):
    load(tmp_path, ROSTER)
    moved = ROSTER.replace("growth,,,,M2,增长,专员", "company,,,,M1,品牌,专员")

    without = load(tmp_path, moved, "--lang", "en")
    dated = load(tmp_path, moved, "--on", "2026-10-01", "--format", "json")

    assert without.exit_code == 2
    assert "row 2" in without.stderr
    assert "--on" in without.stderr
    assert dated.exit_code == 0
    assert [(c["change"], c["code"], c["on"]) for c in json.loads(dated.stdout)["changes"]] == [
        ("post", "M4", "2026-10-01")
    ]
    last = Posting.objects.get(member__code="M4", ends_on=None)
    assert (last.team.code, last.manager.code, last.job_family) == ("company", "M1", "BR")


def test_two_members_may_change_places_in_one_roster(tmp_path):
    load(tmp_path, ROSTER)
    swapped = ROSTER.replace(",M2,增长,专员", ",M1,增长,主管").replace(
        "company,M1,GR,lead", "company,M4,GR,specialist"
    )

    told = load(tmp_path, swapped, "--on", "2026-10-01")

    assert told.exit_code == 0, told.stderr
    above = ReportingLine.objects.filter(member__code="M2", ends_on=None)
    assert dict(above.values_list("manager__code", "depth")) == {"M4": 1, "M1": 2}


def test_a_known_name_or_address_stays_with_a_warning(tmp_path):
    load(tmp_path, ROSTER)

    told = load(tmp_path, ROSTER.replace("李雷", "李磊"), "--lang", "zh")

    assert told.exit_code == 1
    assert "第 2 行「姓名」列" in told.stderr
    assert Member.objects.get(code="M4").name == "李雷"


# what is wrong: the old words, the new ones, the cell, part of the Chinese and English sentence
BAD = {
    "an unknown manager": (",M2,增长", ",M9,增长", "row 2, column 直属上级", "M9", "no member"),
    "an unknown family": ("增长,专员", "魔法,专员", "row 2, column 岗位序列", "魔法", "BR (Brand)"),
    "an unknown level": ("lead,2026", "boss,2026", "row 4, column 层级", "boss", "specialist"),
    "no such day": ("2025/3/3", "2025/13/3", "row 2, column 入职日期", "不是日期", "2025-01-06"),
    "no address": ("li.lei@example.com", "li.lei", "row 2, column 邮箱", "邮箱", "no login"),
    "a code twice": ("M4,", "M2,", "row 4, column 工号", "已经写过", "row 2"),
    "an address twice": ("zhang.wei@", "hr@", "row 5, column 邮箱", "已经写过", "row 4"),
    "a blank cell": (",李雷,", ",,", "row 2, column 姓名", "空的", "fill it in"),
    "a code with a space": ("M4,", "M 4,", "row 2, column 工号", "代码", "letters"),
    "a team without a name": (
        "li.lei@example.com,growth",
        "li.lei@example.com,brand",
        "row 2, column 团队",
        "没有名称",
        "team_name_zh",
    ),
    "an unknown team above": (
        "Growth,company",
        "Growth,nowhere",
        "row 4, column 上级团队",
        "nowhere",
        "no team",
    ),
    "a team with two names": (
        "growth,,,,M2",
        "growth,成长组,,,M2",
        "row 4, column 团队名称",
        "成长组",
        "alike",
    ),
    "a circle": (
        "company,市场部,Marketing,,,",
        "company,市场部,Marketing,,M4,",
        "column 直属上级",
        "圈",
        "circle",
    ),
    "a duty without a team": (
        "hr_partner:company",
        "hr_partner",
        "row 5, column 职责",
        "hr_partner",
        "TEAM",
    ),
    "a duty of an unknown team": (
        "hr_partner:company",
        "hr_partner:x",
        "row 5, column 职责",
        "没有团队",
        "no team",
    ),
    "a missing column": ("姓名,", "谁,", "members.csv:1", "没有列", "name / 姓名"),
}


@pytest.mark.parametrize("case", BAD)
def test_whatever_is_wrong_is_told_with_its_cell_and_nothing_is_saved(tmp_path, case):
    old, new, place, zh, en = BAD[case]
    text = ROSTER.replace(old, new, 1)
    assert text != ROSTER

    chinese, english = load(tmp_path, text, "--lang", "zh"), load(tmp_path, text, "--lang", "en")

    assert (chinese.exit_code, english.exit_code) == (2, 2), english.output
    assert place in english.stderr
    assert zh in chinese.stderr
    assert en in english.stderr
    assert not Member.objects.exists()
    assert not Team.objects.exists()


def test_a_fault_that_shows_only_while_saving_undoes_everything(tmp_path):
    load(tmp_path, ROSTER)
    more = ROSTER.replace("growth,,,,M2,增长,专员", "growth,,,,M5,增长,专员") + (
        "M5,新人,New,,growth,,,,M1,GR,lead,2026-11-01,\n"
    )

    told = load(tmp_path, more, "--on", "2026-10-01", "--lang", "en")

    assert told.exit_code == 2
    assert "row 2, column 直属上级" in told.stderr
    assert not Member.objects.filter(code="M5").exists()


def test_with_the_password_that_was_set_a_member_signs_in(tmp_path):
    load(tmp_path, ROSTER)

    told = set_password("HR@example.com", more=("--lang", "en"))

    assert told.exit_code == 0
    assert PASSWORD not in told.output
    door = {"email": "hr@example.com", "password": PASSWORD}
    client = Client()
    assert client.post("/people/sign-in/", door).status_code == 302
    assert client.get("/appraisals/cycles/").status_code == 200
    assert AuditRecord.objects.filter(action="set_password", object_id="M3").count() == 1


def test_a_new_password_ends_the_sessions_of_before_and_the_lock_of_wrong_tries(tmp_path):
    load(tmp_path, ROSTER)
    set_password("hr@example.com")
    client = Client()
    client.post("/people/sign-in/", {"email": "hr@example.com", "password": PASSWORD})
    for _ in range(5):
        Client().post("/people/sign-in/", {"email": "hr@example.com", "password": "wrong"})

    set_password("hr@example.com", text="another four unrelated words")

    assert client.get("/people/").status_code == 302
    door = {"email": "hr@example.com", "password": "another four unrelated words"}
    assert client.post("/people/sign-in/", door).status_code == 302


def test_the_password_is_asked_for_twice_and_never_shown(tmp_path):
    load(tmp_path, ROSTER)
    command = ["members", "password", "hr@example.com", "--lang", "en"]

    told = CliRunner().invoke(main, command, input=f"{PASSWORD}\nother\n{PASSWORD}\n{PASSWORD}\n")

    assert told.exit_code == 0
    assert PASSWORD not in told.output
    assert User.objects.get(email="hr@example.com").check_password(PASSWORD)


@pytest.mark.parametrize(
    ("email", "text", "zh", "en"),
    [
        ("hr@example.com", "short", "密码", "too short"),
        ("hr@example.com", "password123", "密码", "too common"),
        ("hr@example.com", "", "密码", "too short"),
        ("nobody@example.com", PASSWORD, "没有邮箱为", "no login"),
    ],
)
def test_a_weak_password_and_an_unknown_login_are_refused_in_both_languages(
    tmp_path, email, text, zh, en
):
    load(tmp_path, ROSTER)

    chinese = set_password(email, text=text, more=("--lang", "zh"))
    english = set_password(email, text=text, more=("--lang", "en"))

    assert (chinese.exit_code, english.exit_code) == (2, 2)
    assert zh in chinese.stderr
    assert en in english.stderr
    assert not User.objects.get(email="hr@example.com").has_usable_password()


def test_a_title_above_the_column_names_does_no_harm_and_rows_keep_their_numbers(tmp_path):
    titled = "市场部名册,2026 年 11 月\n" + ROSTER.replace("增长,专员", "魔法,专员")

    told = load(tmp_path, titled, "--lang", "en")

    assert "row 3, column 岗位序列" in told.stderr
