"""Reading metrics.

For other apps (values for people whom the caller may see; each a fixed number of queries):

    facts_for(member_ids, period) -> {(member id, metric): ObservationFact}
    facts_for_teams(team_ids, period) -> {(team id, metric): ObservationFact}
    company_facts(periods, metrics) -> {(metric, period): ObservationFact}
    trend(metric, periods, *, member=None, team=None, viewer=None) -> [(period, value)]
    metric_names() -> {metric: MetricName(id, name, unit, direction)}
    observed_periods() -> [period]          earliest first
    source_health() -> (LastRefresh | None, unmatched owners, warnings)

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
from mingji.metrics.queries.defining import (
    Preview,
    definition_version,
    definition_versions,
    own_document,
    preview_definitions,
    words_in_force,
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
    "DataPage",
    "MetricName",
    "MetricPage",
    "ObservationFact",
    "Preview",
    "Rows",
    "RowsView",
    "Slice",
    "SliceView",
    "company_facts",
    "data_page",
    "definition_version",
    "definition_versions",
    "facts_for",
    "facts_for_teams",
    "loaded_batches",
    "member_code",
    "metric_lines",
    "metric_names",
    "metric_page",
    "no_data",
    "observation_for",
    "observed_periods",
    "own_document",
    "periods_to_refresh",
    "preview_definitions",
    "rows_as_csv",
    "rows_for",
    "rows_url",
    "source_health",
    "trend",
    "words_in_force",
]
