"""Reading metrics.

For other apps (values for people whom the caller may see; each a fixed number of queries):

    facts_for(member_ids, period) -> {(member id, metric): ObservationFact}
    facts_for_teams(team_ids, period) -> {(team id, metric): ObservationFact}
    company_facts(periods, metrics) -> {(metric, period): ObservationFact}
    trend(metric, periods, *, member=None, team=None, viewer=None) -> [(period, value)]
    metric_names() -> {metric: MetricName(id, name, unit, direction)}
    observed_periods() -> [period]          earliest first
    source_health() -> (LastRefresh | None, unmatched owners, warnings)
    open_disputes(viewer, period, member_ids) -> [DisputeLine]     viewer None: all of them
    answered_for(viewer) -> [DisputeLine]   an answer waits to be accepted
    restated_facts(period, metrics, since, member=…|team=…) -> {metric: Restated}
    count_open_disputes(viewer), count_waiting_corrections(viewer), count_quality_findings()

`ObservationFact` has metric, period, value (None is "no data"), unit, node, rows, run_id. A pair
that is absent has no row at all: "no data" as well. Where a number opens:
`Slice(metric, period, member=code, team=code).url("why")`.
"""

from mingji.metrics.queries.catalogue import (
    MetricPage,
    SliceView,
    metric_lines,
    metric_page,
    no_data,
    observation_for,
)
from mingji.metrics.queries.corrections import (
    CorrectionKind,
    CorrectionPage,
    Inbox,
    correctable_tables,
    correction_page,
    count_waiting_corrections,
    inbox,
    row_as_it_stands,
)
from mingji.metrics.queries.disputes import (
    DisputeLine,
    DisputePage,
    DisputeStatus,
    answered_for,
    count_open_disputes,
    dispute_for,
    dispute_page,
    disputed_by,
    disputes_in_reach,
    disputes_on,
    may_dispute,
    my_disputes,
    named_key,
    open_disputes,
    title_of,
)
from mingji.metrics.queries.facts import (
    MetricName,
    ObservationFact,
    company_facts,
    facts_for,
    facts_for_teams,
    metric_names,
    observed_periods,
    trend,
)
from mingji.metrics.queries.quality import (
    QualityLine,
    QualityPage,
    count_quality_findings,
    finding_for,
    quality_page,
)
from mingji.metrics.queries.restated import RestatedLine, restated_facts, restated_lines
from mingji.metrics.queries.rows import Rows, RowsView, rows_as_csv, rows_for, rows_url
from mingji.metrics.queries.sources import (
    DataPage,
    data_page,
    loaded_batches,
    member_code,
    periods_to_refresh,
    source_health,
)
from mingji.metrics.slices import Slice

__all__ = [
    "CorrectionKind",
    "CorrectionPage",
    "DataPage",
    "DisputeLine",
    "DisputePage",
    "DisputeStatus",
    "Inbox",
    "MetricName",
    "MetricPage",
    "ObservationFact",
    "QualityLine",
    "QualityPage",
    "RestatedLine",
    "Rows",
    "RowsView",
    "Slice",
    "SliceView",
    "answered_for",
    "company_facts",
    "correctable_tables",
    "correction_page",
    "count_open_disputes",
    "count_quality_findings",
    "count_waiting_corrections",
    "data_page",
    "dispute_for",
    "dispute_page",
    "disputed_by",
    "disputes_in_reach",
    "disputes_on",
    "facts_for",
    "facts_for_teams",
    "finding_for",
    "inbox",
    "loaded_batches",
    "may_dispute",
    "member_code",
    "metric_lines",
    "metric_names",
    "metric_page",
    "my_disputes",
    "named_key",
    "no_data",
    "observation_for",
    "observed_periods",
    "open_disputes",
    "periods_to_refresh",
    "quality_page",
    "restated_facts",
    "restated_lines",
    "row_as_it_stands",
    "rows_as_csv",
    "rows_for",
    "rows_url",
    "source_health",
    "title_of",
    "trend",
]
