"""How the job went, and the scorecard, in the OpenMetrics text format: a file for a collector to read."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import duckdb

from publishing.folder import FILE_MODE, FILE_NAME

if TYPE_CHECKING:
    from pathlib import Path

METRICS_NAME = "metrics.prom"
PREFIX = "ai_unit_economics_"
LAST_SUCCESS = "job_last_success_timestamp_seconds"

Sample = tuple[dict[str, str], float]


def seconds(moment: datetime | date | str | None) -> float | None:
    """A UTC time as seconds since 1970."""
    if isinstance(moment, str):
        moment = datetime.fromisoformat(moment)
    if moment is None:
        return None
    moment = moment if isinstance(moment, datetime) else datetime(moment.year, moment.month, moment.day)
    return moment.replace(tzinfo=UTC).timestamp()


def family(name: str, meaning: str, samples: list[Sample]) -> list[str]:
    """The lines of one metric."""
    lines = [f"# TYPE {PREFIX}{name} gauge", f"# HELP {PREFIX}{name} {meaning}"]
    for labels, value in samples:
        shown = ",".join(f'{key}="{escaped(text)}"' for key, text in labels.items())
        lines.append(f"{PREFIX}{name}{{{shown}}} {value:.12g}" if shown else f"{PREFIX}{name} {value:.12g}")
    return lines


def escaped(text: str) -> str:
    """A label's value."""
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def one(value: float | None) -> list[Sample]:
    """The sample of a metric without labels, if it is known."""
    return [] if value is None else [({}, value)]


def write_metrics(published: Path, summary: dict[str, Any]) -> None:
    """Write the file beside the release, by one rename."""
    path = published / METRICS_NAME
    ended, is_good = seconds(summary["ended_at"]), summary["exit_code"] == 0
    families = [
        ("job_exit_code", "Exit code of the last run.", one(summary["exit_code"])),
        ("job_started_timestamp_seconds", "When the last run started.", one(seconds(summary["started_at"]))),
        ("job_ended_timestamp_seconds", "When the last run ended.", one(ended)),
        (LAST_SUCCESS, "When a run last ended well.", one(ended if is_good else earlier(path))),
        ("job_step_seconds", "How long each step took.", [({"step": k}, v) for k, v in summary["seconds"].items()]),
        ("job_landed_rows", "Rows landed by the last run.", one(summary["rows_landed"])),
        (
            "job_refused_rows",
            "Rows refused by the last run.",
            [({"source": row["source"], "reason": row["reason"]}, row["rows"]) for row in summary["refused"]],
        ),
        ("job_warnings", "Warnings of the last run.", one(len(summary["warnings"]))),
        (
            "source_is_late",
            "A source that got no rows in time.",
            [({"source": s}, 1) for s in summary["stale_sources"]],
        ),
        *release_families(published),
    ]
    lines = [line for metric in families for line in family(*metric)]
    aside = path.with_name(f".{METRICS_NAME}.tmp")
    published.mkdir(parents=True, exist_ok=True)
    aside.write_text("\n".join([*lines, "# EOF"]) + "\n", encoding="utf-8")
    aside.chmod(FILE_MODE)
    aside.replace(path)


def earlier(path: Path) -> float | None:
    """When a run last ended well, as the file said before."""
    text = path.read_text(encoding="utf-8") if path.is_file() else ""
    found = re.search(rf"^{PREFIX}{LAST_SUCCESS} (\S+)$", text, re.MULTILINE)
    return float(found.group(1)) if found else None


def release_families(published: Path) -> list[tuple[str, str, list[Sample]]]:
    """What readers see: the release and its scorecard."""
    if not (published / FILE_NAME).is_file():
        return []
    with duckdb.connect(str(published / FILE_NAME), read_only=True) as connection:
        release_id, published_at, as_of, rows = connection.execute(
            "select release_id, published_at, as_of_date, row_count from _release"
        ).fetchone() or (None, None, None, 0)
        scores = connection.execute(
            """select metric, cast(current_value as double), cast(target_value as double), status
            from marts.scorecard order by position"""
        ).fetchall()
    values = [({"metric": metric}, value) for metric, value, _, _ in scores if value is not None]
    targets = [({"metric": metric}, target) for metric, _, target, _ in scores if target is not None]
    return [
        ("release", "The release that readers see.", [({"release_id": str(release_id)}, 1)]),
        ("release_published_timestamp_seconds", "When it was published.", one(seconds(published_at))),
        ("release_as_of_timestamp_seconds", "The day its figures stand on.", one(seconds(as_of))),
        ("release_rows", "Rows of its marts.", one(rows)),
        ("scorecard_value", "A measure of the scorecard.", values),
        ("scorecard_target", "Its target.", targets),
        ("scorecard_status", "Its status.", [({"metric": m, "status": s}, 1) for m, _, _, s in scores]),
    ]
