"""Who may see which page of insight."""

from __future__ import annotations

from mingji.kit.verdict import ALLOWED, Verdict
from mingji.people.viewer import Viewer
from mingji.rules.text import Text

ROUTES: dict[str, str] = {
    "home": "Every member: their own page, by their role.",
    "why": "The director: how the figures of the home page come about.",
    "team": "Every member: their own team, or the one they lead.",
    "team_page": "Members of the team, those who lead it, its HR partner; colleagues' values and "
    "results only for those whom they concern.",
}

_NOT_DIRECTOR = Verdict(
    "not_the_director",
    Text(
        zh="这页说明市场负责人首页上的数字，只有市场负责人可以打开。",
        en="This explains the figures on the director's home page; only the director opens it.",
    ),
)


def may_see_company(viewer: Viewer) -> Verdict:
    """The answers about the whole department: its director."""
    return ALLOWED if viewer.role == "director" else _NOT_DIRECTOR
