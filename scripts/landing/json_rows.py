"""JSON as a relation of rows: one object a line, or a document that holds a list of objects. Keys may change from line
to line, and the digits of a number are kept as they are written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import duckdb

from .cells import Cell, identifier, literal
from .files import (
    REPORTED_NAMES,
    BrokenFile,
    FileRows,
    Landing,
    TextScan,
    open_plain,
    plain_copy,
    reader_options,
    repaired_copy,
    scan,
)
from .spec import Table, column_names, matching, spelled

JSON_SPACE = re.compile(r"[ \t\r\n]*")
DECODER = json.JSONDecoder(parse_int=str, parse_float=str)  # Python refuses numbers of thousands of digits


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
    document = DECODER.decode(text)
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
    decode, rows = DECODER.raw_decode, []
    while text[position] != "]":
        end = decode(text, position)[1]
        rows.append(text[position:end])
        position = _after(text, end)
        position = _after(text, position + 1) if text[position] == "," else position
    return rows


def _member_starts(text: str) -> Iterator[tuple[str, int]]:
    decode, position = DECODER.raw_decode, _after(text, text.index("{") + 1)
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
    elif kind == "id":  # an id that went through a float of some frame
        texts = [
            f"case when ends_with({text}, '.0') then {_exact_number(text, key)} else {text} end"
            for text, key in zip(texts, keys, strict=True)
        ]
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
