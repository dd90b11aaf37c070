"""CSV as a relation of rows: read by DuckDB where a file is strictly one row a line, else record by record. What any
file with a header needs (which name is which column, the text of a row) is here too; Parquet uses it.
"""

from __future__ import annotations

import csv
import json
import sys
from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import duckdb

from .cells import Cell, literal
from .files import (
    NO_ROWS,
    RAW_TEXT_LIMIT,
    BrokenFile,
    FileRows,
    Landing,
    TextScan,
    escaped_line,
    is_utf8,
    plain_copy,
    reader_options,
)
from .shapes import first_of, is_nested, native_text, place_text, refuse_foreign
from .spec import Spellings, Table, spelled


def open_csv(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A CSV file with a header. DuckDB's strict reader takes it when it finds one row a line, else Python's does."""
    path, checked = plain_copy(landing, work)
    header = read_header(path)
    if not header:
        return NO_ROWS
    found = spelled_header(table, header)
    count = checked.lines - 1
    is_plain = checked.is_clean and len(header) > 1
    if is_plain and _read_strictly(connection, path, checked, len(header)) == count:
        rows = "select rowid + 2, cast(null as varchar), * from landing_rows"
    else:
        count = _read_carefully(connection, path, work, len(header))
        rows = "select * from landing_rows"
    return FileRows(cells_relation(rows, header, found), header_cells(table, found, header), count, found.unknown)


def read_header(path: Path) -> list[str]:
    """The column names of a CSV file, empty for an empty file; a nameless column is called by its position."""
    try:
        # Only the header has to be UTF-8 here, but the stream decodes ahead of it.
        with path.open(encoding="utf-8-sig", errors="surrogateescape", newline="") as stream:
            names = next(csv.reader(stream, strict=True), [])
        "".join(names).encode()
    except (csv.Error, UnicodeEncodeError) as error:
        raise BrokenFile(f"the CSV header cannot be read: {type(error).__name__}") from error
    return [name.strip() or f"column_{position}" for position, name in enumerate(names, start=1)]


def spelled_header(table: Table, header: list[str]) -> Spellings:
    """What the names of a header spell; BrokenFile when a name stands there twice, or for a file of another kind."""
    refuse_foreign(table, header)
    twice = [name for name, number in Counter(name.lower() for name in header).items() if number > 1]
    found = spelled(table, header)
    twice += [keys[0] for keys in found.twins()]
    if twice:
        raise BrokenFile(f"column {twice[0]!r} stands twice in the header")
    return found


def header_cells(table: Table, found: Spellings, header: list[str], types: list[str] | None = None) -> dict[str, Cell]:
    """Where a file with a header holds each known column; `types` are those of its columns, text by default."""
    columns, cells = {column.name: column for column in table.columns}, {}
    for name, places in found.places.items():
        whole = [(cell_name(position), position) for position in (header.index(place.key) for place in places)]
        types_here = [types[position] if types else "VARCHAR" for _, position in whole]
        if len(places) == 1 and not places[0].rest and not columns[name].words and not is_nested(types_here[0]):
            cells[name] = Cell(whole[0][0], types_here[0])
            continue
        texts = [
            place_text(columns[name], place, native_text(cell, kind), place.key in found.nested)
            for place, (cell, _), kind in zip(places, whole, types_here, strict=True)
        ]
        cells[name] = Cell(first_of(columns[name], texts))
    return cells


def cell_name(position: int) -> str:
    """What a column of a file is called inside: a name of the file's own could collide with ours."""
    return f"cell_{position}"


def _strings(names: list[str]) -> str:
    return "{" + ", ".join(f"{literal(name)}: 'varchar'" for name in names) + "}"


def _read_strictly(connection: duckdb.DuckDBPyConnection, path: Path, checked: TextScan, width: int) -> int:
    """Read a CSV file into temp table `landing_rows` and return its rows, -1 when one of them is broken."""
    try:
        connection.execute(
            f"""create or replace temp table landing_rows as
            select * from read_csv(?, columns = {_strings([cell_name(position) for position in range(width)])},
                delim = ',', quote = '"', escape = '"', comment = '', header = true, auto_detect = false,
                strict_mode = true, null_padding = false, {reader_options(checked.longest_chunk)})""",
            [str(path)],
        )
    except duckdb.InvalidInputException:
        return -1
    return connection.execute("select count(*) from landing_rows").fetchone()[0]


def _read_carefully(connection: duckdb.DuckDBPyConnection, path: Path, work: Path, width: int) -> int:
    """Read any CSV file record by record into temp table `landing_rows` (line, text if broken, cells); its rows."""
    careful, count, longest = work / "careful", 0, 0
    with path.open("rb") as stream, careful.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, lineterminator="\n")
        records = csv_records(stream)
        next(records)  # the header
        for line, cells, text in records:
            count += 1
            is_broken = cells is None or len(cells) != width
            writer.writerow(
                [line, escaped_line(text)[:RAW_TEXT_LIMIT], *[""] * width] if is_broken else [line, "", *cells]
            )
            longest = max(longest, len(text))
    names = ["line", "broken", *(cell_name(position) for position in range(width))]
    connection.execute(
        f"""create or replace temp table landing_rows as
        select cast(line as bigint) as line, * exclude (line) from read_csv(?, columns = {_strings(names)}, delim = ',',
            quote = '"', escape = '"', comment = '', header = false, auto_detect = false, parallel = false,
            {reader_options(4 * (longest + RAW_TEXT_LIMIT))})""",
        [str(careful)],
    )
    return count


def csv_records(stream: BinaryIO) -> Iterator[tuple[int, list[str] | None, bytes]]:
    """Number of the first line, cells (None when they cannot be told) and bytes of every record; blank lines are none.

    A quote that is never closed swallows the rest of the file: only its line is broken, reading goes on behind it.
    """
    csv.field_size_limit(sys.maxsize)
    waiting: deque[bytes] = deque()
    consumed: list[bytes] = []
    line = 1

    def feed() -> Iterator[str]:
        while raw := waiting.popleft() if waiting else stream.readline():
            consumed.append(raw)
            yield raw.decode("utf-8", "backslashreplace").replace("\0", " ")

    while True:
        try:
            for cells in csv.reader(feed(), strict=True):
                text = b"".join(consumed)
                if len(cells) > 1 or any(cell.strip() for cell in cells):
                    yield line, cells if b"\0" not in text and is_utf8(text) else None, text
                line += len(consumed)
                consumed.clear()
            return
        except csv.Error:
            yield line, None, consumed[0]
            waiting.extendleft(reversed(consumed[1:]))
            consumed.clear()
            line += 1


def cells_relation(rows: str, header: list[str], found: Spellings) -> str:
    """A query of line, broken text and cells as a relation for `typed_rows`."""
    names = ["_row", "_broken", *(cell_name(position) for position in range(len(header)))]
    return f"""
        select *, case when _broken is not null then 'broken_row' end as _shape,
            coalesce(_broken, {_object_text(header, header)}) as _raw,
            nullif({_object_text(header, [name for name in header if name in found.kept()])}, '{{}}') as _extra
        from ({rows}) as file_rows({", ".join(names)})
    """


def _object_text(header: list[str], names: list[str]) -> str:
    """SQL: the named columns that have a value, as the text of one JSON object."""
    members = []
    for name in names:
        cell = cell_name(header.index(name))
        key = literal(json.dumps(name, ensure_ascii=False) + ":")
        members.append(f"case when cast({cell} as varchar) <> '' then {key} || cast(to_json({cell}) as varchar) end")
    return f"'{{' || concat_ws(',', {', '.join(members)}) || '}}'" if members else "'{}'"
