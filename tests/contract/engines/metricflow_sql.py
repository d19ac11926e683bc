"""Run by MetricFlow's own Python: reads a manifest and questions, prints MetricFlow's SQL for each.

python metricflow_sql.py manifest.yaml '[{"metrics": ["won"], "by": ["deal__rep"]}]'
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any


class Renderer:
    """A client of MetricFlow that is never asked to run anything."""

    def __init__(self) -> None:
        from metricflow.protocols.sql_client import SqlEngine
        from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer

        self.sql_engine_type = SqlEngine.DUCKDB
        self.sql_plan_renderer = DuckDbSqlPlanRenderer()


def main(manifest: Path, questions: list[dict[str, Any]]) -> list[str]:
    """The SQL of each question, for DuckDB."""
    from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
    from metricflow_semantic_interfaces.parsing.dir_to_model import (
        parse_yaml_files_to_validation_ready_semantic_manifest,
    )
    from metricflow_semantic_interfaces.parsing.objects import YamlConfigFile
    from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

    file = YamlConfigFile(filepath=str(manifest), contents=manifest.read_text("utf-8"))
    built = parse_yaml_files_to_validation_ready_semantic_manifest([file])
    issues = [issue.message for issue in built.issues.errors]
    if issues:
        sys.exit("\n".join(issues))
    engine = MetricFlowEngine(SemanticManifestLookup(built.semantic_manifest), Renderer())
    found = []
    for question in questions:
        request = MetricFlowQueryRequest.create(
            metric_names=question["metrics"], group_by_names=question["by"]
        )
        found.append(engine.explain(request).sql_statement.sql)
    return found


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), json.loads(sys.argv[2]))))  # noqa: T201
