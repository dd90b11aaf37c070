"""A local Spark Thrift server, to run the models on the second engine without a cluster.

    python scripts/spark_server.py up | down | query SQL [SQL ...]

Runs in the environment of `requirements-spark.txt`, which brings Spark itself; Java 17 must be there. `up` starts the
server and returns when it takes queries; `down` stops it, also one that is half started or has died; `query` prints the
rows of each statement as JSON lines. All state (tables, catalog, log, pid file) is in the folder of env `SPARK_PATH`
(default `warehouse/spark`); it listens on the loopback address alone, at env `SPARK_PORT` (default 10000). With env
`SPARK_CATALOG=in-memory` the server forgets its tables when it stops and does without a metastore, which takes a third
of the time of small queries: for tests, in a folder of their own.

The settings in `SETTINGS` are what the models need of any Spark, `LOCAL` makes a small machine fast. dbt-spark cannot
set them over thrift, so they are set on the server. Exit code: 0 done, 1 not done, with the reason.
"""

from __future__ import annotations

import argparse
import contextlib
import importlib.util
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

LOOPBACK = "127.0.0.1"
READY = "HiveThriftServer2 started"
START_SECONDS = 180
STOP_SECONDS = 30

SETTINGS = {
    # Timestamps are UTC without zone; a Spark timestamp is shown and cut in the session's zone.
    "spark.sql.session.timeZone": "UTC",
    # A cast that fails is an error and bigint does not wrap.
    "spark.sql.ansi.enabled": "true",
    # A decimal result that needs more than 38 digits keeps its scale.
    "spark.sql.decimalOperations.allowPrecisionLoss": "false",
    # Other programs read the Parquet files: no INT96.
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    # `insert overwrite` replaces the days it writes and no other.
    "spark.sql.sources.partitionOverwriteMode": "dynamic",
}

LOCAL = {
    "spark.ui.enabled": "false",
    "spark.sql.shuffle.partitions": "2",
    # Small work is planned for longer than it runs: plan it once, not again after every stage.
    "spark.sql.adaptive.enabled": "false",
    # One session: the files of a table are listed once, not by every connection.
    "spark.sql.hive.thriftServer.singleSession": "true",
    # A day is a partition: list them in the driver, a task each costs more; and leave their sizes uncounted.
    "spark.sql.sources.parallelPartitionDiscovery.threshold": "100000",
    "spark.rdd.parallelListingThreshold": "100000",
    "spark.sql.hive.gatherFastStats": "false",
    # The files of a day are small: reading them costs less than asking whether to, and many of them make one task.
    "spark.sql.parquet.filterPushdown": "false",
    "spark.sql.files.openCostInBytes": "32768",
    # Every small table that a join sends around fills a page of its own: 32 MB by itself, so twenty filled the memory.
    "spark.buffer.pageSize": "1m",
    # Nobody looks at the plans of statements: their long form took a quarter of a small statement's time.
    "spark.sql.ui.explainMode": "simple",
    "spark.sql.ui.retainedExecutions": "10",
    "spark.sql.thriftserver.ui.retainedStatements": "10",
}


class NotDone(Exception):
    """What was asked for could not be done: the message says why and what to do."""


class Server:
    """The one server whose state is in a folder."""

    def __init__(self, folder: Path, port: int) -> None:
        self.folder = folder.resolve()
        self.port = port
        self.log = self.folder / "server.log"
        self.pid_file = self.folder / "server.pid"

    def pid(self) -> int | None:
        """Process id of the server, also of one not ready yet; None when there is none."""
        try:
            pid = int(self.pid_file.read_text(encoding="ascii"))
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except (FileNotFoundError, ValueError, ProcessLookupError):
            return None
        # Another program may have been given the number of a server that died.
        return pid if str(self.folder) in command else None

    def is_ready(self) -> bool:
        """Whether it takes connections."""
        started = self.log.is_file() and READY in self.log.read_text(encoding="utf-8", errors="replace")
        with socket.socket() as probe:
            probe.settimeout(2)
            return started and probe.connect_ex((LOOPBACK, self.port)) == 0

    def command(self, spark_home: Path) -> list[str]:
        """The start command: Spark's own Thrift server, whose start script the wheel leaves out."""
        catalog, scratch = self.folder / "catalog", self.folder / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        # Small work compiles for longer than it runs: the quick compiler and the collector for few cores. The quick
        # compiler alone would get 48 MB for its code, and spend its time on making room there.
        java = f"-Dderby.system.home={self.folder} -Djava.io.tmpdir={scratch} -Duser.timezone=UTC"
        java += " -XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:ReservedCodeCacheSize=256m -XX:MetaspaceSize=384m"
        places = {
            "spark.sql.warehouse.dir": str(self.folder / "tables"),
            "spark.local.dir": str(scratch),
            "spark.sql.catalogImplementation": os.environ.get("SPARK_CATALOG", "hive"),
            "spark.driver.extraJavaOptions": java,
            "spark.hadoop.javax.jdo.option.ConnectionURL": f"jdbc:derby:;databaseName={catalog};create=true",
        }
        submit = [str(spark_home / "bin" / "spark-submit"), "--master", "local[2]", "--driver-memory", "3g"]
        for name, value in (SETTINGS | LOCAL | places).items():
            submit += ["--conf", f"{name}={value}"]
        submit += ["--class", "org.apache.spark.sql.hive.thriftserver.HiveThriftServer2", "spark-internal"]
        # Each thread opens the metastore anew: a few that stay, not one per statement.
        submit += ["--hiveconf", "hive.server2.async.exec.threads=8"]
        submit += ["--hiveconf", "hive.server2.async.exec.keepalive.time=3600s"]
        submit += ["--hiveconf", f"hive.server2.thrift.port={self.port}"]
        return [*submit, "--hiveconf", f"hive.server2.thrift.bind.host={LOOPBACK}"]

    def clear_unfinished(self) -> None:
        """Remove what a write left behind that was cut off with its server: Spark refuses to create a table over it."""
        for unfinished in self.folder.glob("tables/*.db/*/_temporary"):
            is_committed = (unfinished.parent / "_SUCCESS").exists()
            shutil.rmtree(unfinished if is_committed else unfinished.parent)

    def up(self) -> str:
        """Start it and wait until it takes queries; what happened, in a line."""
        if self.pid() and self.is_ready():
            return f"Spark is up already at {LOOPBACK}:{self.port}"
        self.down()
        with socket.socket() as probe:
            if probe.connect_ex((LOOPBACK, self.port)) == 0:
                raise NotDone(f"port {self.port} is taken by another program; set SPARK_PORT to a free one")
        if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
            raise NotDone("no Java found; Spark needs Java 17")
        package = importlib.util.find_spec("pyspark")
        if package is None or package.origin is None:
            raise NotDone("no pyspark in this Python; run `make spark-up`, which installs requirements-spark.txt")
        self.clear_unfinished()
        home = Path(package.origin).parent
        command = self.command(home)
        environment = os.environ | {"SPARK_HOME": str(home), "SPARK_LOCAL_IP": LOOPBACK}
        started_at = time.monotonic()
        with self.log.open("wb") as log:
            process = subprocess.Popen(
                command,
                cwd=self.folder,
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        self.pid_file.write_text(str(process.pid), encoding="ascii")
        try:
            while not self.is_ready():
                if process.poll() is not None:
                    raise NotDone(f"Spark stopped while it started; the reason is in {self.log}")
                if time.monotonic() - started_at > START_SECONDS:
                    raise NotDone(f"Spark was not ready after {START_SECONDS} s; see {self.log}")
                time.sleep(0.2)
        except BaseException:
            self.down()
            raise
        return f"Spark is up at {LOOPBACK}:{self.port} after {time.monotonic() - started_at:.0f} s (log: {self.log})"

    def down(self) -> str:
        """Stop it; what happened, in a line."""
        pid = self.pid()
        if pid is None:
            self.pid_file.unlink(missing_ok=True)
            return "Spark is not running"
        for number, seconds in ((signal.SIGTERM, STOP_SECONDS), (signal.SIGKILL, STOP_SECONDS)):
            os.kill(pid, number)
            deadline = time.monotonic() + seconds
            while self.is_alive(pid):
                if time.monotonic() > deadline:
                    break
                time.sleep(0.1)
            else:
                self.pid_file.unlink(missing_ok=True)
                return "Spark is stopped"
        raise NotDone(f"process {pid} does not stop; its log is {self.log}")

    def is_alive(self, pid: int) -> bool:
        """Whether the process still runs; one that ended and was not waited for counts as gone."""
        with contextlib.suppress(ChildProcessError):
            os.waitpid(pid, os.WNOHANG)
        return self.pid() == pid


def query(host: str, port: int, statements: list[str]) -> None:
    """Print the rows of each statement as JSON lines; values that JSON does not know as text."""
    from pyhive import hive  # the other commands need no client

    with hive.connect(host=host, port=port, auth="NONE") as connection, connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
            rows = cursor.fetchall() if cursor.description else []
            for row in rows:
                print(json.dumps(row, default=str))


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and do it; the exit code."""
    parser = argparse.ArgumentParser(description="Start, stop or ask the local Spark Thrift server.")
    parser.add_argument("action", choices=["up", "down", "query"])
    parser.add_argument("sql", nargs="*", help="statements for query")
    options = parser.parse_args(arguments)
    port = int(os.environ.get("SPARK_PORT", "10000"))
    server = Server(Path(os.environ.get("SPARK_PATH", "warehouse/spark")), port)
    try:
        if options.action == "query":
            query(os.environ.get("SPARK_HOST", LOOPBACK), port, options.sql)
        else:
            print(server.up() if options.action == "up" else server.down())
    except NotDone as problem:
        print(f"spark_server.py: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
