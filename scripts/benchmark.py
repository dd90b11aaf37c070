"""Measure the product against plain DuckDB, side by side on the same machine and in the same run.

    python scripts/benchmark.py [--only NAME]... [--calls N | --quick] [--repeat N] [--work DIR] [--json FILE]

    name              measured                                             beside it
    landing_parquet   scripts/land.py, 1 M calls in one Parquet file       create table as select * from read_parquet
    landing_jsonl     the same from JSON lines                             the same from read_json, types given
    landing_litellm   LiteLLM's export, a JSON object inside a text        the same from read_json, equal rows
    landing_otlp      OTLP documents, 100 spans in each                    the same from read_json, opened, equal rows
    ten_million       land.py + `dbt run` of the marts, 10 M calls          benchmark_by_hand.sql, the same marts
    revenue_million   `dbt run` of fct_revenue_daily, 1 M invoice lines    benchmark_revenue.sql, equal rows
    job               run.py on a company with every source, 10 M calls    benchmark_company.sql in the one above, and
                                                                           the same with a tenth of the calls

`job` runs the scheduled job on the whole history; then, each on a copy of that, with one more day, one corrected call
of the first month, another price of one model, one more invoice line of the last month, and with nothing new.

The limits are 1.5 for landing Parquet, 3 for other landings and 2 for building times the seconds of the other side; the
job is shown, not judged. A side is whole processes; `dbt seed` is not counted, nor is the
landing of invoices. Both sides run in turn; a ratio is the median over the repeats. CPU is user + system of the process
and its children, peak the largest resident size of any of them; where rows land, the bytes that one takes in each
side's database are shown below. DuckDB has 2 threads (the benchmark holds itself to two processors); the project and
the scripts by hand have 2 GB of memory and a temp directory beside the database, the bare readers have no limit.

A script by hand must give the project's numbers: its measurement fails when a row or a value that it writes differs
from the project's, on whichever side. Limits are judged at the sizes above only; start-up alone is 10 s of a small run.

Data comes from scripts/demo_company.py and stays below --work, where the next run finds it. Progress goes to stderr.
Exit code: 0 within the limits, 1 a ratio over its limit or numbers that differ, 2 a step that failed.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from pathlib import Path

import duckdb
from rich.console import Console
from rich.table import Table

from benchmark_exports import EXPORTS, STRIPE
from benchmarking.job import Company, print_job
from benchmarking.processes import PROJECT, SCRIPTS, Cost, StepFailed, fresh, literal, run, run_sql, step
from demo.world import BAD_LINES

BY_HAND = SCRIPTS / "benchmark_by_hand.sql"
COMPANY_BY_HAND = SCRIPTS / "benchmark_company.sql"
REVENUE_BY_HAND = SCRIPTS / "benchmark_revenue.sql"

FULL_CALLS = 10_000_000
LANDING_CALLS = 1_000_000
INVOICE_LINES = 1_000_000
QUICK_CALLS = 50_000
SMALLEST_DEMO = 1_000
THREADS = 2
MEMORY_LIMIT = "2GB"
STORAGE = {"storage_compatibility_version": "v1.4.0"}  # as land.py and the dbt profile write
REFERENCE_TABLES = (
    "raw.model_prices",
    "raw.model_resolutions",
    "raw.crm_customers",
    "reference.price_overrides",
    "reference.model_aliases",
    "reference.model_tiers",
    "reference.use_cases",
    "reference.token_targets",
)

# What the script of a whole company reads beside them, and what it writes.
COMPANY_TABLES = (
    "raw.ai_bills",
    "raw.openai_usage",
    "raw.finetuning_jobs",
    "raw.fx_rates",
    "raw.stripe_customers",
    "raw.stripe_products",
    "raw.stripe_prices",
    "raw.stripe_subscriptions",
    "raw.stripe_invoices",
    "raw.stripe_invoice_line_items",
    "raw.stripe_charges",
    "raw.stripe_credit_notes",
    "raw.stripe_refunds",
    "raw.stripe_disputes",
    "raw.stripe_credit_grants",
    "raw.stripe_credit_balance_transactions",
    "raw.stripe_meter_event_summaries",
    "raw.revenue_accruals",
    "raw.acquisition_spend",
    "raw.workflow_outcomes",
    "reference.provider_aliases",
    "reference.currency_exponents",
    "reference.product_ai_share",
    "reference.feature_launches",
    "reference.benchmarks",
)

# The tables on both sides: every column that the script by hand writes must hold the project's numbers, row for row.
TABLES = (
    "marts.dim_customers",
    "marts.fct_inference_calls",
    "marts.fct_usage_daily",
    "marts.cost_per_inference",
    "marts.prompt_efficiency_weekly",
    "marts.attribution_coverage_monthly",
)
COMPANY_MARTS = (
    *TABLES,
    "marts.fct_inference_costs",
    "marts.fct_revenue_daily",
    "marts.customer_margins_monthly",
    "marts.customer_margins_weekly",
    "marts.gross_margin_monthly",
    "marts.cost_concentration_monthly",
    "marts.cost_percentiles_monthly",
    "marts.inference_efficiency_monthly",
    "marts.fct_acquisition_spend_daily",
    "marts.acquisition_cohorts_monthly",
    "marts.active_user_economics_monthly",
    "marts.workflow_costs_monthly",
)
# What the project builds for the calls alone: the marts with everything they are made of.
SELECTED = [f"+{table.split('.')[1]}" for table in TABLES]


class NumbersDiffer(Exception):
    """The script by hand and the project do not agree: the message says where."""


@dataclass(frozen=True)
class Round:
    """Both sides of a measurement, once."""

    ours: Cost
    beside: Cost


@dataclass
class Result:
    """A measurement: all its rounds, and the limit it is judged by (None: it is shown, not judged)."""

    name: str
    calls: int
    limit: float | None
    rounds: list[Round] = field(default_factory=list)
    bytes_a_row: dict[str, float] = field(default_factory=dict)  # of each side's database, where rows were landed

    @property
    def ratio(self) -> float:
        """Median over the rounds of our seconds over the other side's."""
        return statistics.median(round_.ours.seconds / round_.beside.seconds for round_ in self.rounds)

    @property
    def cpu_ratio(self) -> float:
        """The same of CPU seconds, which other programs on the machine disturb less."""
        return statistics.median(round_.ours.cpu_seconds / round_.beside.cpu_seconds for round_ in self.rounds)

    @property
    def status(self) -> str:
        """`ok` or `over` its limit, `shown` when it has none."""
        if self.limit is None:
            return "shown"
        return "ok" if self.ratio <= self.limit else "over"

    def median(self, side: str) -> Cost:
        """The median cost of a side, `ours` or `beside`."""
        costs = [getattr(round_, side) for round_ in self.rounds]
        return Cost(*(statistics.median(getattr(cost, name) for cost in costs) for name in Cost.__dataclass_fields__))


# ------------------------------------------------------------------------------------------------------- the data


@dataclass(frozen=True)
class Bench:
    """Where a benchmark works, and at what size."""

    work: Path
    calls: int
    repeat: int | None

    @property
    def build(self) -> Path:
        """The build file, always under the same path: another path would make dbt read the whole project again."""
        return self.work / "project" / "build.duckdb"

    @property
    def landed(self) -> int:
        """The calls that the measurements of landing land."""
        return min(self.calls, LANDING_CALLS)

    def repeats(self, default: int) -> int:
        """How many rounds a measurement runs."""
        return self.repeat or default

    def limit(self, limit: float, calls: int) -> float | None:
        """The limit, at the size it was set for."""
        return limit if self.calls >= calls else None


def demo(bench: Bench, calls: int, file_format: str) -> Path:
    """The landing folder of a demo company: its calls, one file a month, and its CRM."""
    folder = bench.work / "data" / f"{file_format}-{calls}"
    if not folder.exists():
        with step(f"writing {calls:,} calls as {file_format}"):
            unfinished = fresh(folder.with_name(folder.name + ".unfinished"))
            script = [sys.executable, str(SCRIPTS / "demo_company.py"), "--out", str(unfinished), "--calls", str(calls)]
            run([*script, "--format", file_format, "--only", "inference_events"])
            run([*script, "--only", "crm_customers"])
            unfinished.rename(folder)
    return folder


def call_files(folder: Path) -> list[Path]:
    """The files of calls in a landing folder, in landing order."""
    return sorted((folder / "inference_events").iterdir())


def one_file(bench: Bench, calls: int, file_format: str) -> Path:
    """A landing folder with all calls in one file, `inference_events/calls.<format>`."""
    folder = bench.work / "data" / f"one-{file_format}-{calls}"
    if not folder.exists():
        months = call_files(demo(bench, calls, file_format))
        unfinished = fresh(folder.with_name(folder.name + ".unfinished"))
        (unfinished / "inference_events").mkdir()
        target = unfinished / "inference_events" / f"calls.{file_format}"
        join_jsonl(months, target) if file_format == "jsonl" else join_parquet(months, target)
        unfinished.rename(folder)
    return folder


def join_parquet(files: list[Path], target: Path) -> None:
    """Copy the rows of all files into one."""
    sql = f"copy (select * from read_parquet(getvariable('files'))) to {literal(target)} (format parquet)"
    run_sql(":memory:", sql, files=[str(path) for path in files])


def join_jsonl(files: list[Path], target: Path) -> None:
    """Copy the lines of all files into one, without the demo company's bad ones: a bare read_json refuses them."""
    bad = {line.encode() + b"\n" for line in BAD_LINES}
    with target.open("wb") as copy:
        for path in files:
            with path.open("rb") as lines:
                copy.writelines(line for line in lines if line not in bad)


# ------------------------------------------------------------------------------------------------------- equal numbers


def columns(connection: duckdb.DuckDBPyConnection, table: str) -> dict[str, str]:
    """Name and type of a table's columns."""
    return {name: data_type for name, data_type, *_ in connection.execute(f"describe {table}").fetchall()}


def content(connection: duckdb.DuckDBPyConnection, table: str, names: list[str]) -> dict[str, object]:
    """What a table holds in these columns, whatever the order of its rows: `rows`, and each column alone."""
    hashes = ", ".join(f"sum(hash({name})::hugeint)" for name in names)
    sql = f"select (count(*), sum(hash(row({', '.join(names)}))::hugeint)), {hashes} from {table}"
    return dict(zip(["rows", *names], connection.execute(sql).fetchone() or (), strict=True))


def difference(connection: duckdb.DuckDBPyConnection, table: str) -> str | None:
    """Where a table `by_hand` is not the one of the `project`; None where it is."""
    expected_columns, written = columns(connection, f"project.{table}"), columns(connection, f"by_hand.{table}")
    missing = [name for name in written if written[name] != expected_columns.get(name)]
    if missing:
        return f"{table}: not in the project, or of another type: {', '.join(missing)}"
    expected, found = (content(connection, f"{side}.{table}", list(written)) for side in ("project", "by_hand"))
    wrong = [name for name in expected if expected[name] != found[name]]
    return f"{table}: other {', '.join(wrong)}" if wrong else None


def check_numbers(ours: Path, by_hand: Path, tables: Iterable[str]) -> None:
    """NumbersDiffer, with tables and columns, unless what was written by hand is what the project wrote."""
    with duckdb.connect(config={"memory_limit": MEMORY_LIMIT}) as connection:
        connection.execute(f"attach {literal(ours)} as project (read_only)")
        connection.execute(f"attach {literal(by_hand)} as by_hand (read_only)")
        wrong = [line for table in tables if (line := difference(connection, table))]
    if wrong:
        raise NumbersDiffer("\n".join(wrong))


# ------------------------------------------------------------------------------------------------------- landing


def land_folder(landing: Path, warehouse: Path) -> Cost:
    """Land a folder, as a process."""
    script = [sys.executable, str(SCRIPTS / "land.py"), "--landing", str(landing), "--warehouse", str(warehouse)]
    return run(script, {"WAREHOUSE_MEMORY_LIMIT": MEMORY_LIMIT})[0]


def bytes_a_row(rows: int, ours: Path, beside: Path) -> dict[str, float]:
    """How much of the disk a landed row takes in each side's database."""
    return {"ours": ours.stat().st_size / rows, "beside": beside.stat().st_size / rows}


def land_beside(
    bench: Bench, name: str, limit: float, landing: Path, source: str, query: Callable[[Path], str]
) -> Result:
    """land.py and a bare `create table as`, in turn, each into a fresh file; `query` is given our warehouse."""
    rounds, file = [], next((landing / source).iterdir())
    for number in range(bench.repeats(3)):
        folder = fresh(bench.work / "landing")
        with step(f"landing {file.relative_to(landing.parent)}, round {number + 1}"):
            ours = land_folder(landing, folder / "build.duckdb")
            sql = f"create schema raw; create table raw.{source} as {query(folder / 'build.duckdb')}"
            beside, _ = run_sql(folder / "bare.duckdb", sql, STORAGE, file=str(file))
            rounds.append(Round(ours, beside))
    sizes = bytes_a_row(bench.landed, folder / "build.duckdb", folder / "bare.duckdb")
    return Result(name, bench.landed, bench.limit(limit, LANDING_CALLS), rounds, sizes)


def landing_parquet(bench: Bench) -> Result:
    """Landing a Parquet file against reading it."""
    landing, query = one_file(bench, bench.landed, "parquet"), "select * from read_parquet(getvariable('file'))"
    return land_beside(bench, "landing_parquet", 1.5, landing, "inference_events", lambda _: query)


def typed_json_reader(warehouse: Path) -> str:
    """read_json with the types that our landing gave the same columns."""
    columns = run_sql(
        warehouse,
        """select column_name, data_type from information_schema.columns
        where table_schema = 'raw' and table_name = 'inference_events' and column_name[1] <> '_'""",
    )[1]
    types = ", ".join(f"{literal(name)}: {literal(data_type)}" for name, data_type in columns)
    return f"select * from read_json(getvariable('file'), format = 'newline_delimited', columns = {{{types}}})"


def landing_jsonl(bench: Bench) -> Result:
    """Landing JSON lines against reading them with their types given."""
    landing = one_file(bench, bench.landed, "jsonl")
    return land_beside(bench, "landing_jsonl", 3, landing, "inference_events", typed_json_reader)


def exported(bench: Bench, source: str) -> Path:
    """A landing folder with one file of JSON lines, as the program of this source would export the calls."""
    folder = bench.work / "data" / f"{source}-{bench.landed}"
    if not folder.exists():
        months = call_files(demo(bench, bench.landed, "parquet"))
        with step(f"writing {bench.landed:,} calls as {source}"):
            unfinished = fresh(folder.with_name(folder.name + ".unfinished"))
            (unfinished / source).mkdir()
            sql = f"copy ({EXPORTS[source].written}) to {literal(unfinished / source / 'calls.jsonl')} (format json)"
            run_sql(":memory:", sql, files=[str(path) for path in months], calls=bench.landed)
            unfinished.rename(folder)
    return folder


def landing_export(bench: Bench, name: str, source: str) -> Result:
    """Landing another program's export against a bare reader of that file, which must read what landed."""
    result = land_beside(bench, name, 3, exported(bench, source), source, lambda _: EXPORTS[source].read)
    check_numbers(bench.work / "landing" / "build.duckdb", bench.work / "landing" / "bare.duckdb", [f"raw.{source}"])
    return result


def landing_litellm(bench: Bench) -> Result:
    """Flat rows, with a JSON object inside a text."""
    return landing_export(bench, "landing_litellm", "litellm_spend_logs")


def landing_otlp(bench: Bench) -> Result:
    """Documents of many spans, each with its attributes as a list."""
    return landing_export(bench, "landing_otlp", "otel_genai_spans")


# ------------------------------------------------------------------------------------------------------- building


def dbt_environment(bench: Bench) -> dict[str, str]:
    """What makes dbt work on the build file."""
    return {
        "WAREHOUSE_PATH": str(bench.build),
        "WAREHOUSE_MEMORY_LIMIT": MEMORY_LIMIT,
        "DBT_PROFILES_DIR": str(PROJECT),
        "DBT_TARGET_PATH": str(bench.work / "project" / "target"),
        "DBT_LOG_PATH": str(bench.work / "project" / "logs"),
    }


def dbt(bench: Bench, *arguments: str) -> Cost:
    """Run dbt on the build file, as a process."""
    return run([str(Path(sys.executable).parent / "dbt"), *arguments], dbt_environment(bench))[0]


def remove_build(bench: Bench) -> None:
    """No build file; dbt keeps what it read of the project."""
    bench.build.parent.mkdir(parents=True, exist_ok=True)
    for path in bench.build.parent.glob("build.duckdb*"):
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def build_project(bench: Bench, landing: Path) -> Cost:
    """Land and build with the project's own commands from nothing; `dbt seed` is not counted."""
    remove_build(bench)
    landed = land_folder(landing, bench.build)
    dbt(bench, "seed")
    return landed + dbt(bench, "run", "--full-refresh", "--select", *SELECTED)


def keep_reference(bench: Bench, tables: Iterable[str] = REFERENCE_TABLES) -> Path:
    """Copies of the small tables that a script by hand reads beside its calls: price book, CRM, seeds, bills, …"""
    folder = fresh(bench.work / "reference")
    files = {name: folder / f"{name.split('.')[1]}.parquet" for name in tables}
    copies = [f"copy {name} to {literal(path)}" for name, path in files.items()]
    run_sql(bench.build, ";\n".join(copies))
    return folder


def run_by_hand(bench: Bench, sql: str, **variables: object) -> tuple[Cost, Path]:
    """Run a script by hand from nothing; its cost and its database."""
    database = fresh(bench.work / "by_hand") / "by_hand.duckdb"
    settings = STORAGE | {
        "memory_limit": MEMORY_LIMIT,
        "threads": THREADS,
        "temp_directory": str(database.with_suffix(".tmp")),
    }
    return run_sql(database, sql, settings, **variables)[0], database


def build_by_hand(bench: Bench, landing: Path, reference: Path) -> tuple[Cost, Path]:
    """Land and build the same marts with benchmark_by_hand.sql."""
    files = [str(path) for path in call_files(landing)]
    return run_by_hand(bench, BY_HAND.read_text(encoding="utf-8"), call_files=files, reference_folder=str(reference))


def company_script() -> str:
    """The script by hand of a whole company: that of the calls, with bills and revenue about its cost per inference."""
    calls, _, costs, prompts = sections(BY_HAND, "dimensions", "cost per inference", "prompt efficiency")
    before, after = sections(COMPANY_BY_HAND, "margins")
    return "".join((calls, before, costs, after, prompts))


def sections(script: Path, *headers: str) -> list[str]:
    """A script by hand, cut before each of these headers."""
    return re.split(rf"^(?=-{{100}} (?:{'|'.join(headers)})$)", script.read_text(encoding="utf-8"), flags=re.MULTILINE)


def company_by_hand(bench: Bench, files: list[str]) -> Cost:
    """The marts of the company in the build file, written by hand from the same files of calls."""
    reference = keep_reference(bench, (*REFERENCE_TABLES, *COMPANY_TABLES))
    with step("the same company by hand"):
        cost, by_hand = run_by_hand(bench, company_script(), call_files=files, reference_folder=str(reference))
    check_numbers(bench.build, by_hand, COMPANY_MARTS)
    return cost


def ten_million(bench: Bench) -> Result:
    """The whole history from nothing, against the same by hand."""
    landing, rounds = demo(bench, bench.calls, "parquet"), []
    for number in range(bench.repeats(1)):
        with step(f"{bench.calls:,} calls with the project, round {number + 1}"):
            ours = build_project(bench, landing)
        reference = keep_reference(bench)
        with step(f"{bench.calls:,} calls by hand, round {number + 1}"):
            beside, by_hand = build_by_hand(bench, landing, reference)
        check_numbers(bench.build, by_hand, TABLES)
        rounds.append(Round(ours, beside))
    sizes = bytes_a_row(bench.calls, bench.build, by_hand)
    return Result("ten_million", bench.calls, bench.limit(2, FULL_CALLS), rounds, sizes)


# ------------------------------------------------------------------------------------------------------- revenue


def invoices(bench: Bench, lines: int) -> Path:
    """A landing folder with so many invoice lines, their invoices and one charge, as Parquet."""
    folder = bench.work / "data" / f"invoices-{lines}"
    if not folder.exists():
        with step(f"writing {lines:,} invoice lines"):
            unfinished = fresh(folder.with_name(folder.name + ".unfinished"))
            for table, sql in STRIPE.items():
                file = fresh(unfinished / table) / f"{table}.parquet"
                variables = {"lines": lines, "line_file": str(unfinished / "stripe_invoice_line_items" / "*.parquet")}
                run_sql(":memory:", f"copy ({sql}) to {literal(file)} (format parquet)", **variables)
            unfinished.rename(folder)
    return folder


def revenue_million(bench: Bench) -> Result:
    """Revenue by day of landed invoice lines, against the same spread by hand from their files."""
    lines, rounds = min(bench.calls, INVOICE_LINES), []
    landing = invoices(bench, lines)
    with step(f"landing {lines:,} invoice lines"):
        remove_build(bench)
        land_folder(landing, bench.build)
        dbt(bench, "seed")
    for number in range(bench.repeats(1)):
        with step(f"revenue of {lines:,} invoice lines, round {number + 1}"):
            ours = dbt(bench, "run", "--full-refresh", "--select", "+fct_revenue_daily")
            files = {table.removeprefix("stripe_"): str(landing / table / f"{table}.parquet") for table in STRIPE}
            beside, by_hand = run_by_hand(bench, REVENUE_BY_HAND.read_text(encoding="utf-8"), **files)
        check_numbers(bench.build, by_hand, ["marts.fct_revenue_daily"])
        rounds.append(Round(ours, beside))
    return Result("revenue_million", lines, bench.limit(2, INVOICE_LINES), rounds)


# ------------------------------------------------------------------------------------------------------- the command

MEASUREMENTS: dict[str, Callable[[Bench], Result]] = {
    "landing_parquet": landing_parquet,
    "landing_jsonl": landing_jsonl,
    "landing_litellm": landing_litellm,
    "landing_otlp": landing_otlp,
    "ten_million": ten_million,
    "revenue_million": revenue_million,
}
JOB = "job"  # measured last, in tables of its own


def print_results(results: list[Result], console: Console) -> None:
    """One row per measurement: the medians of both sides, their ratio and the verdict; then bytes on disk."""
    table = Table(title="Ours against plain DuckDB")
    table.add_column("measurement", no_wrap=True)
    for name in ("calls", "seconds", "beside", "ratio", "limit", "CPU s", "beside", "ratio", "peak MB", "beside"):
        table.add_column(name, justify="right", no_wrap=True)
    table.add_column("status")
    for result in results:
        ours, beside = result.median("ours"), result.median("beside")
        table.add_row(
            result.name,
            f"{result.calls:,}",
            f"{ours.seconds:.1f}",
            f"{beside.seconds:.1f}",
            f"{result.ratio:.2f}",
            "none" if result.limit is None else f"{result.limit:g}",
            f"{ours.cpu_seconds:.1f}",
            f"{beside.cpu_seconds:.1f}",
            f"{result.cpu_ratio:.2f}",
            f"{ours.peak_mb:,.0f}",
            f"{beside.peak_mb:,.0f}",
            result.status,
        )
    console.print(table)
    for result in results:
        if sizes := result.bytes_a_row:
            console.print(f"{result.name}: {sizes['ours']:,.0f} bytes a row, beside {sizes['beside']:,.0f}")


def as_json(results: list[Result], companies: list[Company]) -> str:
    """Every round of every measurement, with its verdict, and every run of the job."""
    measured = [
        asdict(result) | {"ratio": result.ratio, "cpu_ratio": result.cpu_ratio, "status": result.status}
        for result in results
    ]
    jobs = [
        {"name": JOB, "calls": company.calls, "what": what} | asdict(job)
        for company in companies
        for what, job in company.runs.items()
    ]
    by_hand = [
        {"name": JOB, "calls": company.calls, "what": "by hand", "cost": asdict(company.by_hand)}
        for company in companies
        if company.by_hand
    ]
    return json.dumps(measured + jobs + by_hand, indent=2)


def hold_to_two_processors() -> None:
    """DuckDB and dbt start as many threads as there are processors to run on."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:THREADS])


def parse_arguments(arguments: list[str] | None) -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "--only", action="append", choices=[*MEASUREMENTS, JOB], help="this measurement; may be repeated"
    )
    size = parser.add_mutually_exclusive_group()
    size.add_argument("--calls", type=int, default=FULL_CALLS, help="calls of the history, 1 000 to 10 000 000")
    size.add_argument("--quick", action="store_true", help=f"{QUICK_CALLS:,} calls, once: shows that it works")
    parser.add_argument("--repeat", type=int, help="rounds of each measurement (landing: 3, else 1)")
    parser.add_argument("--work", type=Path, help="folder for data and warehouses, kept; else a temporary one")
    parser.add_argument("--json", type=Path, help="write all rounds to this file")
    options = parser.parse_args(arguments)
    if not SMALLEST_DEMO <= options.calls <= FULL_CALLS:
        parser.error(f"--calls must lie between {SMALLEST_DEMO:,} and {FULL_CALLS:,}")
    if options.repeat is not None and options.repeat < 1:
        parser.error("--repeat must be at least 1")
    return options


def measure(options: argparse.Namespace, work: Path) -> int:
    """Run the measurements in a work folder and print them; the exit code."""
    calls, repeat = (QUICK_CALLS, options.repeat or 1) if options.quick else (options.calls, options.repeat)
    bench = Bench(work, calls, repeat)
    results = [
        measurement(bench) for name, measurement in MEASUREMENTS.items() if name in (options.only or MEASUREMENTS)
    ]
    console = Console(width=None if sys.stdout.isatty() else 140)
    if results:
        print_results(results, console)
    companies = []
    if JOB in (options.only or [JOB]):
        environment = dbt_environment(bench)
        companies = [Company(work, size, bench.build, environment) for size in (calls, max(SMALLEST_DEMO, calls // 10))]
        for company in companies:
            company.measure(lambda files: company_by_hand(bench, files), COMPANY_MARTS)
        print_job(companies, console)
    if options.json:
        options.json.write_text(as_json(results, companies) + "\n", encoding="utf-8")
    return 1 if any(result.status == "over" for result in results) else 0


def main(arguments: list[str] | None = None) -> int:
    """Command line."""
    options = parse_arguments(arguments)
    hold_to_two_processors()
    try:
        if options.work:
            options.work.mkdir(parents=True, exist_ok=True)
            return measure(options, options.work.resolve())
        with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
            return measure(options, Path(folder))
    except NumbersDiffer as difference:
        print(f"benchmark.py: the script by hand gives other numbers\n{difference}", file=sys.stderr)
        return 1
    except (StepFailed, OSError) as problem:
        print(f"benchmark.py: {problem}", file=sys.stderr)
        return 2


if __name__ == "__main__":
    sys.exit(main())
