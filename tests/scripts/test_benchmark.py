"""The benchmark runs, and the script by hand that it measures dbt against gives the project's numbers.

What would silently go wrong: a fast script by hand that leaves work out, so that the comparison says nothing. Times are
not tested: they belong to the machine.
"""

import json
import shutil

import duckdb
import pytest
from rich.console import Console

import benchmark
from benchmarking import job
from demo.world import BAD_LINES


@pytest.fixture(scope="module")
def quick_run(tmp_path_factory):
    """Folder, exit code and results of a quick run of a landing and of the whole build."""
    folder = tmp_path_factory.mktemp("benchmark")
    results = folder / "results.json"
    only = ["--only", "landing_parquet", "--only", "ten_million"]
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("DBT_WRITE_JSON", "false")  # seconds of every command
        exit_code = benchmark.main(["--quick", *only, "--work", str(folder / "work"), "--json", str(results)])
    return folder / "work", exit_code, json.loads(results.read_text()) if results.is_file() else []


@pytest.fixture(scope="module")
def both(quick_run):
    """The builds of both sides, by name."""
    work, _, _ = quick_run
    return {"project": work / "project" / "build.duckdb", "by_hand": work / "by_hand" / "by_hand.duckdb"}


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
            assert result["bytes_a_row"][side] > 0


@pytest.mark.parametrize("table", benchmark.TABLES)
def test_script_by_hand_equals_the_project_row_for_row(both, table):
    with duckdb.connect() as connection:
        for side, path in both.items():
            connection.execute(f"attach '{path}' as {side} (read_only)")
        columns = ", ".join(name for name, *_ in connection.execute(f"describe by_hand.{table}").fetchall())
        assert connection.execute(f"select count(*) from project.{table}").fetchone()[0] > 0
        for left, right in (("project", "by_hand"), ("by_hand", "project")):
            sql = f"select {columns} from {left}.{table} except all select {columns} from {right}.{table}"
            surplus = connection.execute(f"{sql} limit 3").fetchall()
            assert not surplus, f"only in {left}"


@pytest.mark.parametrize(
    ("side", "change", "said"),
    [
        (
            "project",
            """update intermediate.int_calls_priced set computed_cost_usd = computed_cost_usd + 0.000000000001
            where call_id = (select min(call_id) from marts.fct_inference_calls where computed_cost_usd > 0)""",
            "fct_inference_calls: other rows, computed_cost_usd$",
        ),
        (
            "by_hand",
            "update marts.fct_usage_daily set call_count = call_count + 1 where rowid = 0",
            "fct_usage_daily: other rows, call_count$",
        ),
        ("project", "delete from marts.cost_per_inference where rowid = 0", "cost_per_inference: other rows,"),
        ("by_hand", "insert into marts.dim_customers from marts.dim_customers limit 1", "dim_customers: other rows,"),
        (
            # Every column alone holds what it did.
            "by_hand",
            """update marts.fct_inference_calls set prompt_hash = case prompt_hash when low then high else low end
            from (select min(prompt_hash) as low, max(prompt_hash) as high from marts.fct_inference_calls)
            where call_id in (
                (select min(call_id) from marts.fct_inference_calls where prompt_hash = low),
                (select min(call_id) from marts.fct_inference_calls where prompt_hash = high)
            )""",
            "fct_inference_calls: other rows$",
        ),
        (
            "project",
            "alter table marts.prompt_efficiency_weekly rename wasted_tokens to lost_tokens",
            "prompt_efficiency_weekly: not in the project, or of another type: wasted_tokens$",
        ),
    ],
)
def test_other_numbers_are_reported(both, tmp_path, side, change, said):
    changed = shutil.copy(both[side], tmp_path / f"{side}.duckdb")
    with duckdb.connect(str(changed)) as connection:
        connection.execute(change)
    sides = both | {side: changed}
    with pytest.raises(benchmark.NumbersDiffer, match=said):
        benchmark.check_numbers(sides["project"], sides["by_hand"], benchmark.TABLES)


def test_company_by_hand_equals_the_project(tmp_path):
    bench = benchmark.Bench(tmp_path, benchmark.SMALLEST_DEMO, None)
    landing = job.Company(tmp_path, bench.calls, bench.build, {}).landing()
    benchmark.remove_build(bench)
    benchmark.land_folder(landing, bench.build)
    benchmark.dbt(bench, "seed")
    marts = [f"+{table.split('.')[1]}" for table in benchmark.COMPANY_MARTS]
    benchmark.dbt(bench, "run", "--full-refresh", "--select", *marts)
    files = [str(path) for path in benchmark.call_files(landing)]
    assert benchmark.company_by_hand(bench, files).cpu_seconds > 0
    with duckdb.connect(str(tmp_path / "by_hand" / "by_hand.duckdb")) as connection:
        for table in benchmark.COMPANY_MARTS:
            assert connection.execute(f"select count(*) from {table}").fetchone()[0] > 0, table
    # A bill that the project did not see.
    benchmark.run_sql(bench.build, "update raw.ai_bills set amount = 2 * amount where component = 'vector_db'")
    with pytest.raises(benchmark.NumbersDiffer, match="fct_usage_daily: other rows, vector_db_cost_usd, "):
        benchmark.company_by_hand(bench, files)


def test_bare_readers_of_exports_read_what_lands(tmp_path):
    names = ["landing_litellm", "landing_otlp"]
    results = tmp_path / "results.json"
    only = [word for name in names for word in ("--only", name)]
    sizes = ["--calls", "1000", "--repeat", "1"]
    assert benchmark.main([*only, *sizes, "--work", str(tmp_path / "work"), "--json", str(results)]) == 0
    assert [result["name"] for result in json.loads(results.read_text())] == names
    # What landed last, changed: a bare reader that reads something else is no measure.
    landed = tmp_path / "work" / "landing"
    with duckdb.connect(str(landed / "bare.duckdb")) as connection:
        assert connection.execute("select count(*) from raw.otel_genai_spans").fetchone()[0] == 1000
        connection.execute("update raw.otel_genai_spans set attributes = '{}' where rowid = 7")
    with pytest.raises(benchmark.NumbersDiffer, match=r"otel_genai_spans: other rows, attributes$"):
        benchmark.check_numbers(landed / "build.duckdb", landed / "bare.duckdb", ["raw.otel_genai_spans"])


def test_revenue_by_hand_serves_each_line_by_the_second(tmp_path):
    files = {name: str(tmp_path / f"{name}.parquet") for name in ("invoice_line_items", "invoices", "charges")}
    contents = {
        # 2 USD over two days from noon, and 3 USD without a period; nothing after the last charge is revenue yet.
        "invoice_line_items": """(values
            ('in_0', 'seats', 200, timestamp '2026-01-01 12:00:00', timestamp '2026-01-03 12:00:00'),
            ('in_0', 'seats', 300, null, null)) as lines (invoice_id, product_id, amount, period_start, period_end)""",
        "invoices": "(values ('in_0', 'cus_0', timestamp '2026-01-02 09:00:00')) as i (id, customer_id, finalized_at)",
        "charges": "(values (timestamp '2026-01-02 12:00:00')) as charges (created)",
    }
    for name, rows in contents.items():
        benchmark.run_sql(":memory:", f"copy (from {rows}) to '{files[name]}' (format parquet)")
    _, database = benchmark.run_by_hand(
        benchmark.Bench(tmp_path, 1000, None), benchmark.REVENUE_BY_HAND.read_text(), **files
    )
    found = benchmark.run_sql(database, "from marts.fct_revenue_daily order by revenue_date")[1]
    assert found == [
        ["2026-01-01", "cus_0", "seats", "0.500000000000"],
        ["2026-01-02", "cus_0", "seats", "4.000000000000"],
    ]


def test_job_that_works_again_is_no_measure_of_nothing_new(monkeypatch, tmp_path):
    company = job.Company(tmp_path, benchmark.SMALLEST_DEMO, tmp_path / "project" / "build.duckdb", {})
    cost = benchmark.Cost(1, 1, 1)
    said = 'landed\n{"status": "published", "seconds": {"build": 1}}\n'
    monkeypatch.setattr(job, "run", lambda *_: (cost, said))
    monkeypatch.setattr(job.Company, "node_seconds", lambda _: {"model": 1})
    assert company.run(job.WHOLE, tmp_path, "published") == job.Job(cost, {"build": 1}, {"model": 1})
    with pytest.raises(benchmark.StepFailed, match="status published, not unchanged"):
        company.run(job.NOTHING, tmp_path, "unchanged")


def test_seconds_of_marts_are_of_all_they_are_made_of(tmp_path):
    company = job.Company(tmp_path, benchmark.SMALLEST_DEMO, tmp_path / "build.duckdb", {})
    (tmp_path / "target").mkdir()
    model = "model.ai_unit_economics.{}".format
    parents = {model("a"): ["seed.ai_unit_economics.s"], model("b"): [model("a")], model("c"): [model("a")]}
    results = [{"unique_id": node, "execution_time": 1} for node in (*parents, "seed.ai_unit_economics.s")]
    for name, said in {"manifest.json": {"parent_map": parents}, "run_results.json": {"results": results}}.items():
        (tmp_path / "target" / name).write_text(json.dumps(said))
    assert company.model_seconds(["marts.b"]) == 2


def test_ratios_of_the_job_are_of_its_runs(capsys):
    """A tenth of the calls, ten times cheaper: it grows with the calls. A day costs the same on both."""
    cost = {job.WHOLE: (100, 10), job.DAY: (12, 12), job.NOTHING: (2, 2)}
    companies = [job.Company(None, calls, None, {}) for calls in (10_000, 1_000)]
    for number, company in enumerate(companies):
        for what, seconds in cost.items():
            spent = benchmark.Cost(seconds[number], seconds[number], 1000)
            steps = {"publish": 8 if what == job.WHOLE else 2}
            company.runs[what] = job.Job(spent, steps, {"model": 6, "test": 3})
    companies[0].by_hand, companies[0].seconds_of_marts = benchmark.Cost(4, 50, 1), 3
    job.print_job(companies, Console(width=200))
    said = capsys.readouterr().out
    for line in (
        "one more day, CPU ÷ the same on a tenth of the calls: 1.00",
        "one more day ÷ whole history, CPU: 0.12",
        "publishing one more day ÷ publishing everything, seconds: 0.25",
        "data tests ÷ models of one more day, node seconds: 0.50",
        "growth exponent of the whole history, CPU: 1.00",
        "nothing new, seconds: 2.00",
        "whole history ÷ the script by hand, CPU: 2.00",
        "models of the whole history ÷ the script by hand, seconds: 1.50",
        "the same of the models that its marts are made of: 0.75",
    ):
        assert line in said


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
