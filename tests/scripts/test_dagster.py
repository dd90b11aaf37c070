"""The job as Dagster assets: what a run made is shown, and what failed is said.

Skipped without the optional environment (`make dagster-env`, or env DAGSTER_BIN). The first run is a whole build.
"""

import json
import os
import sqlite3
import subprocess
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
DAGSTER = Path(os.environ.get("DAGSTER_BIN", PROJECT / ".venv-dagster" / "bin")) / "dagster"
pytestmark = pytest.mark.skipif(not DAGSTER.is_file(), reason="no Dagster: make dagster-env")
CALL = {"request_id": "r", "timestamp": "2026-03-01T10:00:00Z", "model": "gpt-5-mini", "input_tokens": 9}


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder for Dagster's own records."""
    home = tmp_path_factory.mktemp("dagster")
    (home / "dagster.yaml").write_text("telemetry: {enabled: false}\n")
    return home


def materialize(home, warehouse):
    """Make everything; the finished process."""
    environment = os.environ | {
        "DAGSTER_HOME": str(home),
        "LANDING_PATH": str(warehouse.landing),
        "WAREHOUSE_PATH": str(warehouse.path),
        "PUBLISHED_PATH": str(warehouse.folder / "published"),
        "DBT_TARGET_PATH": str(home / "target"),
        "DBT_LOG_PATH": str(home / "logs"),
    }
    command = [DAGSTER, "asset", "materialize", "--select", "*", "-f", "scripts/dagster_job.py"]
    return subprocess.run(command, cwd=PROJECT, env=environment, capture_output=True, text=True, check=False)


def made(home):
    """How often each asset was made."""
    with sqlite3.connect(next(home.rglob("index.db"), home / "none.db")) as records:
        found = records.execute("select asset_key from asset_keys where last_materialization is not null").fetchall()
    return {"/".join(json.loads(key)) for (key,) in found}


def test_a_failure_says_the_step_and_the_reason(home, warehouse):
    done = materialize(home, warehouse)
    assert done.returncode != 0
    assert "land: " in done.stderr
    assert "no such folder" in done.stderr
    assert made(home) == set()


def test_a_run_makes_every_asset_and_the_next_one_nothing(home, warehouse):
    (warehouse.landing / "inference_events").mkdir(parents=True)
    (warehouse.landing / "inference_events" / "calls.jsonl").write_text(json.dumps(CALL) + "\n")
    first = materialize(home, warehouse)
    assert first.returncode == 0, first.stderr[-5000:]
    marts = warehouse.query("select table_name from information_schema.tables where table_schema = 'marts'")
    assert made(home) >= {"release", "raw/inference_events"} | {f"marts/{name}" for (name,) in marts}
    second = materialize(home, warehouse)
    assert second.returncode == 0, second.stderr[-5000:]
    assert "nothing was made" in second.stderr
