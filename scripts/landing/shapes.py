"""The shapes of vendors' files: documents opened into their rows, step by step as a table's specification says, values
at nested paths, and files of another kind that are refused.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import duckdb
import yaml

from .cells import identifier, literal, no_value_words, one_of
from .files import BrokenFile
from .spec import Column, Place, Step, Table, matching

OTHER_KINDS = Path(__file__).with_name("other_kinds.yml")
# A number behind a key. Inside a text a quote is escaped, so that the pattern cannot match there.
NUMBER_BEHIND = r'("(?:{names})"\s*:\s*)(-?[0-9][0-9.eE+-]*)'
VECTOR_LINES = 2048
PART_BYTES = 16 << 20
MOST_BYTES_IN_PARTS = 256 << 20  # each part passes over all lines, which must not come from the disk each time


@dataclass
class Shape:
    """What became of the lines of a file when its documents were opened."""

    is_safe: bool  # every line is a JSON object
    rows: int | None = None  # rows after opening, None when nothing was opened
    is_exact: bool = False  # money is quoted, so that its digits pass through no double
    carried: set[str] = field(default_factory=set)
    has_empty: bool = False  # temp table `landing_empty` holds what documents without rows would have given them
    notes: list[str] = field(default_factory=list)


def opened(connection: duckdb.DuckDBPyConnection, table: Table, steps: Sequence[Step] | None = None) -> Shape:
    """Open the documents in temp table `landing_lines`: it holds the rows afterwards, `landing_key_sets` their keys.

    A document without a step's member stays as it is, so that pages, lists and bare rows are read alike. Of `steps`
    that lead inside another table's rows the last is needed: what lacks it holds no row.
    """
    shape, are_keys_known = Shape(load_key_sets(connection, steps is not None)), True
    for step in table.steps if steps is None else steps:
        inside = steps is not None and step == steps[-1]
        # What was opened is as valid as it was before; its keys are looked up once, at the end.
        keys = (_keys_like if are_keys_known else _keys_seen)(connection, step.at[0])
        if keys and not shape.is_exact:
            _quote_money(connection, table)
            shape.is_exact = True
        for key in keys:
            shape.notes += _pages_to_come(connection, key, step, shape.is_safe)
            if step.keeps_empty:
                _keep_empty(connection, key, step, shape.is_safe)
                shape.has_empty = True
            _open(connection, key, step, shape.is_safe, inside)
            shape.carried |= {name for name, _ in step.carry}
            are_keys_known = False
        if inside and not keys:
            connection.execute("delete from landing_lines")
            are_keys_known = False
    if not are_keys_known:
        shape.is_safe = load_key_sets(connection, steps is not None)
        shape.rows = connection.execute("select count(*) from landing_lines").fetchone()[0]
    return shape


def load_key_sets(connection: duckdb.DuckDBPyConnection, is_checked: bool = False) -> bool:
    """The distinct lists of keys as temp table `landing_key_sets`; False when some line is no JSON object.

    Grouping by a hash and reading the keys of one line for each is half the work of grouping by the lists. Unless
    `is_checked`, the lines are taken to be JSON until one is not; inside a transaction that would be the end of it.
    """
    query = """select {keys} as keys from landing_part
        where number in (select min(number) from landing_part group by hash({keys}))"""
    checked = query.format(keys="case when json_valid(line) then json_keys(line) end")
    try:
        _part_by_part(connection, "landing_key_sets", checked if is_checked else query.format(keys="json_keys(line)"))
    except duckdb.InvalidInputException:
        _part_by_part(connection, "landing_key_sets", checked)
    return not connection.execute(
        "select coalesce(bool_or(keys is null or len(keys) = 0), false) from landing_key_sets"
    ).fetchone()[0]


def _part_by_part(connection: duckdb.DuckDBPyConnection, target: str, query: str) -> None:
    """Make a temp table of what a query makes of `landing_part`: some lines of `landing_lines` with their `number`.

    DuckDB parses 2048 lines at once, and what it makes of them is beyond its memory limit: long lines come few at once.
    """
    first, number, size = connection.execute(
        "select coalesce(min(rowid), 0), count(*), coalesce(sum(strlen(line)), 0) from landing_lines"
    ).fetchone()
    step = max(1, number * PART_BYTES // max(size, 1))
    step = step if step < VECTOR_LINES and size <= MOST_BYTES_IN_PARTS else max(number, 1)
    into = f"create or replace temp table {target} as"
    for start in range(first, first + max(number, 1), step):
        connection.execute(
            f"""create or replace temp view landing_part as select rowid as number, line from landing_lines
            where rowid between {start} and {start + step - 1}"""
        )
        connection.execute(f"{into} {query}")
        into = f"insert into {target}"


def _rewrite(connection: duckdb.DuckDBPyConnection, query: str) -> None:
    """Put the lines that a query makes of `landing_part` in the place of the lines."""
    _part_by_part(connection, "landing_made", query)
    connection.execute("drop table landing_lines")
    connection.execute("alter table landing_made rename to landing_lines")


def _keys_like(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """The keys of the lines that spell a name."""
    found = connection.execute(
        """select distinct key from (select unnest(keys) as key from landing_key_sets)
        where replace(lower(key), '_', '') = ? order by key""",
        [matching(name)],
    ).fetchall()
    return [key for (key,) in found]


def _keys_seen(connection: duckdb.DuckDBPyConnection, name: str) -> list[str]:
    """Usual spellings of a name that stand somewhere in the lines, and so may be keys."""
    camel = re.sub(r"_(\w)", lambda found: found[1].upper(), name)
    snake = re.sub(r"([A-Z])", lambda found: "_" + found[1].lower(), name)
    spellings = dict.fromkeys((name, camel, snake))
    # Looking for a quote first would stop at every one of them.
    query = "select 1 from landing_lines where contains(line, ?) and contains(line, ?) limit 1"
    return [key for key in spellings if connection.execute(query, [f'{key}"', f'"{key}"']).fetchone()]


def _quote_money(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """Quote the numbers behind the keys that hold money, before any parsing: a text keeps its digits."""
    names = {"doubleValue"} if any(column.kind == "attributes" for column in table.columns) else set()
    for column in table.columns:
        if column.kind in ("money", "decimal"):
            ends = {re.sub(r"\[.*", "", place).split(".")[-1] for place in column.places()}
            names |= ends | {re.sub(r"_(\w)", lambda found: found[1].upper(), end) for end in ends}
    if names:
        pattern = NUMBER_BEHIND.format(names="|".join(sorted(map(re.escape, names))))
        _rewrite(
            connection,
            f"""select regexp_replace(line, {literal(pattern)}, '\\1"\\2"', 'g') as line from landing_part""",
        )


def _open(connection: duckdb.DuckDBPyConnection, key: str, step: Step, is_safe: bool, inside: bool) -> None:
    """Put what stands at one step in the place of each line, in order. Each line is parsed once."""
    path = (key, *step.at[1:])
    structure: dict = {}
    for names, leaf in [(path, ["JSON"] if step.is_list else "JSON"), *((taken, "JSON") for _, taken in step.carry)]:
        _put(structure, names, leaf)
    parsed = f"json_transform(line, {literal(json.dumps(structure))})"
    found = _member(path)
    children = f"cast({found} as varchar[])"
    if not step.is_list:
        children = f"case when left(cast({found} as varchar), 1) = '{{' then [cast({found} as varchar)] end"
    rows = f"list_transform(children, lambda child: {_with_taken(step)})" if step.carry else "children"
    rest = f"case when json_exists(line, {literal(pointer(*path))}) and {_is_null(path)} then [] else [line] end"
    if step.order_by and is_safe:
        order = f"try_cast(json_extract_string(line, {literal(pointer(step.order_by))}) as decimal(38, 9)), rowid"
        connection.execute(
            f"create or replace temp table landing_lines as select line from landing_lines order by {order}"
        )
    _rewrite(
        connection,
        f"""select unnest(coalesce({rows}, {"[]" if inside else _guarded(rest, is_safe, "[line]")})) as line
        from (
            select line, {children} as children, {_taken(step)} as taken
            from (select line, {_guarded(parsed, is_safe)} as document from landing_part)
        )""",
    )


def _keep_empty(connection: duckdb.DuckDBPyConnection, key: str, step: Step, is_safe: bool) -> None:
    """What documents with an empty list at a step would have given their rows, as temp table `landing_empty`."""
    is_empty = f"cast(json_extract(line, {literal(pointer(key, *step.at[1:]))}) as varchar) = '[]'"
    texts = [f"json_extract_string(line, {literal(pointer(*path))}) as {identifier(name)}" for name, path in step.carry]
    _part_by_part(
        connection,
        "landing_empty",
        f"select {', '.join(texts)} from landing_part where {_guarded(is_empty, is_safe)}",
    )


def _put(structure: dict, path: Sequence[str], leaf: object) -> None:
    for name in path[:-1]:
        structure = structure.setdefault(name, {})
    structure[path[-1]] = leaf


def _member(path: Sequence[str]) -> str:
    """SQL: a member of the parsed document."""
    return "document." + ".".join(map(identifier, path))


def _is_null(path: Sequence[str]) -> str:
    return f"json_type(line, {literal(pointer(*path))}) = 'NULL'"


def _guarded(sql: str, is_safe: bool, otherwise: str = "null") -> str:
    return sql if is_safe else f"case when json_valid(line) then {sql} else {otherwise} end"


def _taken(step: Step) -> str:
    """SQL: the members that the rows of a line take along, as the inner text of an object; empty for none."""
    members = []
    for name, path in step.carry:
        value = f"cast({_member(path)} as varchar)"
        members.append(f"case when {value} is not null then {literal(json.dumps(name) + ':')} || {value} end")
    return f"concat_ws(',', {', '.join(members)})" if members else "null"


def _with_taken(step: Step) -> str:
    """SQL: a row with what it takes along; what it says itself stays."""
    own = " or ".join(f"contains(child, {literal(json.dumps(name) + ':')})" for name, _ in step.carry)
    return (
        "case when left(child, 1) <> '{' or coalesce(taken, '') = '' then child"
        " when child = '{}' then '{' || taken || '}'"
        f" when {own} then cast(json_merge_patch('{{' || taken || '}}', child) as varchar)"
        " else '{' || taken || ',' || substr(child, 2) end"
    )


def _pages_to_come(connection: duckdb.DuckDBPyConnection, key: str, step: Step, is_safe: bool) -> list[str]:
    """A note when a list says that it goes on in another page."""
    if not step.is_list or (len(step.at) == 1 and not _keys_seen(connection, "has_more")):
        return []
    flag = literal(pointer(*(key, *step.at[1:])[:-1], "has_more"))
    more = f"json_extract_string(line, {flag}) = 'true'"
    condition = more if is_safe else f"case when json_valid(line) then {more} end"
    number = connection.execute(f"select count(*) from landing_lines where {condition}").fetchone()[0]
    where = ".".join(step.at)
    return [f"{number} lists {where!r} say has_more: rows are missing unless the next page is here too"] * bool(number)


def pointer(*keys: str) -> str:
    """A JSON pointer."""
    return "".join("/" + key.replace("~", "~0").replace("/", "~1") for key in keys)


def place_text(column: Column, place: Place, whole: str, is_nested: bool) -> str:
    """SQL: the text of a column at one place, `whole` being the text of its key."""
    text = f"case when json_valid({whole}) then {_text_below(whole, place.rest)} end" if place.rest else whole
    if column.kind == "id" and (column.aliases or column.paths):  # an object may stand in the place of its id
        is_object = f"left({text}, 1) = '{{' and json_valid({text})"
        return f"case when {is_object} then json_extract_string({text}, '/id') else {text} end"
    if not place.rest and is_nested and column.kind not in ("json", "attributes"):
        return f"case when left({text}, 1) not in ('{{', '[') then {text} end"
    return text


def _text_below(whole: str, rest: tuple[str, ...]) -> str:
    """SQL: a value inside an object; of a list the sum over its elements, `[key=value]` over some of them."""
    lists = [position for position, part in enumerate(rest) if part.startswith("[")]
    if not lists:
        return f"json_extract_string({whole}, {literal(pointer(*rest))})"
    (position,) = lists
    every = literal("$" + "".join(f'."{part}"' for part in rest[:position]) + "[*]")
    elements = f"json_extract({whole}, {every})"
    key, _, value = rest[position][1:-1].partition("=")
    if value:
        wanted = f"json_extract_string(e, {literal(pointer(key))}) = {literal(value)}"
        elements = f"list_filter({elements}, lambda e: {wanted})"
    number = f"try_cast(json_extract_string(e, {literal(pointer(*rest[position + 1 :]))}) as decimal(28, 12))"
    return f"cast(list_sum(list_transform({elements}, lambda e: {number})) as varchar)"


def first_of(column: Column, texts: list[str]) -> str:
    """SQL: the first text that is a value, in the column's own words."""
    words = no_value_words(column)
    filled = [f"case when not {one_of(f'trim({text})', words)} then {text} end" for text in texts[:-1]]
    text = f"coalesce({', '.join([*filled, texts[-1]])})" if filled else texts[0]
    if not column.words:
        return text
    branches = " ".join(f"when {literal(vendors)} then {literal(ours)}" for vendors, ours in column.words)
    return f"(select case said {branches} else said end from (select {text} as said))"


def is_nested(duckdb_type: str) -> bool:
    """Whether a column of a Parquet file holds objects or lists."""
    return duckdb_type.startswith(("STRUCT", "MAP")) or duckdb_type.endswith("]")


def native_text(cell: str, duckdb_type: str) -> str:
    """SQL: the text of a cell of a Parquet file; JSON of a nested one, where a decimal must not become a double."""
    if duckdb_type.startswith("MAP(VARCHAR, DECIMAL"):
        return f"cast(to_json(cast({cell} as map(varchar, varchar))) as varchar)"
    return f"cast({f'to_json({cell})' if is_nested(duckdb_type) else cell} as varchar)"


def refuse_other_kind(table: Table, keys: Sequence[str]) -> None:
    """BrokenFile when the keys are those of a known file of another kind, with what to deliver instead."""
    have = set(map(_letters, keys))
    for kind in other_kinds():
        if kind.get("fits") != table.name and any(set(map(_letters, names)) <= have for names in kind["columns"]):
            raise BrokenFile(f"it is {kind['kind']}; {kind['instead']}")


def _letters(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "", name.lower())


@cache
def other_kinds() -> list[dict]:
    """The kinds of files known to be dropped into a folder by mistake."""
    return yaml.safe_load(OTHER_KINDS.read_text(encoding="utf-8"))
