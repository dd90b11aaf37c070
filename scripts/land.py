"""Land the files vendors export into schema `raw`, and every row that breaks a rule into `raw.quarantine`.

    python scripts/land.py --landing DIR --warehouse FILE

Files sit in DIR/<source>/, at any depth, as JSON lines, JSON, CSV (each also gzipped) or Parquet. What a source's
columns are called, mean and must hold is data: the dbt sources in `models/staging/*/_*__sources.yml`, whose vocabulary
is explained at the head of the canonical one.

One file is one transaction: its rows, its quarantined rows and its row in `raw.loads`. Before the commit, rows in the
file must equal rows landed + quarantined + blank. A file is known by its content (sha256), so a second run, also after
a kill, lands only what is missing.

Exit code: 0 landed, 2 a bad call (nothing done), 3 landed, but some file could not be read at all, 1 stopped midway, as
by a full disk (what was landed before is kept).
"""

from __future__ import annotations

import argparse
import csv
import gzip
import hashlib
import importlib.util
import json
import os
import re
import shutil
import sys
import zlib
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

import duckdb
import yaml
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table as SummaryTable

STAGING = Path(__file__).resolve().parent.parent / "models" / "staging"

# Columns every landed table carries after its own; macros/create_raw_tables.sql creates the same.
META_COLUMNS = {
    "_source_file": "string",
    "_source_row": "bigint",
    "_load_id": "bigint",
    "_landed_at": "timestamp",
    "_extra": "string",
}
SUFFIXES = (".jsonl.gz", ".ndjson.gz", ".json.gz", ".csv.gz", ".jsonl", ".ndjson", ".json", ".csv", ".parquet")
RAW_TEXT_LIMIT = 10_000
CHUNK_BYTES = 1 << 20
MIN_LINE_BUFFER = 2 << 20
MIN_READ_BUFFER = 32 << 20
REPORTED_NAMES = 20
LOG_WIDTH = 120

LARGEST_WHOLE_NUMBER = 10**18 - 1
NO_VALUE_WORDS = ("", "NULL", "null", "None", "NaN")

WHOLE = r"^\s*([+-]?[0-9]+)(?:\.0*)?\s*$"
SCIENTIFIC = r"^\s*([+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]{1,2})\s*$"
NUMBER = r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*"
JSON_SPACE = re.compile(r"[ \t\r\n]*")
ISO_TIME = (
    r"(?i)\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"([t ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?( ?(z|utc|[+-][0-9]{2}(:?[0-9]{2})?))?)?\s*"
)


class BadCall(Exception):
    """The command cannot start: the message says what to do."""


class BrokenFile(Exception):
    """A file that cannot be read as a whole: the message says why, without any of its content."""


# What says that the file is to blame; any other OSError, such as a full disk, is not its fault and stops the landing.
UNREADABLE = (BrokenFile, EOFError, zlib.error, gzip.BadGzipFile, PermissionError, FileNotFoundError)


# ---------------------------------------------------------------------------------------------------------------- spec


@dataclass(frozen=True)
class Column:
    """One column of a raw table and its landing rule; the vocabulary is that of the sources' YAML."""

    name: str
    data_type: str
    kind: str = "text"
    required: bool = False
    default: object = None
    values: tuple[str, ...] = ()
    signed: bool = False
    min: int | None = None
    max: int | None = None
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A condition over the typed columns of one row that quarantines it."""

    reason: str
    fails_when: str


@dataclass(frozen=True)
class Table:
    """One raw table. `landed` tables are filled from files, the others by programs (the logs, the price book)."""

    name: str
    columns: tuple[Column, ...]
    landed: bool = False
    reserved: bool = False
    rules: tuple[Rule, ...] = ()

    def types(self) -> dict[str, str]:
        """Column name to data type, the meta columns of a landed table included."""
        declared = {column.name: column.data_type for column in self.columns}
        return declared | META_COLUMNS if self.landed else declared


def read_spec(folder: Path = STAGING) -> dict[str, Table]:
    """Every raw table by name, from the dbt sources below `folder`."""
    tables = {}
    for path in sorted(folder.glob("*/_*__sources.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for source in document["sources"]:
            for entry in source["tables"]:
                tables[entry["name"]] = _table(entry)
    if not tables:
        raise BadCall(f"{folder}: no _*__sources.yml there; run from a complete checkout")
    return tables


def _table(entry: dict) -> Table:
    landing = entry.get("config", {}).get("meta", {}).get("landing")
    return Table(
        name=entry["name"],
        columns=tuple(_column(column) for column in entry["columns"]),
        landed=landing is not None,
        reserved=bool(landing and landing.get("reserved")),
        rules=tuple(Rule(**rule) for rule in (landing or {}).get("rules", ())),
    )


def _column(entry: dict) -> Column:
    rule = dict(entry.get("config", {}).get("meta", {}))
    for name in ("values", "aliases"):
        rule[name] = tuple(rule.get(name, ()))
    return Column(name=entry["name"], data_type=entry["data_type"], **rule)


# ------------------------------------------------------------------------------------------------------------ SQL text


def identifier(name: str) -> str:
    """A quoted SQL identifier."""
    return '"' + name.replace('"', '""') + '"'


def literal(value: object) -> str:
    """A SQL literal for a text, number, boolean or None."""
    if value is None:
        return "null"
    if isinstance(value, str):
        return "'" + value.replace("'", "''") + "'"
    return str(value).lower()


def one_of(text: str, words: Iterable[str]) -> str:
    """SQL: whether a text is one of the words."""
    return f"{text} in ({', '.join(map(literal, words))})"


def matching(name: str) -> str:
    """The form in which two spellings of a column name are equal: no case, camelCase = snake_case."""
    return name.replace("_", "").lower()


def cleaned(column: Column, text: str) -> str:
    """SQL: the text of a cell, NULL where it stands for no value. A required id or name may be called NULL."""
    named = column.required and column.kind in ("id", "text")
    numeric = column.kind in ("int", "money", "decimal")
    words = [""] if named else [word for word in NO_VALUE_WORDS if not (numeric and word == "NaN")]
    # Longer than any of the words and not beginning with white space: nothing to look up.
    is_value = f"strlen({text}) > {max(map(len, words))} and {text} >= '!'"
    return f"case when {is_value} then {text} when not {one_of(f'trim({text})', words)} then {text} end"


# In the expressions below the usual spelling is recognised first and by something cheap. DuckDB computes what stands
# twice in a projection for every row, so that the rare branches repeat as little as they can.


def _int_of(text: str, column: Column) -> str:
    plain = f"regexp_extract({text}, {literal(WHOLE)}, 1)"
    scientific = f"cast(try_cast(regexp_extract({text}, {literal(SCIENTIFIC)}, 1) as decimal(38, 12)) as varchar)"
    return (
        f"case when cast(try_cast({text} as bigint) as varchar) = {text} then try_cast({text} as bigint)"
        f" else coalesce(try_cast({plain} as bigint),"
        f" try_cast(regexp_extract({scientific}, {literal(WHOLE)}, 1) as bigint)) end"
    )


def _decimal_of(text: str, column: Column) -> str:
    return f"case when regexp_full_match({text}, {literal(NUMBER)}) then try_cast({text} as decimal(28, 12)) end"


def _timestamp_of(text: str, column: Column) -> str:
    """An offset is converted, none means UTC; an epoch is read by magnitude, each unit covering 1973 to 5138."""
    number = f"try_cast({text} as decimal(28, 9))"
    return (
        f"case when regexp_full_match({text}, {literal(ISO_TIME)}) then"
        f" coalesce(try_cast({text} as timestamptz),"
        f" try_cast(regexp_replace({text}, ' ([+-])', '\\1') as timestamptz)) at time zone 'UTC'"
        f" when regexp_full_match({text}, {literal(NUMBER)}) then make_timestamp(case"
        f" when {number} < 100000000 then null"
        f" when {number} < 100000000000 then cast(trunc({number} * 1000000) as bigint)"
        f" when {number} < 100000000000000 then cast(trunc({number} * 1000) as bigint)"
        f" when {number} < 100000000000000000 then cast(trunc({number}) as bigint)"
        f" else cast(cast(trunc({number}) as hugeint) // 1000 as bigint) end) end"
    )


def _bool_of(text: str, column: Column) -> str:
    word = f"lower(trim({text}))"
    return (
        f"case when {text} = 'true' then true when {text} = 'false' then false"
        f" when {one_of(word, ['true', 'yes', '1', '1.0'])} then true"
        f" when {one_of(word, ['false', 'no', '0', '0.0'])} then false end"
    )


def _enum_of(text: str, column: Column) -> str:
    return f"case when {one_of(text, column.values)} then {text} else lower(trim({text})) end"


def _currency_of(text: str, column: Column) -> str:
    return f"case when regexp_full_match(trim({text}), '[A-Za-z]{{3}}') then upper(trim({text})) end"


def _json_of(text: str, column: Column) -> str:
    return f"case when json_valid({text}) and left(ltrim({text}), 1) in ('{{', '[', '\"') then {text} end"


TYPED_FROM_TEXT: dict[str, Callable[[str, Column], str]] = {
    "id": lambda text, column: text,
    "text": lambda text, column: text,
    "enum": _enum_of,
    "cur": _currency_of,
    "json": _json_of,
    "bool": _bool_of,
    "int": _int_of,
    "money": _decimal_of,
    "decimal": _decimal_of,
    "ts": _timestamp_of,
    "date": lambda text, column: f"cast({_timestamp_of(text, column)} as date)",
}


@dataclass(frozen=True)
class Cell:
    """Where a file holds a column: a SQL expression and its DuckDB type."""

    sql: str
    type: str = "VARCHAR"


def cell_and_value(column: Column, cell: Cell, name: str) -> tuple[str, str]:
    """SQL of the cleaned cell, and of its typed value once the cell is called `name`.

    A Parquet column that already has the type is taken as it is, every other one by way of its text, so that a
    double is read as the decimal it prints as.
    """
    native = _native_value(column.kind, cell.type, name)
    if native:
        return cell.sql, native
    text = cell.sql if cell.type == "VARCHAR" else _text_of(cell)
    return cleaned(column, text), TYPED_FROM_TEXT[column.kind](name, column)


def _text_of(cell: Cell) -> str:
    nested = cell.type.startswith(("STRUCT", "MAP")) or cell.type.endswith("]")
    return f"cast({'to_json' if nested else ''}({cell.sql}) as varchar)"


def _native_value(kind: str, duckdb_type: str, name: str) -> str | None:
    if kind == "int" and duckdb_type in (
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
    ):
        return f"cast({name} as bigint)"
    if kind == "bool" and duckdb_type == "BOOLEAN":
        return name
    if kind in ("money", "decimal") and _fits_money(duckdb_type):
        return f"cast({name} as decimal(28, 12))"
    if kind in ("ts", "date"):
        moment = _native_moment(duckdb_type, name)
        return (
            moment
            and f"cast(case when isfinite({moment}) then {moment} end as {'date' if kind == 'date' else 'timestamp'})"
        )
    return None


def _fits_money(duckdb_type: str) -> bool:
    match = re.fullmatch(r"DECIMAL\((\d+),(\d+)\)", duckdb_type)
    return bool(match) and int(match[2]) <= 12 and int(match[1]) - int(match[2]) <= 16


def _native_moment(duckdb_type: str, name: str) -> str | None:
    if duckdb_type in ("TIMESTAMP", "TIMESTAMP_S", "TIMESTAMP_MS", "DATE"):
        return f"cast({name} as timestamp)"
    if duckdb_type == "TIMESTAMP WITH TIME ZONE":
        return f"({name} at time zone 'UTC')"
    if duckdb_type == "TIMESTAMP_NS":
        return f"make_timestamp(epoch_ns({name}) // 1000)"  # a cast would round up
    return None


def column_failure(column: Column, cell: str, value: str) -> str:
    """SQL `when` branches that name what is wrong with one column of a row."""
    branches = []
    if column.required:
        branches.append((f"{cell} is null", "missing_required"))
    wrong_type = f"{cell} is not null and {value} is null"
    if column.kind == "int":
        floor = -LARGEST_WHOLE_NUMBER if column.signed else 0
        wrong_type += f" or {value} not between {floor} and {LARGEST_WHOLE_NUMBER}"
    if column.kind not in ("id", "text", "enum"):
        branches.append((wrong_type, "bad_type"))
    if column.values:
        branches.append((f"not {one_of(value, column.values)}", "bad_value"))
    limits = [f"{value} < {column.min}"] * (column.min is not None) + [f"{value} > {column.max}"] * (
        column.max is not None
    )
    branches += [(limit, "bad_value") for limit in limits]
    return " ".join(f"when {condition} then {literal(f'{reason}:{column.name}')}" for condition, reason in branches)


def typed_rows(table: Table, cells: dict[str, Cell], relation: str) -> str:
    """SQL: every row of a file with its typed columns, `_row`, `_extra`, `_raw` and `__reason` (NULL when it may land).

    `relation` yields `_row`, `_shape` (the reason when the row is no row at all), `_extra`, `_raw` and what cells need.
    """
    cleans, values, finals, failures = [], [], [], []
    for position, column in enumerate(table.columns):
        cell, value = f"__cell_{position}", f"__value_{position}"
        clean, typed = cell_and_value(column, cells.get(column.name, Cell("cast(null as varchar)")), cell)
        cleans.append(f"{clean} as {cell}")
        values.append(f"{typed} as {value}")
        final = value if column.default is None else f"coalesce({value}, {literal(column.default)})"
        finals.append(f"cast({final} as {column.data_type}) as {identifier(column.name)}")
        failures.append(column_failure(column, cell, value))
    rules = [f"when {rule.fails_when} then {literal(rule.reason)}" for rule in table.rules]
    return f"""
        with cells as (select _row, _shape, _extra, _raw, {", ".join(cleans)} from ({relation})),
        parsed as (select *, {", ".join(values)} from cells),
        typed as (select *, {", ".join(finals)} from parsed)
        select *, case when _shape is not null then _shape {" ".join(failures + rules)} end as __reason from typed
    """


# ------------------------------------------------------------------------------------------------------- reading files


@dataclass(frozen=True)
class Landing:
    """A file below the landing folder."""

    path: Path
    source: str
    name: str  # path below the landing folder, with /, as raw.loads and _source_file know it
    suffix: str


@dataclass
class FileRows:
    """A file opened as a relation for `typed_rows`. `count` was taken apart from DuckDB's reader."""

    relation: str
    cells: dict[str, Cell]
    count: int
    unknown: list[str] = field(default_factory=list)
    blank_where: str | None = None  # condition on the temp table of lines


NO_ROWS = FileRows("select 0 as _row, null as _shape, null as _extra, null as _raw where false", {}, 0)


@dataclass
class TextScan:
    """What one pass over the bytes of a text file says about how it can be read."""

    lines: int = 0
    longest_chunk: int = 0
    is_clean: bool = True  # UTF-8, no NUL, one kind of line end
    has_quote: bool = False


def whole_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The bytes in chunks that end with a line."""
    while chunk := stream.read(CHUNK_BYTES):
        yield chunk if chunk.endswith(b"\n") else chunk + stream.readline()


def scan(stream: BinaryIO, copy: BinaryIO | None = None) -> TextScan:
    """Count and check the lines of a stream, copying it when `copy` is given."""
    result, returns = TextScan(), 0
    for chunk in whole_lines(stream):
        result.lines += chunk.count(b"\n") + (not chunk.endswith(b"\n"))
        result.longest_chunk = max(result.longest_chunk, len(chunk))
        result.has_quote = result.has_quote or b'"' in chunk
        if b"\r" in chunk:
            returns += chunk.count(b"\r\n")
            result.is_clean &= chunk.count(b"\r") == chunk.count(b"\r\n")
        result.is_clean = result.is_clean and b"\0" not in chunk and _is_utf8(chunk)
        if copy:
            copy.write(chunk)
    result.is_clean &= returns in (0, result.lines, result.lines - 1)
    return result


def _is_utf8(chunk: bytes) -> bool:
    if chunk.isascii():
        return True
    try:
        chunk.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def open_plain(landing: Landing) -> BinaryIO:
    """The file's content, decompressed. Python's gzip checks length and CRC of every member, DuckDB's does not."""
    return gzip.open(landing.path, "rb") if landing.suffix.endswith(".gz") else landing.path.open("rb")


def _linked(landing: Landing, work: Path) -> Path:
    """A link to a file under a name free of glob signs and of characters DuckDB cannot take."""
    link = work / "plain"
    link.unlink(missing_ok=True)
    link.symlink_to(landing.path.resolve())
    return link


def plain_copy(landing: Landing, work: Path) -> tuple[Path, TextScan]:
    """A path DuckDB can read the decompressed text from, and its scan; an uncompressed file is only linked."""
    with open_plain(landing) as stream:
        if not landing.suffix.endswith(".gz"):
            return _linked(landing, work), scan(stream)
        target = work / "decompressed"
        with target.open("wb") as copy:
            return target, scan(stream, copy)


def escaped_line(line: bytes) -> str:
    """A line as text; bytes that are no UTF-8, NUL and stray carriage returns become \\xNN, never valid in JSON."""
    text = line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "backslashreplace")
    return text.replace("\0", "\\x00").replace("\r", "\\x0d")


def repaired_copy(source: Path, work: Path) -> Path:
    """A copy of a text file that DuckDB reads line by line, whatever bytes it holds."""
    target = work / "repaired"
    with source.open("rb") as stream, target.open("w", encoding="utf-8", newline="\n") as copy:
        for chunk in whole_lines(stream):
            copy.writelines(escaped_line(line) + "\n" for line in chunk.removesuffix(b"\n").split(b"\n"))
    return target


def reader_options(longest: int) -> str:
    """Options of read_csv for lines of up to `longest` bytes; its buffer would otherwise grow to 16 times that."""
    line_size = max(MIN_LINE_BUFFER, longest + 1)
    return f"max_line_size = {line_size}, buffer_size = {max(MIN_READ_BUFFER, 2 * line_size)}"


# ------------------------------------------------------------------------------------------------------- JSON


def open_json_lines(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A file of one JSON object a line."""
    path, checked = plain_copy(landing, work)
    if not checked.is_clean:
        path = repaired_copy(path, work)
    return _json_rows(connection, table, path, checked)


def open_json_document(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A JSON array, a page (an object with a list of objects inside) or a single row, as lines of its own text."""
    with open_plain(landing) as stream:
        content = stream.read()
    try:
        text = content.decode("utf-8-sig")
        required = {matching(column.name) for column in table.columns if column.required}
        rows = document_rows(text, required) if text.strip() else []
    except (ValueError, RecursionError) as error:
        raise BrokenFile(f"not a JSON document: {type(error).__name__} {getattr(error, 'msg', error)}") from error
    path = work / "document"
    # A raw line end inside a JSON document can only be white space.
    path.write_text("".join(re.sub(r"[\r\n]", " ", row) + "\n" for row in rows), encoding="utf-8", newline="\n")
    with path.open("rb") as stream:
        return _json_rows(connection, table, path, scan(stream))


def document_rows(text: str, required: set[str]) -> list[str]:
    """The text of each row of a JSON document, digits untouched.

    The rows are the elements of the array; of an object the elements of its first list of objects (`data` of a page),
    unless it has every required column and so is a row itself. ValueError when the document does not parse.
    """
    document = json.loads(text)
    if isinstance(document, list):
        return _element_texts(text, _after(text, text.index("[") + 1))
    if not isinstance(document, dict):
        raise ValueError("neither an array nor an object")
    found = required & {matching(key) for key in document}
    if found and found == required:
        return [text.strip()]
    for key, start in _member_starts(text):
        if isinstance(document[key], list) and any(isinstance(element, dict) for element in document[key]):
            return _element_texts(text, _after(text, start + 1))
    is_empty_page = not found and any(value == [] for value in document.values())
    return [] if is_empty_page else [text.strip()]


def _after(text: str, position: int) -> int:
    return JSON_SPACE.match(text, position).end()


def _element_texts(text: str, position: int) -> list[str]:
    decode, rows = json.JSONDecoder().raw_decode, []
    while text[position] != "]":
        end = decode(text, position)[1]
        rows.append(text[position:end])
        position = _after(text, end)
        position = _after(text, position + 1) if text[position] == "," else position
    return rows


def _member_starts(text: str) -> Iterator[tuple[str, int]]:
    decode, position = json.JSONDecoder().raw_decode, _after(text, text.index("{") + 1)
    while text[position] != "}":
        key, end = decode(text, position)
        start = _after(text, _after(text, end) + 1)
        yield key, start
        position = _after(text, decode(text, start)[1])
        position = _after(text, position + 1) if text[position] == "," else position


def _json_rows(connection: duckdb.DuckDBPyConnection, table: Table, path: Path, checked: TextScan) -> FileRows:
    """Lines of JSON text as a relation: their keys are looked up first, then each line is parsed once."""
    _load_lines(connection, path, checked)
    is_safe = _load_key_sets(connection)
    has_duplicate_key = connection.execute(
        "select coalesce(bool_or(len(keys) <> len(list_distinct(keys))), false) from landing_key_sets"
    ).fetchone()[0]
    spellings, unknown = _json_spellings(connection, table)
    chosen = {name: keys[0] for name, keys in spellings.items()}
    shape = _json_shape(spellings, is_safe, has_duplicate_key)
    document = "line" if shape == "null" else f"case when ({shape}) is null then line end"
    structure = json.dumps({key: "VARCHAR" for key in chosen.values()})
    known = json.dumps({key: None for keys in spellings.values() for key in keys})
    relation = (
        f"""
        select *, {f"nullif(json_merge_patch(document, {literal(known)}), '{{}}')" if unknown else "null"} as _extra,
            json_transform(document, {literal(structure)}) as fields
        from (select rowid + 1 as _row, line as _raw, {shape} as _shape, {document} as document
              from landing_lines where not {BLANK_LINE})
    """
        if chosen
        else f"""
        select rowid + 1 as _row, line as _raw, {shape} as _shape, {document} as _extra
        from landing_lines where not {BLANK_LINE}
    """
    )
    kinds = {column.name: column.kind for column in table.columns}
    cells = {name: Cell(_json_cell(keys, kinds[name])) for name, keys in spellings.items()}
    return FileRows(relation, cells, checked.lines, unknown, BLANK_LINE)


# The first character is looked at first: trimming every line would cost more than parsing it.
BLANK_LINE = r"(line is null or case when unicode(line) <= 32 then trim(line, e' \t\r') = '' else false end)"


def _load_lines(connection: duckdb.DuckDBPyConnection, path: Path, checked: TextScan) -> None:
    """The lines as temp table `landing_lines`, whose rowid is the line number less one."""
    connection.execute(
        rf"""create or replace temp table landing_lines as
        select line from read_csv(?, columns = {{'line': 'varchar'}}, delim = '\x1f', quote = '', escape = '',
            comment = '', header = false, auto_detect = false, null_padding = true, strict_mode = false,
            {reader_options(checked.longest_chunk)})""",
        [str(path)],
    )


def _load_key_sets(connection: duckdb.DuckDBPyConnection) -> bool:
    """The distinct lists of keys as temp table `landing_key_sets`; False when some line is no JSON object.

    Grouping by a hash and reading the keys of one line for each is half the work of grouping by the lists.
    """
    query = """create or replace temp table landing_key_sets as
        select {keys} as keys from landing_lines
        where rowid in (select min(rowid) from landing_lines group by hash({keys}))"""
    try:
        connection.execute(query.format(keys="json_keys(line)"))
    except duckdb.InvalidInputException:
        connection.execute(query.format(keys="case when json_valid(line) then json_keys(line) end"))
        return False
    return not connection.execute("select coalesce(bool_or(len(keys) = 0), false) from landing_key_sets").fetchone()[0]


def _json_spellings(connection: duckdb.DuckDBPyConnection, table: Table) -> tuple[dict[str, list[str]], list[str]]:
    """The keys that spell each known column, and the first unknown keys."""
    names = column_names(table)
    keys = "(select distinct unnest(keys) as key from landing_key_sets)"
    is_known = f"replace(lower(key), '_', '') in ({', '.join(map(literal, names))})"
    known = [row[0] for row in connection.execute(f"select key from {keys} where {is_known} order by key").fetchall()]
    spellings, surplus = spelled(table, known)
    rest = connection.execute(
        f"select key from {keys} where not ({is_known}) order by key limit {REPORTED_NAMES}"
    ).fetchall()
    return spellings, sorted(surplus + [row[0] for row in rest])


def column_names(table: Table) -> dict[str, str]:
    """Every accepted spelling, in matching form, to the column it means; a column's own name wins over an alias."""
    aliases = {matching(alias): column.name for column in table.columns for alias in column.aliases}
    return aliases | {matching(column.name): column.name for column in table.columns}


def spelled(table: Table, keys: list[str]) -> tuple[dict[str, list[str]], list[str]]:
    """Keys of a file by the column they spell, and the aliases that are not needed: their column is there itself."""
    names, spellings, surplus = column_names(table), {}, []
    own = {names[matching(key)] for key in keys if matching(names[matching(key)]) == matching(key)}
    for key in keys:
        column = names[matching(key)]
        if column in own and matching(key) != matching(column):
            surplus.append(key)
        else:
            spellings.setdefault(column, []).append(key)
    return spellings, surplus


def _json_shape(spellings: dict[str, list[str]], is_safe: bool, has_duplicate_key: bool) -> str:
    """SQL: `broken_row` for a line that is no object or says one column twice; `null` when no line can be."""
    branches = []
    if not is_safe:
        branches += ["not json_valid(line)", "json_type(line) <> 'OBJECT'"]
    if has_duplicate_key:
        branches.append("len(json_keys(line)) <> len(list_distinct(json_keys(line)))")
    for keys in spellings.values():
        if len(keys) > 1:
            present = " + ".join(f"cast(json_exists(line, {literal(_pointer(key))}) as int)" for key in keys)
            branches.append(f"{present} > 1")
    if not branches:
        return "null"
    return "case " + " ".join(f"when {branch} then 'broken_row'" for branch in branches) + " end"


def _pointer(key: str) -> str:
    return "/" + key.replace("~", "~0").replace("/", "~1")


def _json_cell(keys: list[str], kind: str) -> str:
    """SQL: the text of a value. Spellings after the first are rare, so they are looked up one by one."""
    texts = [f"fields.{identifier(keys[0])}"] + [
        f"json_extract_string(document, {literal(_pointer(k))})" for k in keys[1:]
    ]
    if kind in ("money", "decimal"):
        texts = [_exact_number(text, key) for text, key in zip(texts, keys, strict=True)]
    return texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"


def _exact_number(text: str, key: str) -> str:
    """SQL: the digits of a JSON number as they are written; DuckDB's own text of it went through a double.

    The first number behind the key is the one when it has the same text or is the same double. If it is not (the key
    stands in a nested object too, or the value is a text), all numbers behind the key are quoted before parsing.
    """
    pattern = re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:\s*"
    found = f"regexp_extract(document, {literal(f'{pattern}(-?[0-9][0-9.eE+-]*)')}, 1)"
    quoted = f"regexp_replace(document, {literal(f'({pattern})(-?[0-9][0-9.eE+-]*)')}, '\\1\"\\2\"', 'g')"
    return (
        f"case when {text} is null or {found} = {text} then {text}"
        f" when try_cast({found} as double) = try_cast({text} as double) then {found}"
        f" else json_extract_string({quoted}, {literal(_pointer(key))}) end"
    )


# ------------------------------------------------------------------------------------------------------- CSV


def open_csv(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A CSV file with a header. DuckDB's strict reader takes it when it finds one row a line, else Python's does."""
    path, checked = plain_copy(landing, work)
    header = read_header(path)
    if not header:
        return NO_ROWS
    spellings, unknown = spelled_header(table, header)
    count = checked.lines - 1
    is_plain = checked.is_clean and len(header) > 1
    if is_plain and _read_strictly(connection, path, checked, len(header)) == count:
        rows = "select rowid + 2, cast(null as varchar), * from landing_rows"
    else:
        count = _read_carefully(connection, path, work, len(header))
        rows = "select * from landing_rows"
    cells = {name: Cell(cell_name(header.index(key))) for name, key in spellings.items()}
    return FileRows(cells_relation(rows, header, unknown), cells, count, unknown)


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


def spelled_header(table: Table, header: list[str]) -> tuple[dict[str, str], list[str]]:
    """The header name of each known column, and the unknown names; BrokenFile when a name stands there twice."""
    names = column_names(table)
    spellings, surplus = spelled(table, [name for name in header if matching(name) in names])
    twice = [name for name, number in Counter(name.lower() for name in header).items() if number > 1]
    twice += [name for name, keys in spellings.items() if len(keys) > 1]
    if twice:
        raise BrokenFile(f"column {twice[0]!r} stands twice in the header")
    unknown = [name for name in header if matching(name) not in names]
    return {name: keys[0] for name, keys in spellings.items()}, unknown + surplus


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
                    yield line, cells if b"\0" not in text and _is_utf8(text) else None, text
                line += len(consumed)
                consumed.clear()
            return
        except csv.Error:
            yield line, None, consumed[0]
            waiting.extendleft(reversed(consumed[1:]))
            consumed.clear()
            line += 1


def cells_relation(rows: str, header: list[str], unknown: list[str]) -> str:
    """A query of line, broken text and cells as a relation for `typed_rows`."""
    names = ["_row", "_broken", *(cell_name(position) for position in range(len(header)))]
    return f"""
        select *, case when _broken is not null then 'broken_row' end as _shape,
            coalesce(_broken, {_object_text(header, header)}) as _raw,
            nullif({_object_text(header, unknown)}, '{{}}') as _extra
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


# ------------------------------------------------------------------------------------------------------- Parquet


def _reads_to_the_end(connection: duckdb.DuckDBPyConnection, work: Path) -> bool:
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
    if landing.path.stat().st_size == 0:
        return NO_ROWS
    path = _linked(landing, work)
    reader = f"read_parquet({literal(str(path))}, binary_as_string = true"
    try:
        described = connection.execute(f"describe select * from {reader})").fetchall()
        count = connection.execute("select num_rows from parquet_file_metadata(?)", [str(path)]).fetchone()[0]
    except duckdb.Error as error:
        raise BrokenFile(f"not a Parquet file: {type(error).__name__}") from error
    header, types = [row[0] for row in described], [row[1] for row in described]
    spellings, unknown = spelled_header(table, header)
    columns = ", ".join(identifier(name) for name in header)
    rows = f"select file_row_number + 1, cast(null as varchar), {columns} from {reader}, file_row_number = true)"
    positions = {name: header.index(key) for name, key in spellings.items()}
    cells = {name: Cell(cell_name(position), types[position]) for name, position in positions.items()}
    return FileRows(cells_relation(rows, header, unknown), cells, count, unknown)


READERS = {
    ".jsonl": open_json_lines,
    ".ndjson": open_json_lines,
    ".json": open_json_document,
    ".csv": open_csv,
    ".parquet": open_parquet,
}


# ------------------------------------------------------------------------------------------------------- landing


@dataclass
class Outcome:
    """What became of one file."""

    landing: Landing
    status: str  # as in raw.loads; `known`: same path and content as before, `known_rejected`: and refused
    landed: int = 0
    quarantined: int = 0
    blank: int = 0
    unknown: list[str] = field(default_factory=list)
    problem: str = ""


@dataclass(frozen=True)
class Content:
    """What identifies a file's content, and why it cannot be read at all, if so."""

    sha256: str
    bytes: int
    problem: str = ""


def content_of(path: Path) -> Content:
    """Hash of a file as delivered. What has no content (a directory, no permission) is identified by its problem."""
    try:
        if not path.is_file():
            raise BrokenFile("a directory or device where a file should be")
        with path.open("rb") as stream:
            return Content(hashlib.file_digest(stream, "sha256").hexdigest(), path.stat().st_size)
    except (OSError, BrokenFile) as error:
        problem = getattr(error, "strerror", None) or str(error)
        return Content(hashlib.sha256(problem.encode()).hexdigest(), 0, problem)


def land_file(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path, hashing: Executor
) -> Outcome:
    """Land one file, or find that there is nothing to land, in one transaction. The hash is taken while it is read."""
    content = hashing.submit(content_of, landing.path)
    if _may_be_known(connection, landing) and (outcome := _known(connection, landing, content)):
        return outcome
    try:
        if not landing.path.is_file():
            raise BrokenFile(content.result().problem)
        rows = READERS[landing.suffix.removesuffix(".gz")](connection, table, landing, work)
        return _in_transaction(connection, lambda: _insert(connection, table, landing, content, rows))
    except UNREADABLE as error:
        problem = str(error) if isinstance(error, BrokenFile) else f"{type(error).__name__}: {error}"
    except duckdb.Error as error:
        if landing.suffix != ".parquet" or _reads_to_the_end(connection, work):
            raise
        problem = f"a damaged Parquet file: {type(error).__name__}"
    return _in_transaction(connection, lambda: _reject(connection, landing, content, problem))


def _may_be_known(connection: duckdb.DuckDBPyConnection, landing: Landing) -> bool:
    """Whether a load has the file's name or size; if not, its content is new and can be read before it is hashed."""
    size = landing.path.stat().st_size if landing.path.is_file() else 0
    query = "select count(*) > 0 from raw.loads where source = ? and (name = ? or bytes = ?)"
    return connection.execute(query, [landing.source, landing.name, size]).fetchone()[0]


def _known(connection: duckdb.DuckDBPyConnection, landing: Landing, content: Future[Content]) -> Outcome | None:
    """The outcome for content that was seen before; None when the file has to be landed."""
    seen = connection.execute(
        "select name, status from raw.loads where source = ? and sha256 = ?", [landing.source, content.result().sha256]
    ).fetchall()
    if status := dict(seen).get(landing.name):
        return Outcome(landing, "known_rejected" if status == "rejected" else "known")
    if any(status == "landed" for _, status in seen):
        return _in_transaction(connection, lambda: _record(connection, Outcome(landing, "duplicate_file"), content))
    return None


def _in_transaction(connection: duckdb.DuckDBPyConnection, work: Callable[[], Outcome]) -> Outcome:
    connection.begin()
    try:
        outcome = work()
        connection.commit()
    except BaseException:
        connection.rollback()
        raise
    return outcome


def _next_load_id(connection: duckdb.DuckDBPyConnection) -> int:
    return connection.execute("select coalesce(max(load_id), 0) + 1 from raw.loads").fetchone()[0]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _record(connection: duckdb.DuckDBPyConnection, outcome: Outcome, content: Future[Content]) -> Outcome:
    """Write the file's row of raw.loads, the last statement of its transaction."""
    landing = outcome.landing
    connection.execute(
        """insert into raw.loads (load_id, source, name, sha256, bytes, rows_landed, rows_quarantined, rows_blank,
            status, landed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            _next_load_id(connection),
            landing.source,
            landing.name,
            content.result().sha256,
            content.result().bytes,
            outcome.landed,
            outcome.quarantined,
            outcome.blank,
            outcome.status,
            _now(),
        ],
    )
    return outcome


def _reject(connection: duckdb.DuckDBPyConnection, landing: Landing, content: Future[Content], problem: str) -> Outcome:
    connection.execute(
        """insert into raw.quarantine (load_id, source, file, line, reason, raw_text, landed_at)
        values (?, ?, ?, 0, 'broken_row', ?, ?)""",
        [_next_load_id(connection), landing.source, landing.name, problem, _now()],
    )
    return _record(connection, Outcome(landing, "rejected", quarantined=1, problem=problem), content)


def _insert(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, content: Future[Content], rows: FileRows
) -> Outcome:
    """Insert the good rows; only when some are missing, look a second time for the bad and the blank ones."""
    load_id, now = _next_load_id(connection), _now()
    typed = typed_rows(table, rows.cells, rows.relation)
    columns = [identifier(column.name) for column in table.columns]
    landed = connection.execute(
        f"""insert into raw.{identifier(table.name)}
            ({", ".join(columns + list(META_COLUMNS))})
        select {", ".join(columns)}, ?, _row, ?, ?, _extra from ({typed}) where __reason is null""",
        [landing.name, load_id, now],
    ).fetchone()[0]
    outcome = Outcome(landing, "landed", landed, unknown=rows.unknown)
    if landed != rows.count:
        outcome.quarantined = connection.execute(
            f"""insert into raw.quarantine (load_id, source, file, line, reason, raw_text, landed_at)
            select ?, ?, ?, _row, __reason, left(_raw, {RAW_TEXT_LIMIT}), ?
            from ({typed}) where __reason is not null""",
            [load_id, landing.source, landing.name, now],
        ).fetchone()[0]
        outcome.blank = _blank_rows(connection, rows)
    if landed + outcome.quarantined + outcome.blank != rows.count:
        raise RuntimeError(
            f"{landing.name}: {rows.count} rows in the file, but {landed} landed + {outcome.quarantined} quarantined"
            f" + {outcome.blank} blank; nothing of it was kept. Please report this file's shape as a defect"
        )
    if content.result().problem:
        raise BrokenFile(content.result().problem)
    return _record(connection, outcome, content)


def _blank_rows(connection: duckdb.DuckDBPyConnection, rows: FileRows) -> int:
    if rows.blank_where is None:
        return 0
    return connection.execute(f"select count(*) from landing_lines where {rows.blank_where}").fetchone()[0]


# ------------------------------------------------------------------------------------------------------- the folder


@dataclass
class Found:
    """The landing folder's files in landing order, and what will not be landed, each with the reason."""

    files: list[Landing] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)


def find_files(folder: Path, spec: dict[str, Table]) -> Found:
    """Every file below `folder`, by source and path; nothing is passed over without a word."""
    found = Found()
    for source in sorted(folder.iterdir(), key=lambda path: path.name):
        table = spec.get(source.name)
        if not source.is_dir():
            found.ignored.append(f"{printable(source.name)}: not in a source's folder")
        elif table is None or not table.landed:
            found.ignored.append(f"{printable(source.name)}/: no such source")
        elif table.reserved and any(source.iterdir()):
            found.ignored.append(f"{source.name}/: this source is not read yet, its table stays empty")
        elif not table.reserved:
            _walk(folder, source, source.name, found)
    found.files.sort(key=lambda landing: (landing.source, landing.name))
    return found


def _walk(folder: Path, place: Path, source: str, found: Found) -> None:
    for path in place.iterdir():
        name = printable(path.relative_to(folder).as_posix())
        suffix = next((suffix for suffix in SUFFIXES if path.name.lower().endswith(suffix)), "")
        if path.name.startswith(".") or path.name.lower().endswith(".tmp"):
            found.ignored.append(f"{name}: hidden or unfinished")
        elif suffix:
            found.files.append(Landing(path, source, name, suffix))
        elif path.is_dir() and not path.is_symlink():
            _walk(folder, path, source, found)
        else:
            found.ignored.append(f"{name}: not one of {', '.join(SUFFIXES)}")


def printable(name: str) -> str:
    """A file name as text; bytes that are no UTF-8 become \\xNN."""
    return os.fsencode(name).decode("utf-8", "backslashreplace")


# ------------------------------------------------------------------------------------------------------- the command


def open_warehouse(path: Path) -> duckdb.DuckDBPyConnection:
    """The build file, made when it is not there, in the storage version that DuckDB 1.4 still opens."""
    if path.stem == "raw":
        raise BadCall(f"{path}: a warehouse called like its schema `raw` is ambiguous to DuckDB; choose another name")
    settings = {"storage_compatibility_version": "v1.4.0", "TimeZone": "UTC", "autoinstall_known_extensions": False}
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = duckdb.connect(str(path), config=settings)
    except (duckdb.Error, OSError) as error:
        hint = (
            "another program has it open; wait or close it"
            if "lock" in str(error)
            else "is it a DuckDB file, and may it be written?"
        )
        raise BadCall(f"{path}: cannot be opened ({hint}): {str(error).splitlines()[0]}") from error
    connection.execute("set enable_progress_bar = false")
    connection.execute("set disabled_optimizers = 'in_clause'")  # it joins every column with its few words
    return connection


def create_tables(connection: duckdb.DuckDBPyConnection, spec: dict[str, Table]) -> None:
    """Schema `raw` and every table of the spec that is not there yet."""
    connection.begin()  # one write to disk instead of one a table
    connection.execute("create schema if not exists raw")
    for table in spec.values():
        columns = ", ".join(f"{identifier(name)} {data_type}" for name, data_type in table.types().items())
        connection.execute(f"create table if not exists raw.{identifier(table.name)} ({columns})")
    connection.commit()


def land_folder(
    connection: duckdb.DuckDBPyConnection, spec: dict[str, Table], files: list[Landing], work: Path, console: Console
) -> list[Outcome]:
    """Land every file in order, showing progress on a terminal."""
    columns = [TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn()]
    outcomes = []
    progress = Progress(*columns, console=console, transient=True, disable=not console.is_terminal)
    with progress, ThreadPoolExecutor(max_workers=1) as hashing:
        task = progress.add_task("landing", total=len(files))
        for landing in files:
            progress.update(task, description=landing.source)
            outcomes.append(land_file(connection, spec[landing.source], landing, work, hashing))
            progress.advance(task)
    return outcomes


def refresh_price_book(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """Bring the price tables up to date, when this checkout has the module for it; its summary lines."""
    if importlib.util.find_spec("price_book") is None:
        return []
    price_book = importlib.import_module("price_book")
    return price_book.refresh(connection)


def print_summary(
    connection: duckdb.DuckDBPyConnection, outcomes: list[Outcome], first_load_id: int, console: Console
) -> None:
    """What was landed by source, and the commonest reasons for quarantine with the first place of each. No row text."""
    if not outcomes:
        console.print("nothing to land")
        return
    summary = SummaryTable("source", *("files", "landed", "quarantined", "blank", "skipped duplicates"), title="Landed")
    for source in sorted({outcome.landing.source for outcome in outcomes}):
        mine = [outcome for outcome in outcomes if outcome.landing.source == source]
        skipped = sum(outcome.status in ("known", "known_rejected", "duplicate_file") for outcome in mine)
        numbers = [
            len(mine),
            sum(o.landed for o in mine),
            sum(o.quarantined for o in mine),
            sum(o.blank for o in mine),
            skipped,
        ]
        summary.add_row(source, *(f"{number:,}" for number in numbers))
    console.print(summary)
    reasons = connection.execute(
        """select source, reason, count(*) as row_count, arg_min(file, (load_id, line)), arg_min(line, (load_id, line))
        from raw.quarantine where load_id >= ?
        group by source, reason order by row_count desc, source, reason limit 10""",
        [first_load_id],
    ).fetchall()
    for source, reason, number, file, line in reasons:
        console.print(
            f"quarantined {number:,} rows for {reason} in {source}, first at {file}:{line}",
            markup=False,
            soft_wrap=True,
        )


def print_notes(outcomes: list[Outcome], found: Found, console: Console) -> None:
    """What the reader has to know or do: files not landed, files refused, columns nobody knows."""
    notes = [f"not landed: {note}" for note in found.ignored]
    for outcome in outcomes:
        if outcome.status == "rejected":
            notes.append(f"unreadable: {outcome.landing.name}: {outcome.problem}; deliver it again")
        elif outcome.status == "known_rejected":
            notes.append(
                f"unreadable: {outcome.landing.name}: refused before and unchanged; deliver it again or remove it"
            )
    unknown: dict[str, set[str]] = {}
    for outcome in outcomes:
        unknown.setdefault(outcome.landing.source, set()).update(outcome.unknown)
    for source, names in unknown.items():
        shown = ", ".join(printable(name) for name in sorted(names)[:REPORTED_NAMES])
        notes += [
            f"unknown columns of {source}, kept in _extra: {shown}{' …' if len(names) > REPORTED_NAMES else ''}"
        ] * bool(names)
    for note in notes:
        console.print(note, markup=False, highlight=False, soft_wrap=True)


def land(landing: Path, warehouse: Path) -> int:
    """Land a folder into a warehouse file; the exit code. BadCall when it cannot start."""
    if not landing.is_dir():
        problem = "is a file; name the folder that holds <source>/ folders" if landing.exists() else "no such folder"
        raise BadCall(f"{landing}: {problem}")
    spec = read_spec()
    found = find_files(landing, spec)
    connection = open_warehouse(warehouse)
    work = warehouse.with_name(warehouse.name + ".landing")
    shutil.rmtree(work, ignore_errors=True)  # a killed run's; we hold the warehouse's lock
    work.mkdir()
    try:
        create_tables(connection, spec)
        first_load_id = _next_load_id(connection)
        outcomes = land_folder(connection, spec, found.files, work, Console(stderr=True))
        prices = refresh_price_book(connection)
        print_notes(outcomes, found, Console(stderr=True))
        print_summary(connection, outcomes, first_load_id, Console(width=None if sys.stdout.isatty() else LOG_WIDTH))
        print(*prices, sep="\n", end="\n" * bool(prices))
    finally:
        shutil.rmtree(work, ignore_errors=True)
        connection.close()
    return 3 if any(outcome.status in ("rejected", "known_rejected") for outcome in outcomes) else 0


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and land; the exit code."""
    parser = argparse.ArgumentParser(description="Land vendors' export files into schema raw of a DuckDB warehouse.")
    parser.add_argument("--landing", type=Path, required=True, help="folder with one folder of files per source")
    parser.add_argument("--warehouse", type=Path, required=True, help="DuckDB file to land into; made when missing")
    options = parser.parse_args(arguments)
    try:
        return land(options.landing, options.warehouse)
    except BadCall as problem:
        print(f"land.py: {problem}", file=sys.stderr)
        return 2
    except (OSError, duckdb.Error) as error:
        print(
            f"land.py: stopped by {type(error).__name__}: {str(error).splitlines()[0]}. Files landed so far are kept;"
            " remove the cause and run again",
            file=sys.stderr,
        )
        return 1


if __name__ == "__main__":
    sys.exit(main())
