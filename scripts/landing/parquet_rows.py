"""Parquet as a relation of rows, read in place with the types it has."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path

import duckdb

from .cells import identifier, literal
from .csv_rows import cells_relation, header_cells, spelled_header
from .files import NO_ROWS, BrokenFile, FileRows, Landing, linked, too_large
from .spec import Table

ROW_NUMBER = "file_row_number"  # DuckDB's own column
# Whether a row group of the file is more than one of a table's, and not a whole number of them.
ODD_PARTS = """select coalesce(bool_or(row_group_num_rows > 122880 and row_group_num_rows % 122880 > 0), false)
    from parquet_metadata(?)"""


def reads_to_the_end(connection: duckdb.DuckDBPyConnection, work: Path) -> bool:
    """Whether the Parquet file linked last can be read, so that an error has another cause."""
    try:
        connection.execute(
            "select max(hash(t)) from read_parquet(?, binary_as_string = true) as t", [str(work / "plain")]
        )
    except duckdb.Error:
        return False
    return True


def open_parquet(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A Parquet file, read in place."""
    size = landing.path.stat().st_size
    if size == 0:
        return NO_ROWS
    if size > landing.limits.max_file_bytes:
        raise BrokenFile(too_large(landing.limits.max_file_bytes))
    return _parquet_rows(connection, table, linked(landing, work), "binary_as_string = true")


def open_parquet_bytes(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A Parquet file some of whose texts are no UTF-8: read as bytes, so that only their rows are broken."""
    path = work / "bytes.parquet"
    path.write_bytes(texts_as_bytes(landing.path.read_bytes()))
    return _parquet_rows(connection, table, path, "binary_as_string = false")


def _parquet_rows(connection: duckdb.DuckDBPyConnection, table: Table, path: Path, option: str) -> FileRows:
    reader = f"read_parquet({literal(str(path))}, {option}"
    try:
        described = connection.execute(f"describe select * from {reader})").fetchall()
        count = connection.execute("select num_rows from parquet_file_metadata(?)", [str(path)]).fetchone()[0]
        has_odd_parts = connection.execute(ODD_PARTS, [str(path)]).fetchone()[0]
        names = connection.execute("select name, num_children from parquet_schema(?)", [str(path)]).fetchall()
    except duckdb.Error as error:
        raise BrokenFile(f"not a Parquet file: {type(error).__name__}") from error
    header, types = [row[0] for row in described], [row[1] for row in described]
    found = spelled_header(table, list(_top_names(names)))  # DuckDB's own would be told apart by numbers
    columns = ", ".join(identifier(name) for name in header)
    if ROW_NUMBER in map(str.lower, header):
        connection.execute(f"create or replace temp table landing_rows as select * from {reader})")
        row, relation = "rowid", "landing_rows"
    else:
        row, relation = ROW_NUMBER, f"{reader}, {ROW_NUMBER} = true)"
    broken = "cast(null as varchar)"
    if option.endswith("false"):
        columns, types, broken = _decoded(header, types)
    rows = f"select {row} + 1, {broken}, {columns} from {relation}"
    cells = header_cells(table, found, header, types)
    return FileRows(cells_relation(rows, header, found), cells, count, found.unknown, has_odd_parts=has_odd_parts)


def _top_names(schema: list[tuple[str, int | None]]) -> Iterator[str]:
    """The names of the columns; `schema` lists every element of the tree, parents first."""
    elements = iter(schema[1:])

    def skip(children: int | None) -> None:
        for _ in range(children or 0):
            skip(next(elements)[1])

    for name, children in elements:
        yield name
        skip(children)


def _decoded(header: list[str], types: list[str]) -> tuple[str, list[str], str]:
    """SQL of the columns with bytes as text, their types, and the text of a row that holds bytes which are none."""
    texts = [
        f"try(decode({identifier(name)}))" if kind == "BLOB" else identifier(name)
        for name, kind in zip(header, types, strict=True)
    ]
    lost = [
        f"({text} is null and {identifier(name)} is not null)"
        for text, name, kind in zip(texts, header, types, strict=True)
        if kind == "BLOB"
    ]
    fields = ", ".join(f"{literal(name)}: {text}" for name, text in zip(header, texts, strict=True))
    broken = f"case when {' or '.join(lost) or 'false'} then cast(to_json({{{fields}}}) as varchar) end"
    return ", ".join(texts), ["VARCHAR" if kind == "BLOB" else kind for kind in types], broken


# ------------------------------------------------------------------------------------------------- the file's footer


def texts_as_bytes(content: bytes) -> bytes:
    """The file with its text columns marked as bytes. The footer is a Thrift struct in the compact protocol, in which
    the mark `converted_type = UTF8` becomes a `scale` of 0, which only decimals heed, and `logicalType = STRING` BSON.

    Source: https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift (SchemaElement)
    """
    length = struct.unpack("<I", content[-8:-4])[0]
    start = len(content) - 8 - length
    if not content.endswith(b"PAR1") or start < 4:
        raise BrokenFile("not a Parquet file")
    footer = bytearray(content[start:-8])
    try:
        marks = _Footer(bytes(footer)).text_marks()
    except (IndexError, RecursionError) as error:
        raise BrokenFile("not a Parquet file: its footer is damaged") from error
    for position, is_logical in marks:
        if is_logical:
            footer[position] = 0xDC  # field 13, BSON
        else:
            footer[position - 1] += 0x10  # field 7 instead of 6 …
            footer[position + 1] -= 0x10 if footer[position + 1] else 0  # … and the next one as far behind it as before
    return content[:start] + bytes(footer) + content[-8:]


class _Footer:
    """Reads over a struct in Thrift's compact protocol. Path (2,) is an element of the schema's list."""

    def __init__(self, footer: bytes) -> None:
        self._footer, self._at = footer, 0
        self._marks: list[tuple[int, bool]] = []  # position, and whether it is a logical type
        self._children = 0  # of the schema's element read last

    def text_marks(self) -> list[tuple[int, bool]]:
        """Where columns that are not nested say that they are text."""
        self._struct(())
        return self._marks

    def _byte(self) -> int:
        self._at += 1
        return self._footer[self._at - 1]

    def _number(self) -> int:
        result = shift = 0
        while (byte := self._byte()) & 0x80:
            result |= (byte & 0x7F) << shift
            shift += 7
        return result | byte << shift

    def _struct(self, path: tuple[int, ...]) -> None:
        field = 0
        while head := self._byte():
            step = head >> 4
            if path == (2, 10) and head == 0x1C:  # logicalType: STRING
                self._marks.append((self._at - 1, True))
            field = field + step if step else self._number() >> 1
            self._value(head & 15, (*path, field))

    def _value(self, kind: int, path: tuple[int, ...]) -> None:
        if kind in (4, 5, 6):
            self._whole_number(path)
        elif kind in (3, 7):
            self._at += 1 if kind == 3 else 8
        elif kind == 8:
            length = self._number()
            self._at += length
        elif kind in (9, 10):
            self._list(path)
        elif kind == 11 and (number := self._number()):
            kinds = self._byte()
            for _ in range(number):
                self._value(kinds >> 4, (*path, 0))
                self._value(kinds & 15, (*path, 0))
        elif kind == 12:
            self._struct(path)

    def _whole_number(self, path: tuple[int, ...]) -> None:
        start, number = self._at, self._number()
        if path == (2, 5):
            self._children = number >> 1
        elif path == (2, 6) and number == 0:  # converted_type: UTF8
            self._marks.append((start, False))

    def _list(self, path: tuple[int, ...]) -> None:
        head = self._byte()
        number = head >> 4 if head < 0xF0 else self._number()
        kind = 3 if head & 15 in (1, 2) else head & 15
        below = [0]  # elements still to come on each level of the schema's tree
        for _ in range(number):
            self._children, known = 0, len(self._marks)
            self._value(kind, path)
            while len(below) > 1 and below[-1] == 0:
                below.pop()
            if len(below) > 2:  # nested
                del self._marks[known:]
            below[-1] -= 1
            if self._children:
                below.append(self._children)
