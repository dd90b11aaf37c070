"""What may be landed: every raw table with its columns and rules, read from the dbt sources' YAML, and the spellings
under which a file may hold a column.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from itertools import groupby
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
    paths: tuple[str, ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    us_dates: bool = False

    def places(self) -> tuple[str, ...]:
        """Where a row may hold the column, the first with a value first: its own name, other names, nested paths."""
        first = () if self.name in self.paths else (self.name,)
        return first + self.aliases + self.paths


@dataclass(frozen=True)
class Rule:
    """A condition over the typed columns of one row that quarantines it."""

    reason: str
    fails_when: str


@dataclass(frozen=True)
class Step:
    """One opening of a JSON document: what stands at `at` are its rows, or the documents of the next step.

    `carry` names what the rows take along of the document around them, and where it has it. With `keeps_empty` a
    document whose list is empty leaves that too.
    """

    at: tuple[str, ...]
    is_list: bool
    carry: tuple[tuple[str, tuple[str, ...]], ...] = ()
    order_by: str = ""
    keeps_empty: bool = False


@dataclass(frozen=True)
class Inside:
    """Rows of another raw table that stand inside a table's documents, such as the lines of an invoice."""

    table: Table
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Period:
    """Two columns between which something was served or billed."""

    start: str
    end: str
    may_run_backwards: bool = False


@dataclass(frozen=True)
class Named:
    """Where a row names a provider and a model, as SQL: one of each, or lists, all pairs of which count."""

    provider: str
    model: str
    are_lists: bool = False


@dataclass(frozen=True)
class Table:
    """One raw table. `landed` tables are filled from files, the others by programs: the logs, and the price book, which
    is `derived`, made again from what it was made of whenever it is empty."""

    name: str
    columns: tuple[Column, ...]
    landed: bool = False
    is_derived: bool = False
    rules: tuple[Rule, ...] = ()
    steps: tuple[Step, ...] = ()
    inside: tuple[Inside, ...] = ()
    periods: tuple[Period, ...] = ()
    names: tuple[Named, ...] = ()

    def types(self) -> dict[str, str]:
        """Column name to data type, the meta columns of a landed table included."""
        declared = {column.name: column.data_type for column in self.columns}
        return declared | META_COLUMNS if self.landed else declared


def read_spec(folder: Path = STAGING) -> dict[str, Table]:
    """Every raw table by name, from the dbt sources below `folder`."""
    tables, entries = {}, {}
    for path in sorted(folder.glob("*/_*__sources.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for source in document["sources"]:
            for entry in source["tables"]:
                tables[entry["name"]], entries[entry["name"]] = _table(entry), _landing(entry)
    if not tables:
        raise BadCall(f"{folder}: no _*__sources.yml there; run from a complete checkout")
    for name, said in entries.items():
        inside = tuple(Inside(tables[inner], _steps(rows)) for inner, rows in said.get("inside", {}).items())
        tables[name] = replace(tables[name], inside=inside)
    return tables


def _landing(entry: dict) -> dict:
    return entry.get("config", {}).get("meta", {}).get("landing") or {}


def _table(entry: dict) -> Table:
    said, meta = _landing(entry), entry.get("config", {}).get("meta", {})
    return Table(
        name=entry["name"],
        columns=tuple(_column(column) for column in entry["columns"]),
        landed=bool(said),
        is_derived=bool(meta.get("is_derived")),
        rules=tuple(Rule(**rule) for rule in said.get("rules", ())),
        periods=tuple(Period(**period) for period in said.get("periods", ())),
        steps=_steps(said.get("rows", ())),
        names=tuple(_named(places) for places in meta.get("names", ())),
    )


def _named(entry: dict) -> Named:
    if "providers" in entry:
        return Named(entry["providers"], entry["models"], are_lists=True)
    return Named(**entry)


def _steps(rows: list[str | dict]) -> tuple[Step, ...]:
    return tuple(_step({"at": row} if isinstance(row, str) else row) for row in rows)


def _step(entry: dict) -> Step:
    carry = entry.get("carry", {})
    named = carry if isinstance(carry, dict) else {name: name for name in carry}
    return Step(
        at=tuple(entry["at"].removesuffix("[]").split(".")),
        is_list=entry["at"].endswith("[]"),
        carry=tuple((name, tuple(path.split("."))) for name, path in named.items()),
        order_by=entry.get("order_by", ""),
        keeps_empty=entry.get("keeps_empty", False),
    )


def _column(entry: dict) -> Column:
    rule = dict(entry.get("config", {}).get("meta", {}))
    for name in ("values", "aliases", "paths"):
        rule[name] = tuple(rule.get(name, ()))
    rule["words"] = tuple(rule.get("words", {}).items())
    return Column(name=entry["name"], data_type=entry["data_type"], **rule)


def matching(name: str) -> str:
    """The form in which two spellings of a column name are equal: no case, camelCase = snake_case."""
    return name.replace("_", "").lower()


@dataclass(frozen=True, order=True)
class Place:
    """A key of a file that holds a column, or whose object or list holds it at `rest`. The lowest rank comes first."""

    rank: int
    rest: tuple[str, ...]
    key: str


@dataclass
class Spellings:
    """The keys of one file by what they hold: the places of each known column, and the keys that are no column."""

    keys: list[str]
    places: dict[str, list[Place]]
    unknown: list[str]  # not said by the specification, or an alias whose column is there itself
    nested: set[str]  # keys whose objects hold columns

    def kept(self) -> set[str]:
        """Keys whose values stay in `_extra`: an object that holds columns holds more than them."""
        return set(self.unknown) | self.nested

    def twins(self) -> list[list[str]]:
        """Keys that are one and the same name of a column."""
        return [
            keys
            for places in self.places.values()
            for _, group in groupby(places, key=lambda place: (place.rank, place.rest))
            if len(keys := [place.key for place in group]) > 1
        ]


def spelled(table: Table, keys: list[str]) -> Spellings:
    """What the keys of a file spell, by the table's specification."""
    meanings, own_names = meanings_of(table), {matching(column.name) for column in table.columns}
    places: dict[str, list[Place]] = {}
    for key in keys:
        for column, rank, rest in meanings.get(matching(key), ()):
            places.setdefault(column, []).append(Place(rank, rest, key))
    said = {key for key in keys if matching(key) in own_names}
    plain, nested = set(), set()
    for column, found in places.items():
        found.sort()
        is_there = any(matching(place.key) == matching(column) for place in found)
        for place in found:
            nested |= {place.key} if place.rest else set()
            plain |= {place.key} if not place.rest and not is_there else set()
    unknown = [key for key in keys if key not in said | plain | nested]
    return Spellings(keys, places, unknown, nested)


def meanings_of(table: Table) -> dict[str, list[tuple[str, int, tuple[str, ...]]]]:
    """Every accepted key, in matching form, to the columns it holds: (column, rank, path below the key)."""
    own_names = {matching(column.name) for column in table.columns}
    meanings: dict[str, list[tuple[str, int, tuple[str, ...]]]] = {}
    for column in table.columns:
        for rank, place in enumerate(column.places()):
            top, *rest = re.findall(r"[^.\[\]]+|\[[^]]*\]", place)
            keys = {top: tuple(rest)} | ({"_".join([top, *rest]): (), place: ()} if rest else {})
            for key, below in keys.items():
                known = meanings.setdefault(matching(key), [])
                is_free = below or matching(key) == matching(column.name) or matching(key) not in own_names
                if is_free and (column.name, below) not in [(name, path) for name, _, path in known]:
                    known.append((column.name, rank, below))
    return meanings
