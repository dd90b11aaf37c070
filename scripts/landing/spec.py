"""What may be landed: every raw table with its columns and rules, read from the dbt sources' YAML, and the spellings
under which a file may hold a column.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import yaml

STAGING = Path(__file__).resolve().parents[2] / "models" / "staging"

# Columns every landed table carries after its own; macros/create_raw_tables.sql creates the same.
META_COLUMNS = {
    "_source_file": "string",
    "_source_row": "bigint",
    "_load_id": "bigint",
    "_landed_at": "timestamp",
    "_extra": "string",
}


class BadCall(Exception):
    """The command cannot start: the message says what to do."""


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
    is_time_of_use: bool = False
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Rule:
    """A condition over the typed columns of one row that quarantines it."""

    reason: str
    fails_when: str


@dataclass(frozen=True)
class Period:
    """Two columns between which something was served or billed."""

    start: str
    end: str
    may_be_empty: bool = False


@dataclass(frozen=True)
class Table:
    """One raw table. `landed` tables are filled from files, the others by programs: the logs, and the price book, which
    is `derived`, made again from what it was made of whenever it is empty."""

    name: str
    columns: tuple[Column, ...]
    landed: bool = False
    reserved: bool = False
    is_derived: bool = False
    rules: tuple[Rule, ...] = ()
    periods: tuple[Period, ...] = ()

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
    meta = entry.get("config", {}).get("meta", {})
    landing = meta.get("landing")
    return Table(
        name=entry["name"],
        columns=tuple(_column(column) for column in entry["columns"]),
        landed=landing is not None,
        reserved=bool(landing and landing.get("reserved")),
        is_derived=bool(meta.get("is_derived")),
        rules=tuple(Rule(**rule) for rule in (landing or {}).get("rules", ())),
        periods=tuple(Period(**period) for period in (landing or {}).get("periods", ())),
    )


def _column(entry: dict) -> Column:
    rule = dict(entry.get("config", {}).get("meta", {}))
    for name in ("values", "aliases"):
        rule[name] = tuple(rule.get(name, ()))
    return Column(name=entry["name"], data_type=entry["data_type"], **rule)


def matching(name: str) -> str:
    """The form in which two spellings of a column name are equal: no case, camelCase = snake_case."""
    return name.replace("_", "").lower()


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
