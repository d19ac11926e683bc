"""Reading metrics.

For other apps (values for people whom the caller may see; each a fixed number of queries):

    facts_for(member_ids, period) -> {(member id, metric): ObservationFact}
    facts_for_teams(team_ids, period) -> {(team id, metric): ObservationFact}
    company_facts(periods, metrics) -> {(metric, period): ObservationFact}
    trend(metric, periods, *, member=None, team=None, viewer=None) -> [(period, value)]
    metric_names() -> {metric: MetricName(id, name, unit, direction)}
    observed_periods() -> [period]          earliest first
    source_health() -> (LastRefresh | None, unmatched owners, warnings)
    every_source(actor, now) -> (SourceLine,)    each source with its health and last run
    open_disputes(viewer, period, member_ids) -> [DisputeLine]     viewer None: all of them
    answered_for(viewer) -> [DisputeLine]   an answer waits to be accepted
    restated_facts(period, metrics, since, member=…|team=…) -> {metric: Restated}
    count_open_disputes(viewer), count_waiting_corrections(viewer), count_quality_findings()

`ObservationFact` has metric, period, value (None is "no data"), unit, node, rows, run_id. A pair
that is absent has no row at all: "no data" as well. Where a number opens:
`Slice(metric, period, member=code, team=code).url("why")`.
"""

from mingji.metrics.queries.basis import Basis, basis
from mingji.metrics.queries.catalogue import (
    MetricPage,
    SliceView,
    metric_lines,
    metric_page,
    metrics_page,
    no_data,
    observation_for,
)
from mingji.metrics.queries.comparing import moved_unit
from mingji.metrics.queries.corrections import (
    CorrectionKind,
    CorrectionLine,
    CorrectionPage,
    Inbox,
    correctable_tables,
    correction_page,
    corrections,
    count_waiting_corrections,
    inbox,
    row_as_it_stands,
)
from mingji.metrics.queries.data_owners import OwnerOfData, data_owner
from mingji.metrics.queries.defining import (
    Preview,
    definition_version,
    definition_versions,
    definitions_change,
    kept_for_signed,
    meant_at,
    metric_history,
    own_document,
    preview_definitions,
    version_in_force,
    words_in_force,
)
from mingji.metrics.queries.depending import Dependence, dependence
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
    disputes_to_answer,
    may_dispute,
    my_disputes,
    named_key,
    open_disputes,
    title_of,
)
from mingji.metrics.queries.evidence import KeptFile, correction_evidence, dispute_evidence
from mingji.metrics.queries.explored_table import explored_table
from mingji.metrics.queries.exploring import (
    Explored,
    explore,
    explored_reasons,
    explored_rows,
    explored_rows_csv,
    explored_rows_url,
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
from mingji.metrics.queries.matches import (
    MatchPage,
    likely_members,
    match_page,
    owners_without_member,
)
from mingji.metrics.queries.naming import (
    ToldFinding,
    condition_of,
    formula_of,
    named_parameter,
)
from mingji.metrics.queries.observed import Observed, ObservedPage, observations
from mingji.metrics.queries.quality import (
    QualityLine,
    QualityPage,
    count_quality_findings,
    finding_for,
    quality_page,
    standing_findings,
)
from mingji.metrics.queries.rejected import WaitingPage, waiting_as_csv, waiting_page, waits
from mingji.metrics.queries.restated import RestatedLine, restated_facts, restated_lines
from mingji.metrics.queries.rows import Rows, RowsView, rows_as_csv, rows_for, rows_url
from mingji.metrics.queries.runs import (
    RunPage,
    findings_of,
    rejected_as_csv,
    run_page,
    run_told,
    runs_of,
)
from mingji.metrics.queries.source_pages import (
    SourceLine,
    SourceList,
    SourcePage,
    every_source,
    kinds_to_choose,
    source_for,
    source_list,
    source_page,
)
from mingji.metrics.queries.source_preview import (
    MappingPage,
    PreviewPage,
    left_blank,
    mapping_page,
    missing,
    preview_page,
)
from mingji.metrics.queries.sources import (
    DataPage,
    data_page,
    loaded_batches,
    member_code,
    periods_to_refresh,
    source_health,
)
from mingji.metrics.queries.typed import (
    TypedPage,
    teams_to_choose,
    typed_metric,
    typed_metrics,
    typed_page,
    typing_periods,
)
from mingji.metrics.slices import Slice

__all__ = [
    "Basis",
    "CorrectionKind",
    "CorrectionLine",
    "CorrectionPage",
    "DataPage",
    "Dependence",
    "DisputeLine",
    "DisputePage",
    "DisputeStatus",
    "Explored",
    "Inbox",
    "KeptFile",
    "MappingPage",
    "MatchPage",
    "MetricName",
    "MetricPage",
    "ObservationFact",
    "Observed",
    "ObservedPage",
    "OwnerOfData",
    "Preview",
    "PreviewPage",
    "QualityLine",
    "QualityPage",
    "RestatedLine",
    "Rows",
    "RowsView",
    "RunPage",
    "Slice",
    "SliceView",
    "SourceLine",
    "SourceList",
    "SourcePage",
    "ToldFinding",
    "TypedPage",
    "WaitingPage",
    "answered_for",
    "basis",
    "company_facts",
    "condition_of",
    "correctable_tables",
    "correction_evidence",
    "correction_page",
    "corrections",
    "count_open_disputes",
    "count_quality_findings",
    "count_waiting_corrections",
    "data_owner",
    "data_page",
    "definition_version",
    "definition_versions",
    "definitions_change",
    "dependence",
    "dispute_evidence",
    "dispute_for",
    "dispute_page",
    "disputed_by",
    "disputes_in_reach",
    "disputes_on",
    "disputes_to_answer",
    "every_source",
    "explore",
    "explored_reasons",
    "explored_rows",
    "explored_rows_csv",
    "explored_rows_url",
    "explored_table",
    "facts_for",
    "facts_for_teams",
    "finding_for",
    "findings_of",
    "formula_of",
    "inbox",
    "kept_for_signed",
    "kinds_to_choose",
    "left_blank",
    "likely_members",
    "loaded_batches",
    "mapping_page",
    "match_page",
    "may_dispute",
    "meant_at",
    "member_code",
    "metric_history",
    "metric_lines",
    "metric_names",
    "metric_page",
    "metrics_page",
    "missing",
    "moved_unit",
    "my_disputes",
    "named_key",
    "named_parameter",
    "no_data",
    "observation_for",
    "observations",
    "observed_periods",
    "open_disputes",
    "own_document",
    "owners_without_member",
    "periods_to_refresh",
    "preview_definitions",
    "preview_page",
    "quality_page",
    "rejected_as_csv",
    "restated_facts",
    "restated_lines",
    "row_as_it_stands",
    "rows_as_csv",
    "rows_for",
    "rows_url",
    "run_page",
    "run_told",
    "runs_of",
    "source_for",
    "source_health",
    "source_list",
    "source_page",
    "standing_findings",
    "teams_to_choose",
    "title_of",
    "trend",
    "typed_metric",
    "typed_metrics",
    "typed_page",
    "typing_periods",
    "version_in_force",
    "waiting_as_csv",
    "waiting_page",
    "waits",
    "words_in_force",
]
