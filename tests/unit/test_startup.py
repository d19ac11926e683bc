"""`mingji --help` answers at once: it loads the command line and nothing that a command needs."""

from __future__ import annotations

import json
import subprocess
import sys

MOST_MODULES = 200
LISTED = """
import json, sys
from click.testing import CliRunner
from mingji.cli import main
assert CliRunner().invoke(main, ["--help"]).exit_code == 0
print(json.dumps(sorted(sys.modules)))
"""


def test_help_loads_neither_engine_nor_framework() -> None:
    told = subprocess.run([sys.executable, "-c", LISTED], capture_output=True, check=True)
    loaded = json.loads(told.stdout)

    heavy = {"django", "duckdb", "pyarrow", "sqlglot", "numpy", "yaml", "rich", "psycopg"}
    assert heavy & {name.partition(".")[0] for name in loaded} == set()
    assert len(loaded) < MOST_MODULES
