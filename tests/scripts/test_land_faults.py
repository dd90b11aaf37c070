"""Landing: files that are too large or change under the reader, and a warehouse made by another version.

What would go wrong silently: half of a file that is still being written counts as the whole of it, one archive fills
the disk, and a warehouse older than its programs is written to as if it were not.
"""

from __future__ import annotations

import gzip
import os
from pathlib import Path

import duckdb
import pytest
import yaml
from test_land import EVENTS, SPEC, Workspace, event, lines

import land
from landing import loads
from landing.files import CHUNK_BYTES, Limits


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty landing folder; the price book, which has tests of its own, is left out."""
    monkeypatch.setattr(land.price_book, "refresh", lambda *_: [])
    monkeypatch.setattr(land, "read_spec", lambda: SPEC)
    return Workspace(tmp_path / "landing", tmp_path / "warehouse.duckdb")


# ----------------------------------------------------------------------------------------- a file written while read


def while_read(monkeypatch: pytest.MonkeyPatch, name: str, change) -> None:
    """Do something to a file once its rows have been inserted, before its load is recorded."""
    record, changed = loads._record, []

    def recorded(connection, outcome, watched):
        if outcome.landing.path.name == name and not changed:
            changed.append(change(outcome.landing.path))
        return record(connection, outcome, watched)

    monkeypatch.setattr(loads, "_record", recorded)


def grown(path: Path) -> None:
    with path.open("a", encoding="utf-8") as file:
        file.write(lines(event(request_id="late")))


def rewritten(path: Path) -> None:
    """Other content of the same size, and a clock too coarse to tell."""
    before = path.stat()
    path.write_bytes(path.read_bytes().replace(b'"r0"', b'"r9"'))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize(
    ("change", "ids"),
    [(grown, ["r0", "r1", "late"]), (rewritten, ["r9", "r1"]), (Path.unlink, [])],
    ids=["grows", "changes", "goes"],
)
def test_a_file_written_to_while_it_is_read_waits_for_the_next_run(workspace, monkeypatch, capsys, change, ids):
    workspace.put(f"{EVENTS}/a.jsonl", lines(event(request_id="r0"), event(request_id="r1"), "broken"))
    workspace.put(f"{EVENTS}/b.jsonl", lines(event(request_id="other")))
    while_read(monkeypatch, "a.jsonl", change)
    assert workspace.land() == 3
    assert "a.jsonl: it was written to while it was read; it lands in the next run" in capsys.readouterr().err
    assert workspace.events("request_id") == [("other",)]  # the others land
    assert workspace.quarantined() == []
    assert workspace.rows("select name from raw.loads") == [(f"{EVENTS}/b.jsonl",)]
    assert workspace.land() == 0
    assert workspace.events("request_id") == [("other",), *((name,) for name in ids)]


def test_a_file_nobody_wrote_to_is_not_read_again(workspace, monkeypatch):
    """Else a day costs a hash of all that ever landed. What was written a moment ago is read until it has settled."""
    path = workspace.put(f"{EVENTS}/a.jsonl", lines(event(request_id="r0")))
    content_of, read = loads.content_of, []
    monkeypatch.setattr(loads, "content_of", lambda path: read.append(path.name) or content_of(path))
    assert [workspace.land(), workspace.land()] == [0, 0]
    assert len(read) > 1  # fresh
    read.clear()
    monkeypatch.setattr(loads, "SETTLED_AFTER_S", -60)  # a minute later
    assert [workspace.land(), len(read), workspace.land(), len(read)] == [0, 1, 0, 1]
    rewritten(path)
    assert workspace.land() == 0
    assert workspace.events("request_id") == [("r0",), ("r9",)]
    assert workspace.rows("select count(*), count(stamp), count(distinct stamp) from raw.loads") == [(2, 2, 2)]


# -------------------------------------------------------------------------------------------------- sizes of files


def limited(monkeypatch: pytest.MonkeyPatch, **limits: int) -> None:
    monkeypatch.setattr(land, "read_limits", lambda: Limits(**limits))


def refusals(workspace: Workspace) -> dict[str, str]:
    """What was refused whole, and why."""
    found = workspace.rows("select file, raw_text from raw.quarantine where line = 0 and reason = 'broken_row'")
    return {Path(name).name: why for name, why in found}


def test_the_limits_are_the_settings_of_the_project():
    settings = yaml.safe_load(land.SETTINGS.read_text(encoding="utf-8"))["vars"]
    assert land.read_limits() == Limits(settings["max_file_bytes"], settings["max_line_bytes"])


def test_a_file_larger_than_may_be_is_refused_alone(workspace, monkeypatch):
    limited(monkeypatch, max_file_bytes=5_000)
    row = lines(event(feature="x" * 100))
    header = "request_id,timestamp,model,input_tokens,output_tokens\n"
    large = {
        "a.jsonl": (row * 50).encode(),
        "a.csv": (header + "r,2026-03-01,m,1,2\n" * 500).encode(),
        "a.json": b"[" + row.encode().replace(b"\n", b",") * 50 + b"{}]",
        "a.jsonl.gz": gzip.compress(lines(event(request_id="z")).encode() * 50),  # small until it is unpacked
        "a.csv.gz": gzip.compress((header + "z,2026-03-01,m,1,2\n" * 500).encode()),
        "a.json.gz": gzip.compress(b"[" + lines(event(request_id="z")).encode().replace(b"\n", b",") * 50 + b"{}]"),
        "a.parquet": b"PAR1" * 2_000,
    }
    for name, content in large.items():
        workspace.put(f"{EVENTS}/{name}", content)
    assert all(len(large[name]) < 5_000 for name in large if name.endswith(".gz"))
    workspace.put(f"{EVENTS}/b.jsonl.gz", gzip.compress(lines(event(request_id="small")).encode()))
    assert workspace.land() == 3
    why = "more than max_file_bytes (5,000) when decompressed; deliver it in parts"
    assert refusals(workspace) == dict.fromkeys(large, why)
    assert workspace.events("request_id") == [("small",)]


@pytest.mark.parametrize("limit", [2_000, CHUNK_BYTES + 10_000])
def test_a_file_with_a_line_longer_than_may_be_is_refused_alone(workspace, monkeypatch, limit):
    limited(monkeypatch, max_line_bytes=limit)
    good, header = lines(event()), "request_id,timestamp,model,input_tokens,output_tokens\n"

    def long(length: int) -> str:
        row = lines(event(feature=""))
        return row.replace('"feature": ""', f'"feature": "{"x" * (length - len(row) + 1)}"')  # without its end

    for name, content in {
        "a.jsonl": good * 3 + long(limit + 1) + good,
        "b.jsonl": good + long(limit + 1).rstrip("\n"),
        "c.csv": header + "r,2026-03-01,m,1,2\n" + f"r,2026-03-01,{'m' * limit},1,2\n",
        "d.jsonl": good + long(limit) + good,
    }.items():
        workspace.put(f"{EVENTS}/{name}", content)
        workspace.put(f"{EVENTS}/{name}.gz", gzip.compress(b"\n" + content.encode()))
    assert workspace.land() == 3
    found = refusals(workspace)
    assert sorted(found) == [f"{name}{end}" for name in ("a.jsonl", "b.jsonl", "c.csv") for end in ("", ".gz")]
    assert all(f"is longer than max_line_bytes ({limit:,})" in why for why in found.values())
    assert len(workspace.events("request_id")) == 6  # of d, twice: a line as long as may be


# ----------------------------------------------------------------------------------- a warehouse of another version


def altered(workspace: Workspace, *statements: str) -> None:
    """A warehouse made by this version, then changed."""
    workspace.put("ai_bills/a.jsonl", lines({"bill_id": "b", "provider": "p", "component": "other_ai", "amount": "1.5",
                                             "period_start": "2026-03-01", "period_end": "2026-03-02"}))  # fmt: skip
    assert workspace.land() == 0
    with duckdb.connect(str(workspace.warehouse)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_column_new_in_the_specification_is_added_and_said(workspace, capsys):
    altered(
        workspace, "alter table raw.ai_bills drop column description", "alter table raw.ai_bills drop column _extra"
    )
    capsys.readouterr()
    assert workspace.land() == 0
    said = capsys.readouterr().out.splitlines()
    assert "raw.ai_bills: column description added" in said and "raw.ai_bills: column _extra added" in said
    workspace.put("ai_bills/b.jsonl", lines({"bill_id": "c", "provider": "p", "component": "other_ai", "amount": "2",
        "period_start": "2026-03-01", "period_end": "2026-03-02", "description": "d", "odd": 1}))  # fmt: skip
    assert workspace.land() == 0
    assert "added" not in capsys.readouterr().out  # once
    rows = workspace.rows("select bill_id, amount, description, _extra, _source_row from raw.ai_bills order by bill_id")
    assert [(*row[:1], str(row[1]), *row[2:]) for row in rows] == [
        ("b", "1.500000000000", None, None, 1),  # what was landed stays
        ("c", "2.000000000000", "d", '{"odd":1}', 1),
    ]


def test_a_derived_table_that_gets_a_column_is_made_again(workspace, capsys):
    altered(workspace, "insert into raw.model_prices by name select 'p' as book_provider",
            "alter table raw.model_prices drop column model")  # fmt: skip
    assert workspace.land() == 0
    assert "raw.model_prices: column model added; its rows are made again" in capsys.readouterr().out
    assert workspace.rows("select count(*) from raw.model_prices") == [(0,)]


@pytest.mark.parametrize(
    ("statement", "difference"),
    [
        ("alter table raw.ai_bills alter amount type double", "column amount is DOUBLE, not DECIMAL(28,12)"),
        ("alter table raw.ai_bills add column odd varchar", "column odd is unknown"),
        ("alter table raw.loads alter bytes type varchar", "column bytes is VARCHAR, not BIGINT"),
    ],
)
def test_any_other_difference_stops_with_the_remedy(workspace, capsys, statement, difference):
    altered(workspace, statement, "alter table raw.fx_rates drop column usd_per_unit")
    workspace.put("ai_bills/b.jsonl", lines({"bill_id": "c"}))
    capsys.readouterr()
    call = ["--landing", str(workspace.landing), "--warehouse", str(workspace.warehouse)]
    assert land.main(call) == 2
    said = capsys.readouterr()
    assert f"was made by another version: {difference}; move the warehouse away and land everything again" in said.err
    assert "`alter table`" in said.err and "added" not in said.out
    assert workspace.rows("select count(*) from raw.loads") == [(1,)]  # nothing was done
    columns = workspace.rows("select column_name from duckdb_columns() where table_name = 'fx_rates'")
    assert ("usd_per_unit",) not in columns
