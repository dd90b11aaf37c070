"""CSV as a relation of rows: read by DuckDB where a file is strictly one row a line, else record by record. What any
file with a header needs (which name is which column, the text of a row) is here too; Parquet uses it.
"""

from __future__ import annotations

import codecs
import csv
import io
import json
import sys
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import repeat
from pathlib import Path

import duckdb

from .cells import Cell, literal
from .files import (
    EVERY_ROW,
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
from .shapes import first_of, is_nested, native_text, place_text, refuse_other_kind
from .spec import Spellings, Table, matching, meanings_of, spelled

Record = tuple[int, list[str] | None, bytes]  # the first line's number, the cells, the text


@dataclass(frozen=True)
class Header:
    """The first line that is not blank: its names, whether it is line 1 alone, and the blank lines before it."""

    names: list[str]
    is_line_1: bool = False
    blank: int = 0


def open_csv(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A CSV file with a header. DuckDB's strict reader takes it when it finds one row a line, else Python's does.

    The header is read once, here; both readers are given the rows behind it.
    """
    path, checked = plain_copy(landing, work)
    with Lines(path, checked.first_end) as lines:
        records = csv_records(lines, landing.limits.max_line_bytes)
        header = read_header(records)
        if not header.names:
            return replace(NO_ROWS, count=header.blank, blank=header.blank)
        found = spelled_header(table, header.names)
        check_header(table, found)
        width, count, blank = len(header.names), checked.lines - 1, 0
        is_plain = checked.is_clean and width > 1 and header.is_line_1
        if is_plain and _read_strictly(connection, path, checked, width) == count:
            rows = "select rowid + 2, cast(null as varchar), * from landing_rows"
        else:
            count, blank = _read_carefully(connection, records, work, width)
            rows = "select * from landing_rows"
    blank += header.blank
    cells = header_cells(table, found, header.names)
    return FileRows(cells_relation(rows, header.names, found), cells, count + blank, found.unknown, blank=blank)


def read_header(records: Iterator[Record]) -> Header:
    """The header, without names when there is none; a nameless column is called by its position."""
    blank = 0
    for line, cells, text in records:
        if cells is None:
            raise BrokenFile("the CSV header cannot be read")
        if not is_blank(cells):
            names = [name.strip() or f"column_{position}" for position, name in enumerate(cells, start=1)]
            return Header(names, line == 1 and text.count(b"\n") <= 1, blank)
        blank += 1
    return Header([], blank=blank)


def check_header(table: Table, found: Spellings) -> None:
    """BrokenFile when the first line names no column a row must have: then it is no header, or not of this source."""
    needed = {column.name for column in table.columns if column.required} or {column.name for column in table.columns}
    if needed & found.places.keys():
        return
    names = meanings_of(table)
    for mark, called in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if any(matching(name.strip()) in names for cell in found.keys if mark in cell for name in cell.split(mark)):
            raise BrokenFile(f"its columns are separated by {called}; save it with commas")
    raise BrokenFile(f"no header: its first line names none of {', '.join(sorted(needed))}")


def spelled_header(table: Table, header: list[str]) -> Spellings:
    """What the names of a header spell; BrokenFile when a name stands there twice, or for a file of another kind."""
    refuse_other_kind(table, header)
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
    """Read what is behind line 1 into temp table `landing_rows` and return its rows, -1 when one of them is broken."""
    try:
        connection.execute(
            f"""create or replace temp table landing_rows as
            select * from read_csv(?, columns = {_strings([cell_name(position) for position in range(width)])},
                delim = ',', quote = '"', escape = '"', comment = '', header = false, skip = 1, auto_detect = false,
                strict_mode = true, null_padding = false, {reader_options(checked.longest_chunk)})""",
            [str(path)],
        )
    except duckdb.InvalidInputException:
        return -1
    return connection.execute("select count(*) from landing_rows").fetchone()[0]


def _read_carefully(
    connection: duckdb.DuckDBPyConnection, records: Iterator[Record], work: Path, width: int
) -> tuple[int, int]:
    """Read any CSV record by record into temp table `landing_rows` (line, text if broken, cells); rows, blank lines."""
    careful, count, blank, longest = work / "careful", 0, 0, 0
    with careful.open("w", encoding="utf-8", newline="") as copy:
        writer = csv.writer(copy, lineterminator="\n")
        for line, cells, text in records:
            if cells is not None and is_blank(cells):
                blank += 1
                continue
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
            new_line = '\\n', {reader_options(4 * (longest + RAW_TEXT_LIMIT))})""",
        [str(careful)],
    )
    return count, blank


def is_blank(cells: list[str]) -> bool:
    """Whether a record is a blank line."""
    return not cells or (len(cells) == 1 and not cells[0].strip())


class Lines:
    """The lines of a text file with their ends; LF ends a line, also CR in a file whose first line ends so."""

    def __init__(self, path: Path, first_end: bytes) -> None:
        self._stream = path.open("rb")
        self._text = io.TextIOWrapper(self._stream, encoding="latin-1", newline="") if first_end == b"\r" else None

    def __enter__(self) -> Iterator[bytes]:
        return map(str.encode, self._text, repeat("latin-1")) if self._text else iter(self._stream)

    def __exit__(self, *_: object) -> None:
        self._stream.close()


def csv_records(lines: Iterator[bytes], max_record_bytes: int) -> Iterator[Record]:
    """Number of the first line, cells (None when they cannot be told) and bytes of every record, blank lines too.

    A quote that is never closed swallows the rest of the file: only its line is broken, reading goes on behind it.
    """
    csv.field_size_limit(sys.maxsize)
    waiting: deque[bytes] = deque()
    consumed: list[bytes] = []
    line = 1

    def feed() -> Iterator[str]:
        size = 0
        while raw := waiting.popleft() if waiting else next(lines, b""):
            size = len(raw) + (size if consumed else 0)
            consumed.append(raw)
            if size > max_record_bytes:
                raise csv.Error("a quote that is not closed")
            has_mark = line == 1 and len(consumed) == 1 and raw.startswith(codecs.BOM_UTF8)
            yield raw.decode("utf-8-sig" if has_mark else "utf-8", "backslashreplace").replace("\0", " ")

    while True:
        try:
            for cells in csv.reader(feed(), strict=True):
                text = b"".join(consumed)
                is_text = b"\0" not in text and is_utf8(text)
                number = len(consumed)
                consumed.clear()
                yield line, cells if is_text else None, text
                line += number
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
        from ({rows}) as file_rows({", ".join(names)}) where {EVERY_ROW}
    """


def _object_text(header: list[str], names: list[str]) -> str:
    """SQL: the named columns that have a value, as the text of one JSON object."""
    members = []
    for name in names:
        cell = cell_name(header.index(name))
        key = literal(json.dumps(name, ensure_ascii=False) + ":")
        members.append(f"case when cast({cell} as varchar) <> '' then {key} || cast(to_json({cell}) as varchar) end")
    return f"'{{' || concat_ws(',', {', '.join(members)}) || '}}'" if members else "'{}'"
