"""Who may read the audit trail."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mingji.kit.verdict import ALLOWED, Verdict
from mingji.rules.text import Text

if TYPE_CHECKING:
    from mingji.people.viewer import Viewer

ROUTES: dict[str, str] = {
    "trail": "The HR partner of the whole company: the trail names people of every unit.",
}

_NOT_YOURS = Verdict(
    "not_company_hr_partner",
    Text(
        zh="审计记录由负责全公司的人力资源伙伴查看。",
        en="The audit trail is read by the HR partner of the whole company.",
    ),
)


def may_read(viewer: Viewer) -> Verdict:
    """The whole trail. What happened to one object is shown on its page, to those who see it."""
    return ALLOWED if viewer.hr_of_all else _NOT_YOURS
