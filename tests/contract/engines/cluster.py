"""A real Spark cluster on the loopback: a master, two workers, and nothing left behind."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from on_postgres import free_port

_WORKERS = 2
_CONNECT = "org.apache.spark.sql.connect.service.SparkConnectServer"
_MOST_SECONDS = 90


@contextmanager
def standalone(folder: Path) -> Iterator[str]:
    """The address of the master, once both workers have reported to it."""
    import pyspark  # type: ignore[import-not-found,unused-ignore]

    home = Path(pyspark.__file__).parent
    settings = {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": "127.0.0.1",
        "SPARK_LOCAL_DIRS": str(folder / "local"),
        "SPARK_CONF_DIR": str(_configured(folder)),
        "SPARK_DAEMON_MEMORY": "384m",
    }
    os.environ.update(settings)
    port, pages = free_port(), free_port()
    address = f"spark://127.0.0.1:{port}"
    master = ["org.apache.spark.deploy.master.Master", "--host", "127.0.0.1"]
    worker = ["org.apache.spark.deploy.worker.Worker", "--host", "127.0.0.1"]
    with ExitStack() as ends:
        ends.enter_context(
            _process(home, folder, [*master, "--port", str(port), "--webui-port", str(pages)])
        )
        for number in range(_WORKERS):
            work = ["--work-dir", str(folder / f"worker{number}"), "--webui-port", str(free_port())]
            ends.enter_context(
                _process(home, folder, [*worker, "--cores", "1", "--memory", "1g", *work, address])
            )
        _wait(pages)
        try:
            yield address
        finally:
            from pyspark.sql import SparkSession  # type: ignore[import-not-found,unused-ignore]

            if session := SparkSession.getActiveSession():
                session.stop()


@contextmanager
def connect_server(folder: Path) -> Iterator[str]:
    """The address of a Spark Connect server, once it listens."""
    import pyspark  # type: ignore[import-not-found,unused-ignore]

    home, port = Path(pyspark.__file__).parent, free_port()
    os.environ.update(
        {
            "SPARK_HOME": str(home),
            "SPARK_LOCAL_IP": "127.0.0.1",
            "SPARK_LOCAL_DIRS": str(folder / "local"),
            "SPARK_CONF_DIR": str(_configured(folder)),
        }
    )
    binding = "spark.connect.grpc.binding"
    server = ["org.apache.spark.deploy.SparkSubmit", "--class", _CONNECT, "--master", "local[2]"]
    server += ["--conf", f"{binding}.address=127.0.0.1", "--conf", f"{binding}.port={port}"]
    with _process(home, folder, [*server, "spark-internal"]):
        until = time.monotonic() + _MOST_SECONDS
        while not _listens(port):
            if time.monotonic() > until:
                raise TimeoutError("Spark Connect does not listen")
            time.sleep(0.5)
        yield f"sc://127.0.0.1:{port}"


def _listens(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0


def _configured(folder: Path) -> Path:
    """Few partitions, little memory, no page, and tables below the folder."""
    place = folder / "conf"
    place.mkdir()
    told = {
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.memory": "1g",
        "spark.executor.memory": "768m",
        "spark.executor.cores": "1",
        "spark.ui.enabled": "false",
        "spark.sql.shuffle.partitions": "2",
        "spark.sql.codegen.wholeStage": "false",  # compiling costs more than these few rows
        "spark.sql.codegen.factoryMode": "NO_CODEGEN",
        "spark.sql.warehouse.dir": str(folder / "tables"),
    }
    lines = [f"{name} {value}\n" for name, value in told.items()]
    (place / "spark-defaults.conf").write_text("".join(lines), encoding="utf-8")
    return place


@contextmanager
def _process(home: Path, folder: Path, arguments: list[str]) -> Iterator[None]:
    name = arguments[0].rpartition(".")[2]
    with (folder / f"{name}.log").open("a") as log:
        command = [str(home / "bin/spark-class"), *arguments]
        process = subprocess.Popen(command, cwd=folder, stdout=log, stderr=log)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait(pages: int) -> None:
    """Until the page of the master tells as many workers as were started."""
    until = time.monotonic() + _MOST_SECONDS
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{pages}/json/", timeout=5) as page:
                if page.read().count(b'"ALIVE"') > _WORKERS:
                    return
        except OSError:
            pass
        time.sleep(0.5)
    raise TimeoutError("Spark's workers did not report to the master")
