"""The benchmark runs, and the script by hand that it measures dbt against gives the project's numbers.

What would silently go wrong: a fast script by hand that leaves work out, so that the comparison says nothing. Times are
not tested: they belong to the machine.
"""

import json

import duckdb
import pytest

import benchmark
from demo.world import BAD_LINES


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory):
    """Folder and results of a quick run of a landing and of the whole build."""
    folder = tmp_path_factory.mktemp("benchmark")
    results = folder / "results.json"
    only = ["--only", "landing_parquet", "--only", "ten_million"]
    exit_code = benchmark.main(["--quick", *only, "--work", str(folder / "work"), "--json", str(results)])
    return folder / "work", exit_code, json.loads(results.read_text()) if results.is_file() else []


def test_quick_run_measures_both_sides_and_judges_nothing(quick_run):
    _, exit_code, results = quick_run
    assert exit_code == 0
    assert [(result["name"], result["status"]) for result in results] == [
        ("landing_parquet", "shown"),
        ("ten_million", "shown"),
    ]
    for result in results:
        for side in ("ours", "beside"):
            assert all(value > 0 for value in result["rounds"][0][side].values())


@pytest.mark.parametrize("mart", ["dim_customers", *benchmark.SAME_NUMBERS])
def test_script_by_hand_equals_the_project_row_for_row(quick_run, mart):
    work, _, _ = quick_run
    with duckdb.connect() as connection:
        connection.execute(f"attach '{work / 'project' / 'build.duckdb'}' as project (read_only)")
        connection.execute(f"attach '{work / 'by_hand' / 'by_hand.duckdb'}' as by_hand (read_only)")
        columns = [row[:2] for row in connection.execute(f"describe project.marts.{mart}").fetchall()]
        assert [row[:2] for row in connection.execute(f"describe by_hand.marts.{mart}").fetchall()] == columns
        assert connection.execute(f"select count(*) from project.marts.{mart}").fetchone()[0] > 0
        for left, right in (("project", "by_hand"), ("by_hand", "project")):
            surplus = connection.execute(
                f"select * from {left}.marts.{mart} except all select * from {right}.marts.{mart} limit 3"
            ).fetchall()
            assert not surplus, f"only in {left}"


def test_other_numbers_are_reported(quick_run, tmp_path):
    work, _, _ = quick_run
    changed = tmp_path / "changed.duckdb"
    changed.write_bytes((work / "by_hand" / "by_hand.duckdb").read_bytes())
    with duckdb.connect(str(changed)) as connection:
        connection.execute(
            """update marts.fct_inference_calls set computed_cost_usd = computed_cost_usd + 0.000000000001
            where call_id = (select min(call_id) from marts.fct_inference_calls where computed_cost_usd > 0)"""
        )
    with pytest.raises(benchmark.NumbersDiffer, match="fct_inference_calls"):
        benchmark.check_numbers(work / "project" / "build.duckdb", changed)


def test_ratio_over_its_limit_is_over():
    rounds = [benchmark.Round(benchmark.Cost(seconds, seconds, 1), benchmark.Cost(1, 1, 1)) for seconds in (1, 2.5, 9)]
    assert benchmark.Result("landing_jsonl", 1, 2.5, rounds).status == "ok"
    assert benchmark.Result("landing_jsonl", 1, 2.4, rounds).status == "over"


def test_joined_json_lines_hold_no_bad_line(tmp_path):
    files = [tmp_path / "2025-10.jsonl", tmp_path / "2025-11.jsonl"]
    files[0].write_text("\n".join(['{"request_id":"a"}', *BAD_LINES]) + "\n")
    files[1].write_text('{"request_id":"b"}\n')
    benchmark.join_jsonl(files, tmp_path / "calls.jsonl")
    assert (tmp_path / "calls.jsonl").read_text() == '{"request_id":"a"}\n{"request_id":"b"}\n'
