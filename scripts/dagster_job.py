"""The nightly job as Dagster assets: tables that are landed, seeds and models, the release.

    DAGSTER_HOME=DIR .venv-dagster/bin/dagster dev -f scripts/dagster_job.py

Dagster shows the assets, when each was made, and starts the job: at 04:15, or by hand. All are made by one command,
scripts/run.py, with the environment that Dagster has: the lock, the order and what a failure leaves are the same,
however it is started. A run that finds another at work (exit code 75) is tried again after ten minutes, three times;
any other failure says the step and what failed first. A run with nothing to do makes nothing.

Optional (requirements-dagster.txt); models/docs/operations.md has the steps.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

import dagster
from dagster_dbt import build_dbt_asset_specs
from dagster_dbt.asset_utils import DAGSTER_DBT_UNIQUE_ID_METADATA_KEY as UNIQUE_ID

PROJECT = Path(__file__).resolve().parents[1]
TARGET = Path(os.environ.get("DBT_TARGET_PATH", PROJECT / "target"))
SECONDS_TO_WAIT, TRIES = 600, 3  # while another run is at work
NOT_LANDED = "models/staging/publishing/"  # tables that builds and releases write
RELEASE = dagster.AssetKey("release")


def read_project() -> dict[str, Any]:
    """What dbt knows of the project; it is asked where no run has written it yet."""
    manifest = TARGET / "manifest.json"
    if not manifest.is_file():
        environment = {"DBT_PROFILES_DIR": str(PROJECT)} | os.environ
        dbt = Path(sys.executable).parent / "dbt"
        subprocess.run([dbt, "parse", "--quiet"], cwd=PROJECT, env=environment, check=True)
    return json.loads(manifest.read_text(encoding="utf-8"))


def assets_of(project: Mapping[str, Any]) -> dict[str, dagster.AssetSpec]:
    """The assets by dbt's id, the release by its own name, each after what it is made of."""
    landed = {
        name: dagster.AssetSpec(["raw", table["name"]], group_name="landing", description=table["description"])
        for name, table in project["sources"].items()
        if not table["original_file_path"].startswith(NOT_LANDED)
    }
    made = {spec.metadata[UNIQUE_ID]: spec for spec in build_dbt_asset_specs(manifest=project)}
    marts = [spec.key for name, spec in made.items() if project["nodes"][name].get("access") == "public"]
    release = dagster.AssetSpec(RELEASE, deps=marts, group_name="release", description="What readers open.")
    specs = landed | made | {"release": release}
    names = {spec.key: name for name, spec in specs.items()}
    above = {name: [names[on.asset_key] for on in spec.deps if on.asset_key in names] for name, spec in specs.items()}
    return {name: specs[name].replace_attributes(skippable=True) for name in TopologicalSorter(above).static_order()}


def run_job(log: dagster.DagsterLogManager) -> dict[str, Any]:
    """Run scripts/run.py; its summary, or the failure that Dagster shows."""
    command = [sys.executable, str(PROJECT / "scripts" / "run.py")]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as running:
        try:
            output = running.communicate()[0]
        except BaseException:  # the run is ended in Dagster: so is the job, with the step at work
            running.terminate()
            raise
    summary = json.loads((output.strip().splitlines() or ["{}"])[-1])
    for warning in summary.get("warnings", ()):
        log.warning(warning)
    if running.returncode == os.EX_TEMPFAIL:
        raise dagster.RetryRequested(max_retries=TRIES, seconds_to_wait=SECONDS_TO_WAIT)
    if running.returncode != 0:
        said = f"{summary.get('failed_step') or 'run.py'}: {summary.get('reason') or f'exit {running.returncode}'}"
        raise dagster.Failure(said, metadata={"summary": summary}, allow_retries=False)
    return summary


def made_by(summary: Mapping[str, Any], assets: Mapping[str, dagster.AssetSpec]) -> Iterator[dagster.MaterializeResult]:
    """What a run made: of the seeds and models what dbt says it wrote."""
    results = json.loads((TARGET / "run_results.json").read_text(encoding="utf-8"))["results"]
    seconds = {result["unique_id"]: result["execution_time"] for result in results if result["status"] == "success"}
    for name, spec in assets.items():
        if spec.key == RELEASE:
            yield dagster.MaterializeResult(asset_key=spec.key, metadata={"summary": dict(summary)})
        elif name in seconds:
            yield dagster.MaterializeResult(asset_key=spec.key, metadata={"seconds": seconds[name]})
        elif name.startswith("source."):
            yield dagster.MaterializeResult(asset_key=spec.key)


def job_of(assets: Mapping[str, dagster.AssetSpec]) -> dagster.AssetsDefinition:
    """All assets, made by one run of the job."""
    specs: Sequence[dagster.AssetSpec] = list(assets.values())

    @dagster.multi_asset(name="nightly_job", specs=specs)
    def nightly_job(context: dagster.AssetExecutionContext) -> Iterator[dagster.MaterializeResult]:
        summary = run_job(context.log)
        if summary["status"] == "unchanged":
            context.log.info("nothing new to land and nothing changed: nothing was made")
        else:
            yield from made_by(summary, assets)

    return nightly_job


nightly = dagster.define_asset_job("nightly", selection=dagster.AssetSelection.all())
definitions = dagster.Definitions(
    assets=[job_of(assets_of(read_project()))],
    jobs=[nightly],
    schedules=[dagster.ScheduleDefinition(job=nightly, cron_schedule="15 4 * * *")],
    executor=dagster.in_process_executor,
)
