"""An installation with a lead and twelve people, made where MINGJI_HOME says: who may be signed in
with the one password, a scheme in force, and last quarter's goals agreed for all of them."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=UTC)
RUNNING, NEXT = "2026Q4", "2027Q1"
PASSWORD = "four unrelated words"
PEOPLE = tuple(f"m{number:02}" for number in range(1, 13))
_NAMES = (
    "陈一鸣",
    "李思远",
    "王若溪",
    "赵子昂",
    "孙嘉禾",
    "周知行",
    "吴清越",
    "郑书言",
    "冯雨桐",
    "褚云舟",
    "卫景行",
    "蒋南星",
)


def address(code: str) -> str:
    """With what somebody signs in."""
    return f"{code}@example.com"


def make() -> None:
    """Found the installation."""
    from mingji.cli.installation import open_installation

    open_installation()
    _staff()
    _scheme()
    _last_quarter()


def _staff() -> None:
    from mingji.people import actions

    given = {"name_zh": "增长组", "name_en": "Growth"}
    actions.make_team("system", code="company", name_zh="公司", name_en="Company", at=NOW)
    actions.make_team("system", code="growth", parent="company", at=NOW, **given)
    _hire("head", "沈若林", "Shen Ruolin", "company", "head", None)
    _hire("lead", "陆知远", "Lu Zhiyuan", "growth", "lead", "head")
    for number, (code, name) in enumerate(zip(PEOPLE, _NAMES, strict=True), start=1):
        _hire(code, name, f"Member {number}", "growth", "specialist", "lead")


def _hire(code: str, name: str, name_en: str, team: str, level: str, manager: str | None) -> None:
    from mingji.people import actions

    family = "DG" if level == "specialist" else "MG"
    post = actions.NewPost(team=team, job_family=family, level=level, manager=manager)
    hired = datetime(2025, 1, 6, tzinfo=UTC).date()
    actions.hire(
        "system",
        code=code,
        name=name,
        name_en=name_en,
        hired_on=hired,
        post=post,
        email=address(code),
        at=NOW,
    )
    actions.give_login("system", code, address(code), password=PASSWORD, at=NOW)


def _scheme() -> None:
    from mingji.schemes.actions import publish
    from mingji.schemes.document import find

    publish("system", find("marketing-team").read_text(encoding="utf-8"), at=NOW)


def _last_quarter() -> None:
    """What all of them had agreed to, so that the next targets can be proposed."""
    from mingji.goals import actions, queries
    from mingji.goals.queries import Owner
    from mingji.people.queries import members_by_code
    from mingji.rules.goal_terms import GoalTerms

    members = members_by_code(PEOPLE)
    given = []
    for code in PEOPLE:
        items = queries.measured_items(Owner(member=members[code]), RUNNING)
        for item in items.values():
            target = item.typical.target or Decimal(_TARGETS.get(item.unit, "100"))
            terms = GoalTerms(key=item.id, metric=item.metric, target=target)
            given.append(
                actions.AgreedGoal(
                    member_id=members[code].pk,
                    period=RUNNING,
                    terms=terms,
                    proposed_by="lead",
                    proposed_at=NOW,
                    accepted_by=code,
                    accepted_at=NOW,
                )
            )
    actions.import_agreed(given, at=NOW)


_TARGETS = {"ratio": "0.4", "CNY": "500000", "count": "100"}

if __name__ == "__main__":
    make()
