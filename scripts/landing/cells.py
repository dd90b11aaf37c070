"""The SQL that makes typed columns of a file's cells: how a cell's text is cleaned and read as each kind, and which
reason a row that breaks a rule is quarantined for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from .spec import Column, Table

LARGEST_WHOLE_NUMBER = 10**18 - 1
LARGEST_AMOUNT = 10**12  # and quantity, unless its column has a limit of its own
EARLIEST_TIME = "timestamp '1990-01-01'"
LONGEST_PERIOD = "interval 10 years"
LATEST_USE = "interval 2 days"  # behind the landing
NO_VALUE_WORDS = ("", "NULL", "null", "None", "NaN")

FLOAT_ID = r"^([0-9]+)\.0+$"
WHOLE = r"^\s*([+-]?[0-9]+)(?:\.0*)?\s*$"
SCIENTIFIC = r"^\s*([+-]?[0-9]+(?:\.[0-9]*)?[eE][+-]?[0-9]{1,2})\s*$"
NUMBER = r"\s*[+-]?([0-9]+(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?\s*"
ISO_TIME = (
    r"(?i)\s*[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"
    r"([t ][0-9]{1,2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,9})?)?( ?(z|utc|[+-][0-9]{2}(:?[0-9]{2})?))?)?\s*"
)
US_DATES = "['%m/%d/%y', '%m/%d/%Y', '%m/%d/%y %H:%M', '%m/%d/%Y %H:%M', '%m/%d/%y %H:%M:%S', '%m/%d/%Y %H:%M:%S']"


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


def no_value_words(column: Column) -> list[str]:
    """The words that are no value in a column; NaN in a number is a bad one."""
    is_number = column.kind in ("int", "money", "decimal")
    return [word for word in NO_VALUE_WORDS if not (is_number and word == "NaN")]


def cleaned(column: Column, text: str) -> str:
    """SQL: the text of a cell, NULL where it stands for no value. A required id or name may be called NULL."""
    named = column.required and column.kind in ("id", "text")
    words = [""] if named else no_value_words(column)
    # Longer than any of the words and not beginning with white space: nothing to look up.
    is_value = f"strlen({text}) > {max(map(len, words))} and {text} >= '!'"
    return f"case when {is_value} then {text} when not {one_of(f'trim({text})', words)} then {text} end"


# In the expressions below the usual spelling is recognised first and by something cheap. DuckDB computes what stands
# twice in a projection for every row, so that the rare branches repeat as little as they can.


def _id_of(text: str, column: Column) -> str:
    """A whole number that went through a float of some data frame is the id it was before."""
    return (
        f"case when ends_with({text}, '.0') or ends_with({text}, '.00')"
        f" then regexp_replace({text}, {literal(FLOAT_ID)}, '\\1') else {text} end"
    )


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
    whole, number = f"try_cast({text} as bigint)", f"try_cast({text} as decimal(28, 9))"
    us_date = f"try_strptime(trim({text}), {US_DATES})"
    return (
        f"case when cast({whole} as varchar) = {text} then make_timestamp(case"
        f" when {whole} < 100000000 then null when {whole} < 100000000000 then {whole} * 1000000"
        f" when {whole} < 100000000000000 then {whole} * 1000 when {whole} < 100000000000000000 then {whole}"
        f" else {whole} // 1000 end)"
        f" when regexp_full_match({text}, {literal(ISO_TIME)}) then"
        f" coalesce(try_cast({text} as timestamptz),"
        f" try_cast(regexp_replace(upper({text}), ' ([Z+-])', '\\1') as timestamptz)) at time zone 'UTC'"
        f" when regexp_full_match({text}, {literal(NUMBER)}) then make_timestamp(case"
        f" when {number} < 100000000 then null"
        f" when {number} < 100000000000 then cast(trunc({number} * 1000000) as bigint)"
        f" when {number} < 100000000000000 then cast(trunc({number} * 1000) as bigint)"
        f" when {number} < 100000000000000000 then cast(trunc({number}) as bigint)"
        f" else cast(cast(trunc({number}) as hugeint) // 1000 as bigint) end)"
        f" {f'else {us_date} ' if column.us_dates else ''}end"
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
    """An object or a list, also inside a text inside a text."""
    inner = f"json_extract_string({text}, '$')"
    return (
        f"case when not json_valid({text}) then null when left(ltrim({text}), 1) in ('{{', '[') then {text}"
        f" when left(ltrim({text}), 1) = '\"' then case when not json_valid({inner}) then null"
        f" when left(ltrim({inner}), 1) in ('{{', '[') then {inner} end end"
    )


# An OTLP value says its type, {"stringValue": "x"}, also inside a list or an object: each pattern is replaced by
# what is meant, innermost first. A quote inside a text is escaped, so that none of them matches there.
JSON_TEXT = r'"(?:[^"\\]|\\.)*"'
FLAT_JSON = rf'(?:{JSON_TEXT}|[^"\[\]{{}}])*'
OTLP_NESTED = (
    (r'\{"(?:intValue|doubleValue)":"?(-?[0-9][0-9.eE+-]*)"?\}', r"\1"),
    (rf'\{{"[a-z]+Value":({JSON_TEXT}|[a-z0-9.-]+)\}}', r"\1"),
    (rf'\{{"arrayValue":\{{"values":(\[{FLAT_JSON}\])\}}\}}', r"\1"),
    (rf'\{{"key":({JSON_TEXT}),"value":({JSON_TEXT}|[^"\[\]{{}},]+|\[{FLAT_JSON}\])\}}', r"\1:\2"),
    (rf'\{{"kvlistValue":\{{"values":\[({FLAT_JSON})\]\}}\}}', r"{\1}"),
)
OTLP_VALUE = dict.fromkeys(("stringValue", "intValue", "doubleValue", "boolValue"), "VARCHAR") | dict.fromkeys(
    ("arrayValue", "kvlistValue"), "JSON"
)


def _attributes_of(text: str, column: Column) -> str:
    """Attributes or tags as one flat object: they come as such, or as a list of {key, value}."""
    array = "cast(json_extract(e.value.arrayValue, '$.values') as varchar)"
    pairs = """'{"kvlistValue":' || cast(e.value.kvlistValue as varchar) || '}'"""
    for pattern, meant in OTLP_NESTED:
        array = f"regexp_replace({array}, {literal(pattern)}, {literal(meant)}, 'g')"
        pairs = f"regexp_replace({pairs}, {literal(pattern)}, {literal(meant)}, 'g')"
    value = (
        "coalesce(cast(to_json(e.value.stringValue) as varchar), e.value.intValue, e.value.doubleValue,"
        f" e.value.boolValue, case when e.value.arrayValue is not null then {array}"
        f" when e.value.kvlistValue is not null then {pairs} end, 'null')"
    )
    typed = _members(f"json_transform({text}, {literal(json.dumps([{'key': 'VARCHAR', 'value': OTLP_VALUE}]))})", value)
    plain = f"""json_transform({text}, '[{{"key":"VARCHAR","value":"JSON"}}]')"""
    as_said = _members(plain, "coalesce(cast(e.value as varchar), 'null')")
    return (
        f"case when left(ltrim({text}), 1) <> '[' then {_json_of(text, column)}"
        f""" when contains({text}, 'Value":') then try({typed}) else try({as_said}) end"""
    )


def _members(entries: str, value: str) -> str:
    """SQL: entries of a key and a value as the text of one object. An entry without a key is left out."""
    member = f"cast(to_json(e.key) as varchar) || ':' || {value}"
    return f"'{{' || array_to_string(list_transform({entries}, lambda e: {member}), ',') || '}}'"


def _hex_of(text: str, column: Column) -> str:
    """A span's id in lower case; only zeros are none."""
    return f"nullif(regexp_replace(lower(trim({text})), '^(0x)?(0+$)?', ''), '')"


TYPED_FROM_TEXT: dict[str, Callable[[str, Column], str]] = {
    "id": _id_of,
    "text": lambda text, column: text,
    "enum": _enum_of,
    "cur": _currency_of,
    "json": _json_of,
    "bool": _bool_of,
    "int": _int_of,
    "money": _decimal_of,
    "decimal": _decimal_of,
    "ts": _timestamp_of,
    "attributes": _attributes_of,
    "hex": _hex_of,
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
    if column.kind == "id" and cell.type in ("DOUBLE", "FLOAT"):
        whole = f"try_cast({cell.sql} as hugeint)"
        text = f"cast(case when {whole} = {cell.sql} then {whole} end as varchar)"
        text = f"coalesce({text}, cast({cell.sql} as varchar))"
    else:
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


def column_failure(column: Column, cell: str, value: str, landed_at: str) -> str:
    """SQL `when` branches that name what is wrong with one column of a row."""
    branches = []
    if column.required:
        branches.append((f"{cell} is null", "missing_required"))
    wrong_type = f"{cell} is not null and {value} is null"
    if column.kind == "int":
        floor = -LARGEST_WHOLE_NUMBER if column.signed else 0
        wrong_type += f" or {value} not between {floor} and {LARGEST_WHOLE_NUMBER}"
    if column.kind not in ("id", "text", "enum") and (column.required or column.kind != "hex"):
        branches.append((wrong_type, "bad_type"))
    if column.values:
        branches.append((f"not {one_of(value, column.values)}", "bad_value"))
    branches += [(limit, "bad_value") for limit in limits(column, value)]
    if column.is_time_of_use:
        branches.append((f"{value} > {landed_at} + {LATEST_USE}", "in_the_future"))
    return " ".join(f"when {condition} then {literal(f'{reason}:{column.name}')}" for condition, reason in branches)


def limits(column: Column, value: str) -> list[str]:
    """SQL conditions under which a value is beyond what its column may hold."""
    if column.kind in ("ts", "date"):
        return [f"{value} < {EARLIEST_TIME}"]
    lowest, highest = column.min, column.max
    if column.kind in ("money", "decimal", "int"):
        is_signed = column.signed or column.kind != "int"
        lowest = -LARGEST_AMOUNT if lowest is None and is_signed else lowest
        highest = LARGEST_AMOUNT if highest is None else highest
    return [f"{value} < {lowest}"] * (lowest is not None) + [f"{value} > {highest}"] * (highest is not None)


def period_failures(table: Table) -> list[str]:
    """SQL `when` branches for periods that end before they begin, where they may not, or never end."""
    branches = []
    for period in table.periods:
        start, end = identifier(period.start), identifier(period.end)
        failing = f"{end} > {start} + {LONGEST_PERIOD}"
        if not period.may_run_backwards:
            failing += f" or {end} < {start}"
        branches.append(f"when {failing} then {literal(f'bad_value:{period.end}')}")
    return branches


def typed_rows(table: Table, cells: dict[str, Cell], relation: str, landed_at: datetime) -> str:
    """SQL: every row of a file with its typed columns, `_row`, `_extra`, `_raw` and `__reason` (NULL when it may land).

    `relation` yields `_row`, `_shape` (the reason when the row is no row at all), `_extra`, `_raw` and what cells need.
    """
    base = ["_row", "_shape", "_extra", "_raw"]
    texts, cleans, values, finals, failures = base[:], base[:], ["*"], ["*"], []
    moment = f"timestamp {literal(str(landed_at))}"
    for position, column in enumerate(table.columns):
        name = identifier(column.name)
        if column.name not in cells:  # said without its expressions, which would make most of the query
            finals.append(f"cast({literal(column.default)} as {column.data_type}) as {name}")
            failures += [f"when true then {literal(f'missing_required:{column.name}')}"] * column.required
            continue
        held = cells[column.name]
        text, cell, value = f"__text_{position}", f"__cell_{position}", f"__value_{position}"
        texts.append(f"{held.sql} as {text}")  # by a name, as it is repeated
        clean, typed = cell_and_value(column, Cell(text, held.type), cell)
        cleans.append(f"{clean} as {cell}")
        values.append(f"{typed} as {value}")
        final = value if column.default is None else f"coalesce({value}, {literal(column.default)})"
        finals.append(f"cast({final} as {column.data_type}) as {name}")
        failures.append(column_failure(column, cell, value, moment))
    failures += period_failures(table)
    failures += [f"when {rule.fails_when} then {literal(rule.reason)}" for rule in table.rules]
    return f"""
        with texts as (select {", ".join(texts)} from ({relation})),
        cells as (select {", ".join(cleans)} from texts),
        parsed as (select {", ".join(values)} from cells),
        typed as (select {", ".join(finals)} from parsed)
        select *, case when _shape is not null then _shape {" ".join(failures)} end as __reason from typed
    """
