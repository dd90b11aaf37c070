"""The scheduled job on a company with every source: the whole history, then what a night may bring."""

from __future__ import annotations

import json
import math
import shutil
import sys
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rich.table import Table

from benchmarking.processes import SCRIPTS, Cost, StepFailed, fresh, literal, run, run_sql, step

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from rich.console import Console

DAYS = 425  # of the demo company
WHOLE, DAY, NOTHING = "whole history", "one more day", "nothing new"
CORRECTION, PRICE, INVOICE = "one corrected call", "one other price", "one more invoice line"
STEPS = ("land", "build", "publish", "report")

NEXT_DAY = """
copy (
    select * replace (
        'next_' || request_id as request_id, 'next_' || call_id as call_id,
        'next_' || provider_response_id as provider_response_id, timestamp + interval 1 day as timestamp
    )
    from read_parquet(getvariable('files'))
    order by timestamp desc
    limit {calls}
) to {target} (format parquet)
"""
CORRECTED_CALL = """
copy (
    select * replace (
        coalesce(call_id, request_id) as call_id, output_tokens + 1 as output_tokens,
        timestamp + interval 1 year as updated_at
    )
    from read_parquet(getvariable('files'))
    where provider_response_id is not null
    order by timestamp
    limit 1
) to {target} (format parquet)
"""
OTHER_PRICE = """
update raw.model_prices set output_usd_per_mtok = 2 * output_usd_per_mtok
where model = (
    select model from raw.inference_events
    where model in (select model from raw.model_prices) group by model order by count(*) limit 1
)
"""


@dataclass(frozen=True)
class Job:
    """One run of the job: what it cost, seconds by step, and seconds of dbt's nodes by kind."""

    cost: Cost
    seconds: dict[str, float]
    node_seconds: dict[str, float]


@dataclass
class Company:
    """A demo company with so many calls, the build file of its job, the runs that were measured, the same by hand."""

    work: Path
    calls: int
    build: Path
    environment: dict[str, str]
    runs: dict[str, Job] = field(default_factory=dict)
    by_hand: Cost | None = None
    seconds_of_marts: float = 0  # node seconds of what the marts written by hand are made of

    @property
    def published(self) -> Path:
        """The folder of releases."""
        return self.work / "published"

    @property
    def kept(self) -> Path:
        """The whole history, built and published: what every other run begins with."""
        return self.work / "snapshots" / f"job-{self.calls}"

    def landing(self) -> Path:
        """A landing folder of its own with the files of the company, which are written once."""
        source = self.work / "data" / f"company-{self.calls}"
        if not source.exists():
            with step(f"writing a company with {self.calls:,} calls"):
                unfinished = fresh(source.with_name(source.name + ".unfinished"))
                script = [sys.executable, str(SCRIPTS / "demo_company.py"), "--out", str(unfinished)]
                run([*script, "--calls", str(self.calls), "--format", "parquet"])
                unfinished.rename(source)
        folder = fresh(self.work / "job_landing")
        for path in source.rglob("*"):
            if path.is_file():
                link = folder / path.relative_to(source)
                link.parent.mkdir(parents=True, exist_ok=True)
                link.symlink_to(path.resolve())
        return folder

    def measure(self, by_hand: Callable[[list[str]], Cost], marts: Iterable[str]) -> None:
        """Run the job on the whole history, write these marts by hand from the same calls, run it on each change."""
        landing = self.landing()
        files = [str(path) for path in sorted((landing / "inference_events").glob("*.parquet"))]
        self.remove()
        fresh(self.published)
        self.runs[WHOLE] = self.run(WHOLE, landing, "published")
        self.seconds_of_marts = self.model_seconds(marts)
        self.by_hand = by_hand(files)
        fresh(self.kept)
        for path in (*self.build.parent.glob(self.build.name + "*"), self.published):
            copy(path, self.kept / path.name)
        new_calls = landing / "inference_events" / "zz-new.parquet"
        line = {"bill_id": "late", "provider": "openai", "component": "llm_api", "amount": "1", "currency": "USD"}
        line |= {"kind": "usage", "period_start": "2026-09-01", "period_end": "2026-10-01"}
        invoice = landing / "ai_bills" / "zz-new.jsonl"

        run_sql(
            ":memory:", NEXT_DAY.format(calls=max(1, self.calls // DAYS), target=literal(new_calls)), files=files[-1:]
        )
        self.changed(DAY, landing)
        new_calls.unlink()
        run_sql(":memory:", CORRECTED_CALL.format(target=literal(new_calls)), files=files[:1])
        self.changed(CORRECTION, landing)
        new_calls.unlink()
        self.changed(PRICE, landing, OTHER_PRICE)
        invoice.write_text(json.dumps(line) + "\n", encoding="utf-8")
        self.changed(INVOICE, landing)
        invoice.unlink()
        self.restore()
        self.runs[NOTHING] = self.run(NOTHING, landing, "unchanged")

    def changed(self, what: str, landing: Path, sql: str = "") -> None:
        """Run the job on the whole history with a change."""
        self.restore()
        if sql:
            run_sql(self.build, sql)
        self.runs[what] = self.run(what, landing, "published")

    def run(self, what: str, landing: Path, status: str) -> Job:
        """Run the job; StepFailed unless it ends with this status."""
        folders = ["--landing", str(landing), "--warehouse", str(self.build), "--published", str(self.published)]
        with step(f"the job on {self.calls:,} calls, {what}"):
            cost, printed = run([sys.executable, str(SCRIPTS / "run.py"), *folders], self.environment)
        said = json.loads(printed.splitlines()[-1])
        if said["status"] != status:
            raise StepFailed(f"run.py ended with status {said['status']}, not {status}")
        return Job(cost, said["seconds"], self.node_seconds() if status == "published" else {})

    def dbt_file(self, name: str) -> dict[str, Any]:
        """What dbt's last run says of itself."""
        return json.loads((self.build.parent / "target" / name).read_text(encoding="utf-8"))

    def node_seconds(self) -> dict[str, float]:
        """Seconds of dbt's last run by kind of node: model, test, …"""
        seconds: Counter[str] = Counter()
        for result in self.dbt_file("run_results.json")["results"]:
            seconds[result["unique_id"].partition(".")[0]] += result["execution_time"]
        return dict(seconds)

    def model_seconds(self, marts: Iterable[str]) -> float:
        """Seconds of dbt's last run in these marts and the models they are made of."""
        parents, names = self.dbt_file("manifest.json")["parent_map"], {mart.rpartition(".")[2] for mart in marts}
        found, asked = set(), [node for node in parents if node[:6] == "model." and node.rpartition(".")[2] in names]
        while asked:
            if (node := asked.pop()) not in found:
                found.add(node)
                asked += [parent for parent in parents[node] if parent[:6] == "model."]
        results = self.dbt_file("run_results.json")["results"]
        return sum(result["execution_time"] for result in results if result["unique_id"] in found)

    def remove(self) -> None:
        """No build file; dbt keeps what it read of the project."""
        self.build.parent.mkdir(parents=True, exist_ok=True)
        for path in self.build.parent.glob(self.build.name + "*"):
            shutil.rmtree(path) if path.is_dir() else path.unlink()

    def restore(self) -> None:
        """The whole history again, built and published."""
        self.remove()
        shutil.rmtree(self.published, ignore_errors=True)
        for path in self.kept.iterdir():
            copy(path, self.published if path.name == self.published.name else self.build.parent / path.name)


def copy(path: Path, target: Path) -> None:
    """Copy a file or a folder, links as links."""
    shutil.copytree(path, target, symlinks=True) if path.is_dir() else shutil.copy(path, target)


def print_job(companies: list[Company], console: Console) -> None:
    """Every run with its steps, then the ratios that say whether a day costs a day."""
    table = Table(title="The scheduled job, a company with every source")
    table.add_column("what", no_wrap=True)
    for name in ("calls", "seconds", *STEPS, "CPU s", "peak MB", "models", "data tests"):
        table.add_column(name, justify="right", no_wrap=True)
    for company in companies:
        for what, job in company.runs.items():
            steps = [f"{job.seconds[name]:.1f}" if name in job.seconds else "" for name in STEPS]
            nodes = [f"{job.node_seconds[kind]:.1f}" if job.node_seconds else "" for kind in ("model", "test")]
            cost = job.cost
            table.add_row(
                what, f"{company.calls:,}", f"{cost.seconds:.1f}", *steps, f"{cost.cpu_seconds:.1f}",
                f"{cost.peak_mb:,.0f}", *nodes,
            )  # fmt: skip
    console.print(table)
    large, small = (company.runs for company in companies)
    whole, day = large[WHOLE], large[DAY]
    ratios = {
        "one more day, CPU ÷ the same on a tenth of the calls": day.cost.cpu_seconds / small[DAY].cost.cpu_seconds,
        "one more day ÷ whole history, CPU": day.cost.cpu_seconds / whole.cost.cpu_seconds,
        "publishing one more day ÷ publishing everything, seconds": day.seconds["publish"] / whole.seconds["publish"],
        "data tests ÷ models of one more day, node seconds": day.node_seconds["test"] / day.node_seconds["model"],
        "growth exponent of the whole history, CPU": math.log(
            whole.cost.cpu_seconds / small[WHOLE].cost.cpu_seconds, companies[0].calls / companies[1].calls
        ),
        "nothing new, seconds": large[NOTHING].cost.seconds,
        "peak of any step of the whole history, MB": whole.cost.peak_mb,
    }
    if by_hand := companies[0].by_hand:
        ratios |= {
            "whole history ÷ the script by hand, CPU": whole.cost.cpu_seconds / by_hand.cpu_seconds,
            "models of the whole history ÷ the script by hand, seconds": whole.node_seconds["model"] / by_hand.seconds,
            "the same of the models that its marts are made of": companies[0].seconds_of_marts / by_hand.seconds,
            "the script by hand, CPU seconds": by_hand.cpu_seconds,
        }
    for what, ratio in ratios.items():
        console.print(f"{what}: {ratio:,.2f}", highlight=False)
