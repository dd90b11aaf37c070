"""A dbt by hand beside the scheduled job: neither makes the other read the whole project again (half a minute)."""

import os
from argparse import Namespace
from pathlib import Path

import pytest
from dbt.config.runtime import load_profile
from dbt.flags import set_from_args
from dbt_common.context import set_invocation_context

import publish
import run

PROJECT = Path(__file__).resolve().parents[2]
BY_HAND = "warehouse/build.duckdb"


def connection(monkeypatch, environment):
    """What dbt keeps of the connection: with another one it reads the whole project again."""
    with monkeypatch.context() as patched:
        patched.delenv("WAREHOUSE_PATH", raising=False)
        for name, value in environment.items():
            patched.setenv(name, value)
        set_from_args(Namespace(profiles_dir=str(PROJECT)), None)
        set_invocation_context(dict(os.environ))
        return sorted(load_profile(str(PROJECT), {}).credentials.connection_info())


def job_of(warehouse):
    options = Namespace(landing=PROJECT, warehouse=warehouse, published=PROJECT, keep=publish.KEPT)
    return run.Job(Namespace(**vars(options), verify=False, notify=None, notify_seconds=1), 0, is_quiet=True)


@pytest.mark.parametrize(
    ("exported", "told"),
    [
        pytest.param(None, BY_HAND, id="nothing is set"),
        pytest.param(BY_HAND, BY_HAND, id="as make exports it"),
        pytest.param(None, str(PROJECT / BY_HAND), id="an option with the whole path"),
        pytest.param("warehouse/other.duckdb", "warehouse/other.duckdb", id="another file"),
        pytest.param(str(PROJECT / BY_HAND), str(PROJECT / BY_HAND), id="the whole path is exported"),
    ],
)
def test_the_job_and_a_dbt_by_hand_name_the_warehouse_alike(exported, told, monkeypatch):
    monkeypatch.chdir(PROJECT)
    monkeypatch.setenv("DBT_PROFILES_DIR", str(PROJECT))
    monkeypatch.delenv("WAREHOUSE_PATH", raising=False)
    by_hand = {"WAREHOUSE_PATH": exported} if exported else {}
    for name, value in by_hand.items():
        monkeypatch.setenv(name, value)
    job = job_of(Path(told)).environment["WAREHOUSE_PATH"]
    assert connection(monkeypatch, {"WAREHOUSE_PATH": job}) == connection(monkeypatch, by_hand)
    assert (PROJECT / job).resolve() == Path(told).resolve()


def test_a_warehouse_elsewhere_is_named_in_full(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WAREHOUSE_PATH", "w.duckdb")  # from another folder: dbt runs in the project's
    assert job_of(Path("w.duckdb")).environment["WAREHOUSE_PATH"] == os.fspath((tmp_path / "w.duckdb").resolve())
