"""The local Spark server starts and stops cleanly, also when it is stopped while it starts or was killed."""

import os
import subprocess
import time

import pytest

from spark_server import LOOPBACK, NotDone, Server


@pytest.fixture
def other_server(spark, tmp_path):
    """Command and environment of a second server with a folder of its own."""
    environment = spark.environment | {"SPARK_PATH": str(tmp_path), "SPARK_PORT": str(spark.free_port())}
    script = str(spark.project / "scripts" / "spark_server.py")
    return [str(spark.binaries / "python"), script], environment


def test_a_half_started_server_is_stopped(other_server, tmp_path):
    command, environment = other_server
    starting = subprocess.Popen([*command, "up"], env=environment, stderr=subprocess.PIPE, text=True)
    pid_file = tmp_path / "server.pid"
    deadline = time.monotonic() + 60
    while not (pid_file.exists() and pid_file.read_text()) and time.monotonic() < deadline:
        time.sleep(0.05)
    time.sleep(1)
    pid = int(pid_file.read_text())
    stopped = subprocess.run([*command, "down"], env=environment, capture_output=True, text=True, check=False)
    assert (stopped.returncode, stopped.stdout.strip()) == (0, "Spark is stopped")
    assert starting.wait(timeout=60) == 1
    assert "server.log" in starting.stderr.read()
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
    assert not pid_file.exists()
    again = subprocess.run([*command, "down"], env=environment, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stdout.strip()) == (0, "Spark is not running")


def test_a_server_with_a_metastore_remembers_its_tables_and_days(other_server):
    """The comparison's server has none and is quicker; `make spark-up` starts one like this."""
    command, environment = other_server

    def run(*arguments):
        done = subprocess.run(
            [*command, *arguments],
            env=environment | {"SPARK_CATALOG": "hive"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.splitlines()

    try:
        run("up")
        run(
            "query",
            "create table fact (n bigint, usage_date date) using parquet partitioned by (usage_date)",
            "insert into fact values (1, date '2026-03-01'), (2, date '2026-03-02'), (3, date '2026-03-03')",
            "alter table fact drop partition (usage_date = '2026-03-01'), partition (usage_date = '2026-03-02')",
            "insert overwrite table fact select 4, date '2026-03-02'",
        )
        run("down")
        run("up")
        rows = run("query", "select n, usage_date from fact order by n", "show partitions fact")
    finally:
        run("down")
    assert rows == [
        '[3, "2026-03-03"]', '[4, "2026-03-02"]', '["usage_date=2026-03-02"]', '["usage_date=2026-03-03"]',
    ]  # fmt: skip


def test_a_number_that_another_program_has_now_is_left_alone(tmp_path):
    server = Server(tmp_path, 1)
    server.pid_file.write_text(str(os.getpid()))
    assert server.pid() is None
    assert server.down() == "Spark is not running"


def test_a_port_that_is_taken_is_named(spark, tmp_path):
    port = int(spark.environment["SPARK_PORT"])
    with pytest.raises(NotDone, match=f"port {port} is taken"):
        Server(tmp_path, port).up()
    assert LOOPBACK == "127.0.0.1"


def test_a_write_that_was_cut_off_does_not_block_the_next(tmp_path):
    tables = tmp_path / "tables" / "marts.db"
    for path in ("cut_off/_temporary/0/part", "cut_off/part-0.parquet", "whole/_SUCCESS", "whole/_temporary/0/part"):
        (tables / path).parent.mkdir(parents=True, exist_ok=True)
        (tables / path).touch()
    Server(tmp_path, 1).clear_unfinished()
    assert not (tables / "cut_off").exists()
    assert [path.name for path in (tables / "whole").iterdir()] == ["_SUCCESS"]
