"""Values that no system of the demo company holds: typed in with evidence; one still waits."""

from __future__ import annotations

from datetime import UTC, datetime

from mingji.demo.company import Company
from mingji.demo.stories import TYPED_METRIC, TYPED_OWNER
from mingji.metrics import actions
from mingji.people import queries as people
from mingji.people.viewer import viewer_for

_TYPED, _APPROVED = (datetime(2026, 11, day, 3, tzinfo=UTC) for day in (17, 18))
_QUARTERS = (("2026Q2", "61"), ("2026Q3", "63.5"), ("2026Q4", "64"))
_ASKED = "样本,来源,问卷\n412,工厂设备采购负责人,品牌健康度 V3\n"


def load_typed_values(company: Company) -> None:
    """The survey's results of three quarters; the HR partner has approved all but the last."""
    viewers = {code: viewer_for(user, company.today) for code, user in people.logins().items()}
    partner = next(viewer for viewer in viewers.values() if viewer.hr_of_all)
    owner = viewers[TYPED_OWNER]
    for quarter, value in _QUARTERS:
        given = actions.TypedValue(
            metric=TYPED_METRIC,
            period=quarter,
            level="company",
            who="",
            value=value,
            evidence="品牌调研季报第 4 页，总得分。",
            file=actions.EvidenceUpload(f"{quarter}-品牌调研.csv", _evidence(quarter, value)),
        )
        typed = actions.type_in(owner, given, at=_TYPED)
        if quarter != _QUARTERS[-1][0]:
            actions.decide_correction(partner, typed.pk, approve=True, at=_APPROVED)


def _evidence(quarter: str, value: str) -> bytes:
    return f"期间,总得分\n{quarter},{value}\n\n{_ASKED}".encode("utf-8-sig")
