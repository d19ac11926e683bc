"""The order in which an empty installation becomes the demo company."""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

from django.core.management import call_command

from mingji.demo.company import Company, build
from mingji.demo.loading.agreements import load_agreements
from mingji.demo.loading.cycles import load_cycles
from mingji.demo.loading.disputes import load_disputes
from mingji.demo.loading.goals import load_goals
from mingji.demo.loading.people import load_people
from mingji.demo.loading.sources import load_sources
from mingji.demo.loading.typed import load_typed_values
from mingji.demo.stories import FAULTS, OWNED_METRICS, TYPED_OWNER
from mingji.metrics import actions as metrics
from mingji.rules.text import Text
from mingji.schemes import actions as schemes
from mingji.schemes.document import find

# The third quarter is over and its appraisals are under way; the fourth is past its middle.
TODAY = date(2026, 11, 20)
NOW = "2026-11-20T09:30:00+08:00"
SCHEME = "marketing-team"
_DAWN = datetime(2025, 1, 2, 1, tzinfo=UTC)


def load_company(say: Callable[[Text], None]) -> None:
    """Migrate the database and load everything; a minute on a small machine.

    `say` is told what happens next, once a step.
    """
    call_command("migrate", verbosity=0)
    say(Text(zh="生成示例公司…", en="Making up a company…"))
    company = build(today=TODAY)
    now = datetime.fromisoformat(NOW)
    load_people(company, at=_DAWN)
    say(Text(zh="载入各系统的导出文件…", en="Loading the exports of its systems…"))
    load_sources(company)
    _load_late_rows(at=now)
    _match_owners(company, at=now)
    say(Text(zh="计算指标…", en="Computing metrics…"))
    quarters = [*company.quarters, company.running_quarter]
    metrics.refresh("system", quarters, now)
    version = schemes.publish("system", find(SCHEME).read_text(encoding="utf-8"), at=_DAWN)
    say(Text(zh="签署目标，开启考核周期…", en="Agreeing goals, opening appraisal cycles…"))
    load_goals(company, version.pk)
    load_cycles(company, version.pk)
    load_agreements(company)
    say(Text(zh="提出异议，更正，重新计算…", en="Disputing, correcting, computing again…"))
    load_disputes(company)
    for metric in OWNED_METRICS:
        metrics.assign_data_owner("system", metric, TYPED_OWNER, at=now)
    load_typed_values(company)
    metrics.refresh("system", quarters, now)


def _load_late_rows(*, at: datetime) -> None:
    """Rows that somebody typed in afterwards, with the faults that such rows have."""
    with tempfile.TemporaryDirectory(prefix="mingji-demo-") as folder:
        for table, rows in FAULTS.items():
            file = Path(folder) / f"{table}-补录.csv"
            file.write_text(rows, encoding="utf-8")
            metrics.load_table("system", table, file, at)


def _match_owners(company: Company, *, at: datetime) -> None:
    for link in company.owners:
        metrics.map_owner(
            "system", link.source, link.owner, link.member, at, link.starts_on, link.ends_on
        )
