"""The release BI reads: only of a green build, whole or not at all, and never in the way of a build.

What would silently go wrong: readers seeing half a release, a red build replacing yesterday's numbers, two jobs writing
at once, a file that older clients cannot open.
"""

import fcntl
import hashlib
import json
import os
import signal
import struct
import subprocess
import sys
import threading
import time
from argparse import Namespace
from datetime import date
from pathlib import Path

import duckdb
import pytest

import publish
import run

PROJECT = Path(__file__).resolve().parents[2]


def call(number, **fields):
    base = {"request_id": f"r{number}", "timestamp": f"2026-03-0{1 + number % 5}T10:00:00Z", "provider": "openai"}
    return json.dumps(
        base | {"model": "gpt-5", "input_tokens": 1000, "output_tokens": 100, "customer_id": "c"} | fields
    )


def run_job(warehouse, published, *more):
    """The scheduled job on this warehouse: the finished process."""
    command, environment = job(warehouse, published, *more)
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def job(warehouse, published, *more):
    """The command of the scheduled job, and its environment."""
    environment = os.environ | {
        "DBT_TARGET_PATH": str(warehouse.folder.parent / "target"),
        "DBT_LOG_PATH": str(warehouse.folder.parent / "logs"),
        "DBT_PROFILES_DIR": str(PROJECT),
    }
    paths = ("--landing", warehouse.landing, "--warehouse", warehouse.path, "--published", published)
    return [sys.executable, PROJECT / "scripts" / "run.py", *paths, *more], environment


def built(warehouse):
    """What the last build made and tested: id of a node -> what dbt knows of it, its compiled SQL too."""
    target = warehouse.folder.parent / "target"
    nodes = json.loads((target / "manifest.json").read_text())["nodes"]
    results = json.loads((target / "run_results.json").read_text())["results"]
    return {
        result["unique_id"]: nodes[result["unique_id"]] | {"compiled_code": result["compiled_code"]}
        for result in results
        if result["unique_id"] in nodes
    }


def digest(folder):
    """SHA-256 of every file of a release, the links followed."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix not in (".lock", ".prom"))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


@pytest.fixture(scope="module")
def release(warehouse, tmp_path_factory):
    """A folder that the job published into, and the job's summary."""
    published = tmp_path_factory.mktemp("published")
    folder = warehouse.landing / "inference_events"
    folder.mkdir(parents=True)
    (folder / "first.jsonl").write_text("\n".join(call(number) for number in range(20)) + "\n")
    done = run_job(warehouse, published)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return published, json.loads(done.stdout.splitlines()[-1])


def test_the_summary_is_one_line_and_true(release, warehouse):
    _, summary = release
    assert summary["status"] == "published"
    assert (summary["files_landed"], summary["rows_landed"], summary["rows_quarantined"]) == (1, 20, 0)
    assert set(summary["seconds"]) == {"land", "freshness", "build", "publish", "report"}
    assert (summary["exit_code"], summary["as_of_date"], summary["reason"]) == (0, "2026-03-05", None)
    assert summary["started_at"] < summary["ended_at"]
    green = warehouse.query("select build_id from raw.builds where status = 'green'")
    assert [(summary["release_id"],)] == green


def test_the_page_is_beside_the_release(release):
    published, summary = release
    assert summary["page"] == str(published / "report.html")
    page = (published / "report.html").read_text(encoding="utf-8")
    assert "Figures up to 5 March 2026" in page
    assert summary["release_id"] in page


def test_the_release_holds_every_mart_and_comment(release, warehouse):
    published, summary = release
    marts = warehouse.query("select table_name from information_schema.tables where table_schema = 'marts' order by 1")
    assert len(marts) == summary["marts"]
    with duckdb.connect(str(published / publish.FILE_NAME), read_only=True) as connection:
        connection.execute(f"attach '{warehouse.path}' as build (read_only)")
        for (mart,) in marts:
            for left, right in (("", "build."), ("build.", "")):
                extra = f"select * from {left}marts.{mart} except all select * from {right}marts.{mart}"
                assert connection.execute(f"select count(*) from ({extra})").fetchone() == (0,), mart
            parquet = published / "parquet" / f"{mart}.parquet"
            files = f"{parquet}/*.parquet" if parquet.is_dir() else parquet
            rows = connection.execute(f"select count(*) from '{files}'").fetchone()
            assert rows == connection.execute(f"select count(*) from marts.{mart}").fetchone()
        uncommented = connection.execute(
            """select table_name, column_name from duckdb_columns()
            where database_name = 'ai_unit_economics' and schema_name = 'marts' and comment is null"""
        ).fetchall()
        assert uncommented == []
        row = connection.execute("select release_id, mart_count, length(inputs_sha256) from _release").fetchall()
        assert row == [(summary["release_id"], len(marts), 64)]
        row = connection.execute("select as_of_date, landed_row_count, quarantined_row_count from _release").fetchall()
        assert row == [(date(2026, 3, 5), 20, 0)]
        assert connection.execute(f"select release_id from '{published / 'parquet' / '_release.parquet'}'").fetchall()
    # Storage version 64: every DuckDB 1.x client opens it.
    header = (published / publish.FILE_NAME).read_bytes()[:20]
    assert header[8:12] == b"DUCK"
    assert struct.unpack("<Q", header[12:20]) == (64,)


def test_the_release_is_remembered_once(release, warehouse):
    _, summary = release
    kept = warehouse.query("select release_id, customer_id, call_count, ai_cost_usd from raw.published_costs")
    assert [row[:3] for row in kept] == [(summary["release_id"], "c", 20)]
    assert kept[0][3] == warehouse.query("select sum(ai_cost_usd) from marts.fct_usage_daily")[0][0]


def test_a_second_run_exits_75_with_one_line(release, warehouse):
    published, _ = release
    before = digest(published)
    with (warehouse.path.with_name(warehouse.path.name + ".lock")).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        done = run_job(warehouse, published)
    assert done.returncode == 75
    assert json.loads(done.stdout) | {"started_at": "", "ended_at": ""} == {
        "status": "busy",
        "exit_code": 75,
        "holder_pid": int((warehouse.path.parent / f"{warehouse.path.name}.lock").read_text().split()[1]),
        "started_at": "",
        "ended_at": "",
    }
    assert len(done.stderr.strip().splitlines()) == 1
    assert digest(published) == before


def test_nothing_new_is_not_built_again(release, warehouse):
    published, summary = release
    before = digest(published)
    done = run_job(warehouse, published)
    again = json.loads(done.stdout)
    assert (done.returncode, again["status"], again["release_id"]) == (0, "unchanged", summary["release_id"])
    assert set(again["seconds"]) == {"land", "freshness"}
    assert digest(published) == before


def test_another_key_or_a_note_cut_short_is_something_new(release, warehouse):
    """Else the hashes of a key that was given away stay published, or a full disk stops every later run."""
    published, _ = release
    options = Namespace(landing=warehouse.landing, warehouse=warehouse.path, published=published, keep=publish.KEPT)
    options.verify, options.notify, options.notify_seconds = False, None, 1

    def is_unchanged():
        job = run.Job(options, 0, is_quiet=True)
        job.freshness()
        return job.is_unchanged

    assert is_unchanged()
    for name in ("user_id_key", "made_of.json"):
        file = warehouse.path.with_name(f"{warehouse.path.name}.{name}")
        kept = file.read_bytes()
        file.write_bytes(kept[:20])
        assert not is_unchanged(), name
        file.write_bytes(kept)
    assert is_unchanged()


def test_a_build_by_the_same_code_makes_no_view_of_ours_again(release, warehouse):
    published, _ = release
    kept = warehouse.path.with_name(f"{warehouse.path.name}.made_of.json")
    first = built(warehouse)
    (warehouse.landing / "inference_events" / "fourth.jsonl").write_text(call(700) + "\n")
    done = run_job(warehouse, published)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    again = built(warehouse)
    with duckdb.connect(str(published / publish.FILE_NAME), read_only=True) as connection:
        assert connection.execute("select count(*) from marts.fct_inference_calls").fetchone() == (21,)
    # Other code makes everything.
    kept.write_text(json.dumps(json.loads(kept.read_text()) | {"code_sha256": "another"}))
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("create table marts.of_a_removed_model as select 1 as number")
    (warehouse.landing / "inference_events" / "fifth.jsonl").write_text(call(701) + "\n")
    done = run_job(warehouse, published)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    assert not (published / "parquet" / "of_a_removed_model.parquet").exists()
    assert warehouse.query("select * from duckdb_tables() where table_name = 'of_a_removed_model'") == []
    whole = built(warehouse)
    assert whole.keys() == first.keys()
    left_out = whole.keys() - again.keys()
    views = {name for name in left_out if whole[name]["config"]["materialized"] == "view"}
    assert len(views) > 100
    others = [whole[name] for name in left_out - views]
    assert {node["resource_type"] for node in others} == {"seed", "test"}
    assert [
        node["name"] for node in others if any("model." in key for key in node["depends_on"].get("nodes", []))
    ] == []
    assert not {name for name in views if whole[name]["access"] == "public"}
    # The first build wrote every day, the last one what was new: no view that was left out says it in other words.
    assert [name for name in views if whole[name]["compiled_code"] != first[name]["compiled_code"]] == []


def test_a_dry_run_says_what_would_land_and_writes_nothing(release, warehouse):
    published, _ = release
    new = warehouse.landing / "inference_events" / "new.jsonl"
    new.write_text(call(99) + "\n")
    before = digest(warehouse.folder)
    done = json.loads(run_job(warehouse, published, "--dry-run").stdout)
    assert done["would_land"] == [{"file": "inference_events/new.jsonl", "bytes": new.stat().st_size}]
    assert (done["status"], done["known_files"], done["not_landed"]) == ("dry_run", 3, [])
    assert digest(warehouse.folder) == before
    new.unlink()


def test_a_signal_ends_the_step_at_work_too(release, warehouse):
    published, _ = release
    before = digest(published)
    (warehouse.landing / "inference_events" / "refused.jsonl").write_text(call(50, input_tokens="many") + "\n")
    command, environment = job(warehouse, published)
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as running:
        children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
        step = ""
        while "dbt" not in step and running.poll() is None:
            time.sleep(0.1)
            for child in children.read_text().split():
                cmdline = Path(f"/proc/{child}/cmdline")
                step = cmdline.read_text() if cmdline.exists() else ""
        running.send_signal(signal.SIGTERM)
        output, errors = running.communicate(timeout=60)
    assert running.returncode == 128 + signal.SIGTERM, errors
    summary = json.loads(output)
    assert (summary["status"], summary["exit_code"], summary["failed_step"]) == ("stopped", 143, "build")
    refused = {"source": "inference_events", "reason": "bad_type:input_tokens", "rows": 1}
    assert summary["refused"] == [refused | {"first": "inference_events/refused.jsonl:1"}]
    assert not Path(f"/proc/{child}").exists()
    assert digest(published) == before


def test_a_red_build_leaves_the_release_byte_for_byte(release, warehouse):
    """Most calls of a new file name a model nobody knows: the build fails above error_unpriced_share."""
    published, _ = release
    before = digest(published)
    unknown = [call(100 + number, model="nobody-knows-this") for number in range(9)]
    (warehouse.landing / "inference_events" / "second.jsonl").write_text("\n".join(unknown) + "\n")
    done = run_job(warehouse, published)
    assert done.returncode == 3
    assert "assert_unpriced_share_is_bearable" in done.stderr
    summary = json.loads(done.stdout.splitlines()[-1])
    assert (summary["status"], summary["failed_step"], summary["release_id"]) == ("failed", "build", None)
    assert summary["reason"].startswith("assert_unpriced_share_is_bearable: ")
    assert digest(published) == before
    # Nor can it be published by hand, nor after a run that left the tests out.
    with pytest.raises(publish.NotPublishable, match="failed"):
        publish.publish(warehouse.path, published)
    warehouse.dbt("run", "--select", "dim_dates")
    with pytest.raises(publish.NotPublishable, match="left out marts or tests"):
        publish.publish(warehouse.path, published)
    assert digest(published) == before


def test_readers_see_one_release_or_the_next_while_a_build_runs(release, warehouse):
    """A reader opens the published file again and again while the job lands, builds and publishes."""
    published, _ = release
    known = [call(200 + number) for number in range(400)]
    (warehouse.landing / "inference_events" / "third.jsonl").write_text("\n".join(known) + "\n")
    seen, problems, stop = set(), [], threading.Event()

    def read():
        while not stop.is_set():
            try:
                with duckdb.connect(str(published / publish.FILE_NAME), read_only=True) as connection:
                    seen.add(
                        connection.execute(
                            "select release_id, (select count(*) from marts.fct_inference_calls) from _release"
                        ).fetchone()
                    )
            except duckdb.Error as problem:
                problems.append(str(problem))
            stop.wait(0.05)

    reader = threading.Thread(target=read)
    reader.start()
    done = run_job(warehouse, published)
    stop.wait(0.2)
    stop.set()
    reader.join()
    assert done.returncode == 0, done.stderr[-3000:]
    assert not problems
    assert {count for _, count in seen} == {22, 431}
    assert len(seen) == 2
    newest = publish.publish(warehouse.path, published)
    for table in ("published_costs", "published_inputs"):
        assert warehouse.query(f"select distinct release_id from raw.{table}") == [(newest.release_id,)]


def test_alerts_of_an_unchanged_rebuild_are_not_new(release, warehouse):
    """The calls of models nobody knows were alerted of by the release before this build."""
    new = "select kind, subject from marts.alerts where is_new"
    assert ("unpriced_share", "all") in warehouse.query(new)
    everything = warehouse.query("select kind, subject, since_date, value from marts.alerts order by kind, subject")
    warehouse.dbt("run", "--select", "alerts")
    assert warehouse.query(new) == []
    again = warehouse.query("select kind, subject, since_date, value from marts.alerts order by kind, subject")
    assert again == everything
