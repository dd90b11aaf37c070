"""What a release holds: every mart of the build, copied into its DuckDB file and its Parquet files.

A release begins as a copy of the one before. Facts by day get the days that differ, the other marts are written again
where they differ at all; what is equal keeps its rows, and its Parquet file is the same file under a second name. Rows
are compared by an order-free hash of what is published, by day for the facts; the hashes stand in the release
(`_contents`) for the next one. Facts that a build writes by touched days are looked at on the days that builds have
written since the last release (`int_days_written`), and counted on all others. Every Parquet file carries the
descriptions of its mart (key `description`) and columns (`column_descriptions`, JSON by name) as metadata; one that
says something else than the mart is not taken over.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import duckdb

from landing.cells import identifier, literal
from locking import memory_limit
from publishing.folder import Folder, linked, shared_copy

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date
    from pathlib import Path

    from publishing.people import People

DAY = "usage_date"  # facts with it are kept by day
# Facts of which a build writes the touched days alone, and the relation that says which.
BY_TOUCHED_DAYS = ("fct_inference_calls", "fct_inference_costs", "fct_usage_daily")
DAYS_WRITTEN = ("intermediate", "int_days_written")
STORAGE_VERSION = "v1.0.0"
RELEASE_COMMENT = "The release these marts belong to. One row."
LARGE_PART = 0.5  # from this part of the facts' rows on a release is written whole: the file stays without holes

Fingerprint = tuple[int, int, int]  # rows, xor and sum of their hashes
Days = dict["date | None", Fingerprint]  # None: the whole mart


@dataclass
class Mart:
    """A mart of the build, and how it differs from the last release."""

    name: str
    columns: list[str]
    signature: str
    days: Days = field(default_factory=dict)
    touched: set[date | None] = field(default_factory=set)
    is_whole: bool = True  # nothing of the last release can be kept

    @property
    def is_daily(self) -> bool:
        """Whether it is kept by day."""
        return self.name.startswith("fct_") and DAY in self.columns

    @property
    def rows(self) -> int:
        """How many rows it has."""
        return sum(fingerprint[0] for fingerprint in self.days.values())


def connect(spill: Path) -> duckdb.DuckDBPyConnection:
    """A connection of its own, within the memory limit; what does not fit goes to `spill`."""
    settings = {"memory_limit": memory_limit(), "temp_directory": str(spill), "TimeZone": "UTC"}
    connection = duckdb.connect(config=settings | {"autoinstall_known_extensions": False})
    connection.execute("set enable_progress_bar = false")
    return connection


def of_days(days: set[date | None]) -> str:
    """SQL: the condition for some days of a fact."""
    return f" where {DAY} in ({', '.join(f'date {literal(str(day))}' for day in sorted(filter(None, days)))})"


class Copy:
    """One copy of the build's marts (catalog `build` of the connection) into a release's folder."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, people: People, release: Folder, base: Folder | None
    ) -> None:
        self.connection, self.people, self.release, self.base = connection, people, release, base
        self.marts: list[Mart] = []
        self.described: dict[tuple[str, str | None], str] = {}  # (mart, column) -> comment; column None: the mart's own
        self.base_id: tuple[str] | None = None
        self.written: set[date | None] | None = None  # days written since the last release; None: not known

    def run(self, note_release: Callable[[int, int], None], *, is_verified: bool) -> list[Mart]:
        """Copy, note what release it is (called with marts and rows), check what was written, export it; the marts."""
        self.connection.execute("use build")
        self._list_people()
        old = self._contents_of_base()
        self.marts = [self._mart(name, columns) for name, columns in self._columns().items()]
        if not is_verified:
            self.written = self._days_written(old)
        for mart in self.marts:
            self._compare(mart, old.get((mart.name, mart.signature)))
        self._open_file()
        for mart in self.marts:
            self._write(mart)
        self._drop_others()
        self._describe()
        self._note_contents()
        note_release(len(self.marts), sum(mart.rows for mart in self.marts))
        self.connection.execute("checkpoint release")
        self.connection.execute("detach release")
        self.connection.execute(f"attach {literal(str(self.release.file))} as release (read_only)")
        for mart in self.marts:
            self._check(mart, is_verified)
            self._export(mart)
        self._export_release()
        return self.marts

    # ------------------------------------------------------------------------------------------------- comparing

    def _list_people(self) -> None:
        holders = self.connection.execute(
            """select columns.table_name from information_schema.columns as columns
            where table_catalog = 'build' and table_schema = 'marts' and column_name = 'user_id'"""
        ).fetchall()
        users = " union all ".join(f"select user_id from build.marts.{identifier(name)}" for (name,) in holders)
        self.connection.execute(
            f"""create temp table people as
            select user_id, {self.people.hidden("user_id")} as published_id
            from (select distinct user_id from ({users or "select null::varchar as user_id where false"}))
            where user_id is not null"""
        )

    def _contents_of_base(self) -> dict[tuple[str, str], Days]:
        """(mart, signature) -> its days in the last release; nothing when that has none to build on."""
        found: dict[tuple[str, str], Days] = {}
        if self.base is None:
            return found
        try:
            self.connection.execute(f"attach {literal(str(self.base.file))} as base (read_only)")
            rows = self.connection.execute(
                "select mart, signature, day, row_count, content_xor, content_sum from base.main._contents"
            ).fetchall()
            self.base_id = self.connection.execute("select release_id from base.main._release").fetchone()
            self.connection.execute("detach base")
        except duckdb.Error:
            self.base = None
            return found
        for mart, signature, day, *fingerprint in rows:
            found.setdefault((mart, signature), {})[day] = tuple(fingerprint)
        return found

    def _days_written(self, old: dict[tuple[str, str], Days]) -> set[date | None] | None:
        """The days that builds of this warehouse have written since the last release; None when nothing says so.

        Days of a fact that have not as many rows as in the last release are among them, whatever the builds say.
        """
        known = self.connection.execute(
            """select count(*) from duckdb_tables()
            where database_name = 'build' and (schema_name, table_name) in ((?, ?), ('raw', 'builds'))""",
            DAYS_WRITTEN,
        ).fetchone()
        if self.base_id is None or known != (2,):
            return None
        released = self.connection.execute(
            "select build_number from build.raw.builds where build_id = ?", self.base_id
        ).fetchone()
        if released is None or released[0] is None:  # made by another warehouse
            return None
        begun_anew = self.connection.execute(
            "select count(*) from build.raw.builds where build_number > ? and is_history_verified", released
        ).fetchone()
        if begun_anew != (0,):  # a full refresh, perhaps of a part: it may have written what nothing says
            return None
        days = self.connection.execute(
            f"select distinct {DAY} from build.{'.'.join(DAYS_WRITTEN)} where build_number > ?", released
        ).fetchall()
        written = {day for (day,) in days}
        for mart in self.marts:
            if mart.name in BY_TOUCHED_DAYS and (mart.name, mart.signature) in old:
                before = {day: rows for day, (rows, *_) in old[mart.name, mart.signature].items()}
                now = self._counts(f"build.marts.{identifier(mart.name)}", DAY)
                written |= {day for day in before.keys() | now.keys() if before.get(day) != now.get(day)}
        return written

    def _columns(self) -> dict[str, list[tuple[str, str]]]:
        """Mart -> its columns with their types, in order."""
        found: dict[str, list[tuple[str, str]]] = {}
        for mart, *column in self.connection.execute(
            """select table_name, column_name, data_type from information_schema.columns
            where table_catalog = 'build' and table_schema = 'marts' order by table_name, ordinal_position"""
        ).fetchall():
            found.setdefault(mart, []).append(tuple(column))
        return found

    def _mart(self, name: str, columns: list[tuple[str, str]]) -> Mart:
        """A mart; its signature is another where its columns are, its view, or the persons its ids stand for."""
        names = [column for column, _ in columns]
        view = self.connection.execute(
            "select sql from duckdb_views() where database_name = 'build' and schema_name = 'marts' and view_name = ?",
            [name],
        ).fetchone()
        signed: list[object] = [columns, view]
        if "user_id" in names:
            signed += [self.people.hidden("user_id"), self.people.mode]
        return Mart(name, names, hashlib.sha256(json.dumps(signed).encode()).hexdigest())

    def _published(self, mart: Mart, days: set[date | None] | None = None) -> str:
        """SQL: the mart's rows as they are published, of some days or all."""
        relation = f"build.marts.{identifier(mart.name)}"
        if days is not None:
            relation = f"(from {relation}{of_days(days)})"
        return self.people.published(relation, mart.columns)

    def _fingerprints(self, rows: str, day: str | None) -> Days:
        """Rows and an order-free content hash of each day of a query, or of the whole of it (day None)."""
        found = self.connection.execute(
            f"""select {day or "null"}, count(*), coalesce(bit_xor(hash(t)), 0), coalesce(sum(hash(t)::hugeint), 0)
            from ({rows}) as t {"group by all" if day else ""}"""
        ).fetchall()
        return {key: tuple(fingerprint) for key, *fingerprint in found}

    def _compare(self, mart: Mart, old: Days | None) -> None:
        """Find what differs from the last release."""
        day = DAY if mart.is_daily else None
        if old is not None and self.written is not None and mart.name in BY_TOUCHED_DAYS:
            mart.days = {day: fingerprint for day, fingerprint in old.items() if day not in self.written}
            if self.written:
                mart.days |= self._fingerprints(self._published(mart, self.written), day)
        else:
            mart.days = self._fingerprints(self._published(mart), day)
        if old is not None:
            mart.touched = {day for day in mart.days.keys() | old.keys() if mart.days.get(day) != old.get(day)}
            touched_rows = sum(mart.days[day][0] for day in mart.touched & mart.days.keys())
            mart.is_whole = mart.is_daily and touched_rows > LARGE_PART * mart.rows

    def _counts(self, table: str, day: str | None) -> dict[date | None, int]:
        """Rows of each day of a table, or of the whole of it (day None)."""
        return dict(
            self.connection.execute(
                f"select {day or 'null'}, count(*) from {table} {'group by all' if day else ''}"
            ).fetchall()
        )

    def _daily(self) -> list[Mart]:
        return [mart for mart in self.marts if mart.is_daily]

    # --------------------------------------------------------------------------------------------------- writing

    def _open_file(self) -> None:
        """The file of the new release: a copy of the last one, or empty where most of it is new."""
        file, options = self.release.note(self.release.file), f" (storage_version '{STORAGE_VERSION}')"
        self.release.note(file.with_name(file.name + ".wal"))
        if self.base is not None and not any(mart.is_whole for mart in self._daily()):
            shared_copy(self.base.file, file)
            options = ""
        else:
            for mart in self.marts:
                mart.is_whole = True
        self.connection.execute(f"attach {literal(str(file))} as release{options}")
        self.connection.execute("create schema if not exists release.marts")

    def _write(self, mart: Mart) -> None:
        table, chosen = f"release.marts.{identifier(mart.name)}", self._of_touched(mart)
        if mart.is_whole or (mart.touched and not mart.is_daily):
            self.connection.execute(f"create or replace table {table} as {self._published(mart)}")
        elif mart.touched:
            self.connection.begin()
            self.connection.execute(f"delete from {table}{chosen}")
            self.connection.execute(f"insert into {table} by name {self._published(mart, mart.touched)}")
            self.connection.commit()

    def _of_touched(self, mart: Mart) -> str:
        """SQL: the condition for the days that were written."""
        return "" if mart.is_whole or not mart.is_daily else of_days(mart.touched)

    def _drop_others(self) -> None:
        names = {mart.name for mart in self.marts}
        for (name,) in self.connection.execute(
            "select table_name from duckdb_tables() where database_name = 'release' and schema_name = 'marts'"
        ).fetchall():
            if name not in names:
                self.connection.execute(f"drop table release.marts.{identifier(name)}")

    def _describe(self) -> None:
        """Set the comments of tables and columns where they differ from the build's."""
        have, want = self._comments("release"), self._comments("build")
        for (mart, column), comment in want.items():
            if comment != have.get((mart, column)):
                name = identifier(mart) + (f".{identifier(column)}" if column else "")
                kind, text = "column" if column else "table", "null" if comment is None else literal(comment)
                self.connection.execute(f"comment on {kind} release.marts.{name} is {text}")
        self.described = {of: comment for of, comment in want.items() if comment is not None}

    def _comments(self, database: str) -> dict[tuple[str, str | None], str | None]:
        """(mart, column) -> comment; column None: the mart's own. One query each: as one they take a hundred times."""
        found = []
        for columns in (
            "table_name, null, comment from duckdb_tables()",
            "view_name, null, comment from duckdb_views()",
            "table_name, column_name, comment from duckdb_columns()",
        ):
            found += self.connection.execute(
                f"select {columns} where database_name = ? and schema_name = 'marts'", [database]
            ).fetchall()
        return {(mart, column): comment for mart, column, comment in found}

    def _note_contents(self) -> None:
        self.connection.execute(
            """create or replace table release.main._contents (mart varchar, signature varchar, day date,
            row_count bigint, content_xor ubigint, content_sum hugeint)"""
        )
        rows = [
            (mart.name, mart.signature, day, *fingerprint)
            for mart in self.marts
            for day, fingerprint in mart.days.items()
        ]
        columns = [list(column) for column in zip(*rows, strict=True)] or [[]] * 6
        self.connection.execute(
            """insert into release.main._contents select unnest(?::varchar[]), unnest(?::varchar[]), unnest(?::date[]),
            unnest(?::bigint[]), unnest(?::ubigint[]), unnest(?::hugeint[])""",
            columns,
        )

    def _check(self, mart: Mart, is_verified: bool) -> None:
        """Compare what lies on disk with the build: the rows of every day, and the content of what was written."""
        table, day = f"release.marts.{identifier(mart.name)}", DAY if mart.is_daily else None
        counted, expected = self._counts(table, day), {key: rows for key, (rows, *_) in mart.days.items()}
        if mart.name in BY_TOUCHED_DAYS:  # what was not looked at is counted
            expected = self._counts(f"build.marts.{identifier(mart.name)}", day)
        if counted != expected:
            raise RuntimeError(f"{mart.name}: the written file has other rows than the build")
        if mart.is_whole or mart.touched or is_verified:
            chosen = "" if is_verified else self._of_touched(mart)
            written = self._fingerprints(f"select * from {table}{chosen}", day)
            if any(mart.days.get(key) != fingerprint for key, fingerprint in written.items()):
                raise RuntimeError(f"{mart.name}: the written file differs from the build")

    # --------------------------------------------------------------------------------------------------- Parquet

    def _export(self, mart: Mart) -> None:
        """Write the mart's Parquet file, or its folder of monthly files; what is equal is linked from the last one."""
        path, table = self.release.parquet / f"{mart.name}.parquet", f"release.marts.{identifier(mart.name)}"
        said = self._descriptions(mart)
        if not mart.is_daily:
            self._export_rows(f"from {table}", path, said, is_new=mart.is_whole or bool(mart.touched))
            return
        path.mkdir()
        changed = {f"{day:%Y-%m}" for day in mart.touched if day}
        for month in sorted({f"{day:%Y-%m}" for day in mart.days if day}):
            first = f"date '{month}-01'"
            rows = f"from {table} where {DAY} >= {first} and {DAY} < {first} + interval 1 month"
            self._export_rows(rows, path / f"{month}.parquet", said, is_new=mart.is_whole or month in changed)
        if not mart.days:
            self._export_rows(f"from {table}", path / "empty.parquet", said, is_new=True)

    def _descriptions(self, mart: Mart) -> dict[str, str]:
        """What a Parquet file says of itself, as metadata: key -> value."""
        columns = [column for column in mart.columns if (mart.name, column) in self.described]
        return {
            "description": self.described.get((mart.name, None), ""),
            "column_descriptions": json.dumps({column: self.described[mart.name, column] for column in columns}),
        }

    def _export_rows(self, rows: str, path: Path, said: dict[str, str], *, is_new: bool) -> None:
        self.release.note(path)
        earlier = self.base and self.base.path / path.relative_to(self.release.path)
        if not is_new and earlier and self._says(earlier) == said:
            linked(earlier, path)
            return
        pairs = ", ".join(f"{key}: {literal(value)}" for key, value in said.items())
        self.connection.execute(
            f"copy ({rows}) to {literal(str(path))} (format parquet, compression zstd, kv_metadata {{{pairs}}})"
        )

    def _says(self, file: Path) -> dict[str, str] | None:
        """What a Parquet file of the last release says of itself; None when there is no such file, or a damaged one."""
        try:
            pairs = self.connection.execute(
                "select decode(key), decode(value) from parquet_kv_metadata(?)", [str(file)]
            ).fetchall()
        except duckdb.Error:
            return None
        return dict(pairs)

    def _export_release(self) -> None:
        path = self.release.parquet / "_release.parquet"
        self._export_rows("from release.main._release", path, {"description": RELEASE_COMMENT}, is_new=True)
