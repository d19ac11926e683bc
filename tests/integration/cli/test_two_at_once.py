"""Two commands that find an installation unfounded at the same moment both do their work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

LEADS = """\
线索编号,创建日期,渠道,负责人,MQL 日期,SQL 日期,退回日期
L1,2026-03-01,event,张伟,,,
L2,2026-03-02,event,李娜,,,
"""


def test_one_file_that_is_loaded_twice_at_once_into_a_new_home_is_loaded_once(
    tmp_path: Path,
) -> None:
    file = tmp_path / "leads.csv"
    file.write_text(LEADS, encoding="utf-8")
    home = tmp_path / "home"
    words = [sys.executable, "-c", "from mingji.cli import main; main()", "load", "leads"]
    environment = {**os.environ, "MINGJI_HOME": str(home), "MINGJI_DATABASE": ""}
    environment.pop("DJANGO_SETTINGS_MODULE", None)

    both = [
        subprocess.Popen(
            [*words, str(file)], env=environment, stderr=subprocess.PIPE, stdout=subprocess.PIPE
        )
        for _ in range(2)
    ]
    told = [each.communicate()[1].decode() for each in both]

    assert [each.returncode for each in both] == [0, 0], told
    assert len(list((home / "warehouse" / "batches" / "leads").glob("*.json"))) == 1
