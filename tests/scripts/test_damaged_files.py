"""Damaged files and hostile values: whatever is wrong with one line costs that line, whatever is wrong with one file
costs that file, and every line is accounted for.
"""

from __future__ import annotations

import random
from collections import Counter
from pathlib import Path

import duckdb
import pytest
from damaged_files import Damaged, damaged_files

import land

EVENTS = "inference_events"


@pytest.fixture(scope="module")
def seed(request: pytest.FixtureRequest) -> int:
    """A seed of its own for each run, printed; a failing one is tried again by putting it here."""
    chosen = random.randrange(1_000_000)
    print(f"damaged files of seed {chosen}")
    return chosen


def found(connection: duckdb.DuckDBPyConnection, damaged: Damaged) -> Damaged:
    """What became of a file, in the shape of what was expected."""
    name = f"{EVENTS}/{damaged.name}"
    loads = connection.execute("select status, rows_blank from raw.loads where name = ?", [name]).fetchall()
    ids = connection.execute(
        "select request_id from raw.inference_events where _source_file = ? order by _source_row", [name]
    ).fetchall()
    reasons = connection.execute("select reason from raw.quarantine where file = ?", [name]).fetchall()
    status, blank = loads[0] if len(loads) == 1 else (f"{len(loads)} loads", 0)
    return Damaged(
        damaged.name, damaged.content, status, [row[0] for row in ids], dict(Counter(row[0] for row in reasons)), blank
    )


def test_damaged_files_cost_what_is_damaged(tmp_path: Path, seed: int, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(land.price_book, "refresh", lambda *_: [])
    files = damaged_files(seed)
    assert len(files) >= 300 and len({damaged.name for damaged in files}) == len(files)
    folder = tmp_path / "landing" / EVENTS
    folder.mkdir(parents=True)
    for damaged in files:
        (folder / damaged.name).write_bytes(damaged.content)
    assert land.land(folder.parent, tmp_path / "warehouse.duckdb") == 3
    unexpected = []
    with duckdb.connect(str(tmp_path / "warehouse.duckdb"), read_only=True) as connection:
        for damaged in files:
            became = found(connection, damaged)
            if became != damaged:
                unexpected.append(f"{damaged.name}: {outcome(damaged)} expected, {outcome(became)} found")
    assert not unexpected, f"seed {seed}, {len(unexpected)} of {len(files)}:\n" + "\n".join(unexpected)


def outcome(damaged: Damaged) -> str:
    return f"{damaged.status} {damaged.landed} {damaged.reasons} {damaged.blank} blank"
