"""A Spark server for the tests of this folder, and the marts it wrote, read from its Parquet files."""

import json
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

PROJECT = Path(__file__).resolve().parents[2]


def free_port():
    """A port nobody listens on, below those the system hands out itself: Spark takes some of these while it starts."""
    for port in random.sample(range(20_000, 30_000), 100):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port
    raise OSError("no free port between 20000 and 30000")


class Spark:
    """A local Spark server with a folder of its own, and the project's own commands to fill it."""

    project = PROJECT
    free_port = staticmethod(free_port)

    def __init__(self, binaries: Path, folder: Path) -> None:
        self.binaries = binaries
        self.folder = folder
        self.raw = folder / "raw"
        self.tables = folder / "server" / "tables"
        self.target = folder / "target"
        self.environment = os.environ | {
            "SPARK_PATH": str(folder / "server"),
            "SPARK_RAW_PATH": str(self.raw),
            "SPARK_HOST": "127.0.0.1",
            "SPARK_PORT": str(free_port()),
            "SPARK_CATALOG": "in-memory",
            "DBT_TARGET_PATH": str(self.target),
            "DBT_LOG_PATH": str(folder / "logs"),
            "DBT_PROFILES_DIR": str(PROJECT),
        }

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """Run a command with Spark's environment; fail with its output unless it exits 0."""
        done = subprocess.run(command, cwd=PROJECT, env=self.environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command} exited {done.returncode}\n{done.stdout[-6000:]}\n{done.stderr[-3000:]}"
        return done

    def server(self, *arguments: str) -> str:
        script = str(PROJECT / "scripts" / "spark_server.py")
        return self.run(str(self.binaries / "python"), script, *arguments).stdout

    def query(self, *statements: str) -> list[list]:
        """Rows of all statements, values as JSON has them."""
        return [json.loads(line) for line in self.server("query", *statements).splitlines()]

    def dbt(self, *arguments: str) -> float:
        """Run dbt on Spark, such as ``dbt("run", "--full-refresh")``; the seconds it took."""
        started = time.monotonic()
        # Quiet: when it fails, what it printed is the errors.
        self.run(str(self.binaries / "dbt"), "--quiet", *arguments, "--target", "spark")
        return time.monotonic() - started

    def load(self, warehouse: Path) -> None:
        """Export the raw tables of a DuckDB warehouse to where Spark reads them."""
        script = str(PROJECT / "scripts" / "export_raw.py")
        self.run(sys.executable, script, "--warehouse", str(warehouse), "--out", str(self.raw))

    def view_of(self, connection: duckdb.DuckDBPyConnection, schema: str, name: str) -> str | None:
        """Make a table that Spark wrote readable in DuckDB; its name there, None when it has no file and so no row."""
        folder = self.tables / f"{schema}.db" / name
        if not any(folder.rglob("*.parquet")):
            return None
        columns = connection.execute(
            f"describe select * from read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
        ).fetchall()
        # Spark's timestamps are points in time, ours are UTC without zone.
        timed = [f"{name} at time zone 'UTC' as {name}" for name, data_type, *_ in columns if "ZONE" in data_type]
        star = f"* replace ({', '.join(timed)})" if timed else "*"
        view = f"spark_{schema}_{name}"
        connection.execute(
            f"create or replace temp view {view} as"
            f" select {star} from read_parquet('{folder}/**/*.parquet', hive_partitioning = true)"
        )
        return view


@pytest.fixture(scope="session")
def spark(tmp_path_factory):
    """A running server; everything that needs it is skipped, saying why, where it cannot be."""
    binaries = Path(os.environ.get("SPARK_BIN", PROJECT / ".venv-spark" / "bin")).absolute()
    if shutil.which("java") is None and not os.environ.get("JAVA_HOME"):
        pytest.skip("no Java: the comparison with Spark did not run; install Java 17")
    if not (binaries / "dbt").is_file():
        pytest.skip(f"no dbt-spark in {binaries}: the comparison with Spark did not run; run `make test-engines`")
    engine = Spark(binaries, tmp_path_factory.mktemp("spark"))
    print(f"\n{engine.server('up')}", end="")
    yield engine
    engine.server("down")
