"""JSON as a relation of rows: one object a line, or documents that hold lists of objects. Keys may change from line to
line, and the digits of a number are kept as they are written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import duckdb

from .cells import Cell, identifier, literal
from .files import (
    EVERY_ROW,
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
from .shapes import first_of, opened, place_text, pointer, refuse_other_kind
from .spec import Column, Inside, Spellings, Table, matching, meanings_of, spelled

JSON_SPACE = re.compile(r"[ \t\r\n]*")
# The text of a double to which every number it may stand for is rounded: those lie within 2e-13 of it.
ROUNDED_NUMBER = r"-?[0-9]{1,3}(\.[0-9]{1,12})?"
DECODER = json.JSONDecoder(parse_int=str, parse_float=str)  # Python refuses numbers of thousands of digits


def open_json_lines(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A file of one JSON object a line."""
    path, checked = plain_copy(landing, work)
    if not checked.is_clean:
        path = repaired_copy(path, work)
    return _json_rows(connection, table, path, checked)


def open_json_document(connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path) -> FileRows:
    """A JSON array, a page (an object with a list of objects inside) or a single row, as lines of its own text.

    Some exporters call a file of one object a line `.json` too: a second line is what tells.
    """
    with open_plain(landing) as stream:
        content = stream.read()
    try:
        text = content.decode("utf-8-sig")
        rows = document_rows(text, table) if text.strip() else []
    except json.JSONDecodeError as error:
        if error.msg == "Extra data" and text[: error.pos].rstrip(" \t").endswith("\n"):
            return open_json_lines(connection, table, landing, work)
        raise BrokenFile(f"not a JSON document: {type(error).__name__} {error.msg}") from error
    except (ValueError, RecursionError) as error:
        raise BrokenFile(f"not a JSON document: {type(error).__name__} {getattr(error, 'msg', error)}") from error
    path = work / "document"
    # A raw line end inside a JSON document can only be white space.
    path.write_text("".join(re.sub(r"[\r\n]", " ", row) + "\n" for row in rows), encoding="utf-8", newline="\n")
    with path.open("rb") as stream:
        return _json_rows(connection, table, path, scan(stream))


def document_rows(text: str, table: Table) -> list[str]:
    """The text of each row of a JSON document, digits untouched; what the table's steps open is opened later.

    The rows are the elements of the array; of an object the elements of the one list that holds rows, unless it has
    every required column and so is a row itself. ValueError when the document does not parse.
    """
    document = DECODER.decode(text)
    if isinstance(document, list):
        return _element_texts(text, _after(text, text.index("[") + 1))
    if not isinstance(document, dict):
        raise ValueError("neither an array nor an object")
    if any(matching(step.at[0]) == matching(key) for step in table.steps for key in document):
        return [text.strip()]
    required = _required_names(table)
    found = [names & {matching(key) for key in document} for names in required]
    if required and all(found):
        return [text.strip()]
    lists = {key: value for key, value in document.items() if isinstance(value, list)}
    full = [key for key, value in lists.items() if any(_has_all(required, element) for element in value)]
    if len(full) > 1:
        raise BrokenFile(f"rows in several lists, {full[0]!r} and {full[1]!r}: deliver one file for each")
    full += [key for key, value in lists.items() if any(isinstance(element, dict) for element in value)]
    for key, start in _member_starts(text):
        if full and key == full[0]:
            return _element_texts(text, _after(text, start + 1))
    is_empty_page = not any(found) and any(value == [] for value in document.values())
    return [] if is_empty_page else [text.strip()]


def _required_names(table: Table) -> list[set[str]]:
    """For each required column the keys, in matching form, that may hold it."""
    required = {column.name: set() for column in table.columns if column.required}
    for key, meanings in meanings_of(table).items():
        for column, _, _ in meanings:
            required.get(column, set()).add(key)
    return list(required.values())


def _has_all(required: list[set[str]], element: object) -> bool:
    return isinstance(element, dict) and all(names & {matching(key) for key in element} for names in required)


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


def _json_rows(
    connection: duckdb.DuckDBPyConnection, table: Table, path: Path, checked: TextScan, inside: Inside | None = None
) -> FileRows:
    """Lines of JSON text as a relation: what they hold is opened, their keys are looked up, each is parsed once.

    With `inside` it is the rows of another table that stand inside these, which must have been inserted before.
    """
    _load_lines(connection, path, checked)
    shape = opened(connection, table, inside and inside.steps)
    found = _json_spellings(connection, table)
    first = connection.execute("select keys from landing_key_sets where keys is not null limit 1").fetchone()
    refuse_other_kind(table, first[0] if first else [])
    has_duplicate_key = connection.execute(
        "select coalesce(bool_or(len(keys) <> len(list_distinct(keys))), false) from landing_key_sets"
    ).fetchone()[0]
    broken = _broken_line(found, shape.is_safe, has_duplicate_key)
    document = "line" if broken == "null" else f"case when ({broken}) is null then line end"
    fields, extra = _fields(found), _extra_keys(found, shape.carried)
    # What a transaction has made counts from a large number until it is committed.
    first_row = connection.execute("select coalesce(min(rowid), 0) from landing_lines").fetchone()[0]
    relation = f"""
        select *, {_extra(found, extra, fields, shape.carried)} as _extra
        from (select *, {_parsed(fields, extra)} as fields
              from (select rowid - {first_row} + 1 as _row, line as _raw, {broken} as _shape, {document} as document
                    from landing_lines where not {BLANK_LINE} and {EVERY_ROW}))
    """
    columns = {column.name: column for column in table.columns}
    cells = {name: Cell(_json_cell(columns[name], found, fields, shape.is_exact)) for name in found.places}
    count = checked.lines if shape.rows is None else shape.rows
    others = [
        (other.table, partial(_json_rows, connection, other.table, path, checked, other)) for other in table.inside
    ]
    others = [] if inside else others
    return FileRows(
        relation, cells, count, found.unknown, BLANK_LINE, notes=shape.notes, has_empty=shape.has_empty, inside=others
    )


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


def _json_spellings(connection: duckdb.DuckDBPyConnection, table: Table) -> Spellings:
    """What the keys of the lines spell; of the unknown ones the first."""
    keys = "(select distinct unnest(keys) as key from landing_key_sets)"
    is_known = f"replace(lower(key), '_', '') in ({', '.join(map(literal, meanings_of(table)))})"
    known = [row[0] for row in connection.execute(f"select key from {keys} where {is_known} order by key").fetchall()]
    rest = connection.execute(
        f"select key from {keys} where not ({is_known}) order by key limit {REPORTED_NAMES}"
    ).fetchall()
    found = spelled(table, known + [row[0] for row in rest])
    found.unknown.sort()
    return found


def _fields(found: Spellings) -> list[str]:
    """The keys read by parsing a line once. A struct cannot tell two names by their case alone."""
    keys = dict.fromkeys(place.key for places in found.places.values() for place in places)
    return list({key.lower(): key for key in reversed(keys)}.values())


def _parsed(fields: list[str], extra: list[str]) -> str:
    structure = {key: "JSON" for key in extra} | {key: "VARCHAR" for key in fields}
    return f"json_transform(document, {literal(json.dumps(structure))})" if structure else "null"


def _extra_keys(found: Spellings, carried: set[str]) -> list[str]:
    """The keys of `_extra` when they can be read in the same parsing: few, and fields of a struct; else none."""
    keys = sorted(found.kept() - carried)
    every = [key.lower() for key in keys] + [key.lower() for key in _fields(found) if key not in keys]
    can_be_fields = len(set(every)) == len(every) and all(every)  # a struct has no field without a name
    return keys if len(found.unknown) < REPORTED_NAMES and can_be_fields else []


def _extra(found: Spellings, extra: list[str], fields: list[str], carried: set[str]) -> str:
    """SQL: the members of a line that no column holds."""
    kept = found.kept() - carried
    known = {place.key: None for places in found.places.values() for place in places if place.key not in kept}
    if not kept:
        return "null"
    if not extra:
        return f"nullif(json_merge_patch(document, {literal(json.dumps(known))}), '{{}}')" if known else "document"
    members = []
    for key in extra:
        value, name = f"fields.{identifier(key)}", literal(json.dumps(key, ensure_ascii=False) + ":")
        text = f"cast({value} as varchar)"
        if key in fields:  # a text there, of an object its JSON
            text = f"case when json_valid({value}) then {value} else cast(to_json({value}) as varchar) end"
        members.append(f"case when {value} is not null then {name} || {text} end")
    return f"'{{' || nullif(concat_ws(',', {', '.join(members)}), '') || '}}'"


def _broken_line(found: Spellings, is_safe: bool, has_duplicate_key: bool) -> str:
    """SQL: `broken_row` for a line that is no object or says one column twice; `null` when no line can be."""
    branches = []
    if not is_safe:
        branches += ["not json_valid(line)", "json_type(line) <> 'OBJECT'"]
    if has_duplicate_key:
        branches.append("len(json_keys(line)) <> len(list_distinct(json_keys(line)))")
    for keys in found.twins():
        present = " + ".join(f"cast(json_exists(line, {literal(pointer(key))}) as int)" for key in keys)
        branches.append(f"{present} > 1")
    if not branches:
        return "null"
    return "case " + " ".join(f"when {branch} then 'broken_row'" for branch in branches) + " end"


def _json_cell(column: Column, found: Spellings, fields: list[str], is_exact: bool) -> str:
    """SQL: the text of a value, from the first place of the column that has one."""
    texts = []
    for place in found.places[column.name]:
        whole = f"fields.{identifier(place.key)}"
        if place.key not in fields:
            whole = f"json_extract_string(document, {literal(pointer(place.key))})"
        text = place_text(column, place, whole, place.key in found.nested)
        if column.kind in ("money", "decimal") and not is_exact and not any("[" in part for part in place.rest):
            doubt = f"not regexp_full_match({text}, {literal(ROUNDED_NUMBER)})"
            text = _exact_number(text, (place.key, *place.rest), doubt)
        elif column.kind == "id" and not place.rest and not is_exact:  # an id that went through a float of some frame
            text = _exact_number(text, (place.key,), f"ends_with({text}, '.0')")
        texts.append(text)
    return first_of(column, texts)


def _exact_number(text: str, path: tuple[str, ...], doubt: str) -> str:
    """SQL: the digits of a JSON number as they are written; DuckDB's own text of it went through a double.

    A number behind the key is the one when it has the same text, the first also when it is the same double. If it is
    not (the key stands in a nested object too, or the value is a text), all numbers behind the key are quoted before
    parsing. Only where there is `doubt` is the line looked at: what stands twice here is computed for every row.
    """
    line = f"case when {doubt} then document end"
    pattern = re.escape(json.dumps(path[-1], ensure_ascii=False)) + r"\s*:\s*"
    found = f"regexp_extract({line}, {literal(f'{pattern}(-?[0-9][0-9.eE+-]*)')}, 1)"
    plain = " or ".join(
        f"contains({line}, {literal(json.dumps(path[-1], ensure_ascii=False) + colon)} || {text} || ',')"
        for colon in (":", ": ")
    )
    quoted = f"regexp_replace({line}, {literal(f'({pattern})(-?[0-9][0-9.eE+-]*)')}, '\\1\"\\2\"', 'g')"
    return (
        f"case when ({line}) is null or {plain} or {found} = {text} then {text}"
        f" when try_cast({found} as double) = try_cast({text} as double) then {found}"
        f" else json_extract_string({quoted}, {literal(pointer(*path))}) end"
    )
