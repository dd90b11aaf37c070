"""Landing one file in one transaction: its rows, its quarantined rows and its row in `raw.loads`, which tells by name
and content what was seen before. Rows in the file must equal rows landed + quarantined + blank.
"""

from __future__ import annotations

import gzip
import hashlib
import os
import time
import zlib
from collections.abc import Callable, Iterator
from concurrent.futures import Executor, Future
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from .cells import Cell, identifier, typed_rows
from .csv_rows import open_csv
from .files import RAW_TEXT_LIMIT, BrokenFile, FileRows, Landing
from .json_rows import open_json_document, open_json_lines
from .parquet_rows import open_parquet, open_parquet_bytes, reads_to_the_end
from .spec import META_COLUMNS, Table

# What says that the file is to blame: all but the machine's own faults, such as a full disk, which stop the landing.
FILE_ERRORS = (BrokenFile, EOFError, zlib.error, gzip.BadGzipFile, PermissionError, FileNotFoundError)
MACHINE_ERRORS = (OSError, MemoryError)
MACHINE_ERRORS_OF_DUCKDB = (
    duckdb.IOException,
    duckdb.OutOfMemoryException,
    duckdb.InterruptException,
    duckdb.FatalException,
    duckdb.TransactionException,
)
SETTLED_AFTER_S = 2  # a file written this short ago may change again within one tick of its clock
READERS = {
    ".jsonl": open_json_lines,
    ".ndjson": open_json_lines,
    ".json": open_json_document,
    ".csv": open_csv,
    ".parquet": open_parquet,
}


@dataclass
class Outcome:
    """What became of one file."""

    landing: Landing
    status: str  # as in raw.loads; `known`: same path and content as before, `known_rejected`: and refused;
    # `changing`: it was written to while it was read, nothing is kept or logged of it
    landed: int = 0
    quarantined: int = 0
    blank: int = 0
    unknown: list[str] = field(default_factory=list)
    problem: str = ""
    notes: list[str] = field(default_factory=list)
    inside: list[Outcome] = field(default_factory=list)  # what became of the rows of other tables in the file


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


class Changing(Exception):
    """A file that was written to while it was read."""


class Watched:
    """A file with its size and times before it was read, and the hash that is taken beside."""

    def __init__(self, path: Path, hashing: Executor) -> None:
        self._path, self._before, self._begun_at = path, _stat(path), time.time()
        self.content: Future[Content] = hashing.submit(content_of, path)

    def check(self) -> Content:
        """The content, when it is still what was read. Times may be too coarse to tell; then it is hashed again."""
        content = self.content.result()
        if _stamp(self._before) != _stamp(_stat(self._path)):
            raise Changing
        if not self._is_settled(lambda before: before.st_mtime) and content_of(self._path) != content:
            raise Changing
        return content

    @property
    def stamp(self) -> str | None:
        """What the file has for as long as nobody writes to it; None while a write may still leave it the same."""
        is_settled = self._is_settled(lambda before: max(before.st_mtime, before.st_ctime))
        return _stamp(self._before) if is_settled and not self.content.result().problem else None

    def _is_settled(self, time_of: Callable[[os.stat_result], float]) -> bool:
        return self._before is None or time_of(self._before) <= self._begun_at - SETTLED_AFTER_S


def _stat(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except OSError:
        return None


def _stamp(stat: os.stat_result | None) -> str | None:
    return stat and f"{stat.st_dev}:{stat.st_ino}:{stat.st_size}:{stat.st_mtime_ns}:{stat.st_ctime_ns}"


def land_file(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path, hashing: Executor
) -> Outcome:
    """Land one file, or find that there is nothing to land, in one transaction. The hash is taken while it is read.

    What is wrong with the file is its outcome, never an error that keeps the others from landing.
    """
    if outcome := _untouched(connection, landing):
        return outcome
    watched = Watched(landing.path, hashing)
    try:
        if _may_be_known(connection, landing) and (outcome := _known(connection, landing, watched)):
            return outcome
        problem = _insert_or_problem(connection, table, landing, work, watched)
        if isinstance(problem, Outcome):
            return problem
        return _in_transaction(connection, lambda: _reject(connection, landing, watched, problem))
    except Changing:
        return Outcome(landing, "changing", problem="it was written to while it was read; it lands in the next run")


def _insert_or_problem(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, work: Path, watched: Watched
) -> Outcome | str:
    """The outcome of a file that could be read, else why it could not, without any of its content."""
    readers = [READERS[landing.suffix.removesuffix(".gz")]]
    readers += [open_parquet_bytes] * (readers == [open_parquet])
    problem = ""
    for reader in readers:
        try:
            if not landing.path.is_file():
                raise BrokenFile(watched.content.result().problem)
            rows = reader(connection, table, landing, work)
            return _in_transaction(connection, lambda rows=rows: _insert_all(connection, table, landing, watched, rows))
        except FILE_ERRORS as error:
            return str(error) if isinstance(error, BrokenFile) else f"{type(error).__name__}: {error}"
        except (Changing, *MACHINE_ERRORS):
            raise
        except duckdb.Error as error:
            is_damaged = landing.suffix == ".parquet" and not reads_to_the_end(connection, work)
            if isinstance(error, MACHINE_ERRORS_OF_DUCKDB) and not is_damaged:
                raise
            problem = f"a damaged Parquet file: {type(error).__name__}" if is_damaged else unforeseen(error)
            if not (is_damaged and "not valid UTF8" in str(error)):
                return problem
        except Exception as error:  # a defect of ours on an odd file must not keep the others from landing
            return unforeseen(error)
    return problem


def unforeseen(error: Exception) -> str:
    """Why a file was refused that a reader of ours stumbled over."""
    return f"it could not be read: {type(error).__name__}; please report this file's shape as a defect"


def _untouched(connection: duckdb.DuckDBPyConnection, landing: Landing) -> Outcome | None:
    """The outcome for a file nobody wrote to since it was hashed: history is not read again every day."""
    seen = connection.execute(
        "select status from raw.loads where source = ? and name = ? and stamp = ?",
        [landing.source, landing.name, _stamp(_stat(landing.path))],
    ).fetchone()
    return seen and Outcome(landing, _known_as(seen[0]))


def _known_as(status: str) -> str:
    return "known_rejected" if status == "rejected" else "known"


def _may_be_known(connection: duckdb.DuckDBPyConnection, landing: Landing) -> bool:
    """Whether a load has the file's name or size; if not, its content is new and can be read before it is hashed."""
    size = landing.path.stat().st_size if landing.path.is_file() else 0
    query = "select count(*) > 0 from raw.loads where source = ? and (name = ? or bytes = ?)"
    return connection.execute(query, [landing.source, landing.name, size]).fetchone()[0]


def _known(connection: duckdb.DuckDBPyConnection, landing: Landing, watched: Watched) -> Outcome | None:
    """The outcome for content that was seen before; None when the file has to be landed."""
    sha256 = watched.content.result().sha256
    seen = connection.execute(
        "select name, status from raw.loads where source = ? and sha256 = ?", [landing.source, sha256]
    ).fetchall()
    if status := dict(seen).get(landing.name):
        if watched.stamp:
            connection.execute(
                "update raw.loads set stamp = ? where source = ? and name = ? and sha256 = ?",
                [watched.stamp, landing.source, landing.name, sha256],
            )
        return Outcome(landing, _known_as(status))
    if any(status in ("landed", "refused") for _, status in seen):
        return _in_transaction(connection, lambda: _record(connection, Outcome(landing, "duplicate_file"), watched))
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


def next_load_id(connection: duckdb.DuckDBPyConnection) -> int:
    """The number that the next row of raw.loads gets."""
    return connection.execute("select coalesce(max(load_id), 0) + 1 from raw.loads").fetchone()[0]


def _now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


def _record(connection: duckdb.DuckDBPyConnection, outcome: Outcome, watched: Watched) -> Outcome:
    """Write the file's row of raw.loads, the last statement of its transaction."""
    landing, content = outcome.landing, watched.check()
    connection.execute(
        """insert into raw.loads (load_id, source, name, sha256, bytes, stamp, rows_landed, rows_quarantined,
            rows_blank, status, landed_at) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)""",
        [
            next_load_id(connection),
            landing.source,
            landing.name,
            content.sha256,
            content.bytes,
            watched.stamp,
            outcome.landed,
            outcome.quarantined,
            outcome.blank,
            outcome.status,
            _now(),
        ],
    )
    return outcome


def _reject(connection: duckdb.DuckDBPyConnection, landing: Landing, watched: Watched, problem: str) -> Outcome:
    connection.execute(
        """insert into raw.quarantine (load_id, source, file, line, reason, raw_text, landed_at)
        values (?, ?, ?, 0, 'broken_row', ?, ?)""",
        [next_load_id(connection), landing.source, landing.name, problem, _now()],
    )
    return _record(connection, Outcome(landing, "rejected", quarantined=1, problem=problem), watched)


def _insert_all(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, watched: Watched, rows: FileRows
) -> Outcome:
    """Insert a file's rows, then the rows of other tables that stand inside them, each a load of its own."""
    outcome = _insert(connection, table, landing, watched, rows)
    for other, open_rows in rows.inside:
        inner = open_rows()
        if inner.count:
            outcome.inside.append(_insert(connection, other, replace(landing, source=other.name), watched, inner))
    return outcome


def _insert(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, watched: Watched, rows: FileRows
) -> Outcome:
    """Insert the good rows; only when some are missing, look a second time at the rest, the bad and the blank ones."""
    load_id, now = next_load_id(connection), _now()
    typed = typed_rows(table, rows.cells, rows.relation, now)
    columns = [identifier(column.name) for column in table.columns]
    with _one_thread(connection, rows.has_odd_parts):
        landed = connection.execute(
            f"""insert into raw.{identifier(table.name)}
                ({", ".join(columns + list(META_COLUMNS))})
            select {", ".join(columns)}, ?, _row, ?, ?, _extra from ({typed}) where __reason is null""",
            [landing.name, load_id, now],
        ).fetchone()[0]
    outcome = Outcome(landing, "landed", landed, blank=rows.blank, unknown=rows.unknown, notes=rows.notes)
    if landed + rows.blank != rows.count:
        if landed:
            here = f"select _source_row from raw.{identifier(table.name)} where _load_id = {load_id}"
            typed = typed_rows(table, rows.cells, rows.without(here), now)
        outcome.quarantined = connection.execute(
            f"""insert into raw.quarantine (load_id, source, file, line, reason, raw_text, landed_at)
            select ?, ?, ?, _row, __reason, left(_raw, {RAW_TEXT_LIMIT}), ?
            from ({typed}) where __reason is not null order by _row""",
            [load_id, landing.source, landing.name, now],
        ).fetchone()[0]
        outcome.blank += _blank_rows(connection, rows)
    if landed + outcome.quarantined + outcome.blank != rows.count:
        raise BrokenFile(
            f"{rows.count} rows in the file, but {landed} landed + {outcome.quarantined} quarantined"
            f" + {outcome.blank} blank; please report this file's shape as a defect"
        )
    if outcome.quarantined and not landed:
        outcome.status, outcome.problem = "refused", _why_all(connection, load_id)
    if watched.content.result().problem:
        raise BrokenFile(watched.content.result().problem)
    if rows.has_empty:
        _keep_empty_buckets(connection, table, load_id, now)
    return _record(connection, outcome, watched)


def _keep_empty_buckets(connection: duckdb.DuckDBPyConnection, table: Table, load_id: int, now: datetime) -> None:
    """Write the buckets without a result to raw.empty_buckets: they are no rows, but empty what older files said."""
    names = [name for step in table.steps if step.keeps_empty for name, _ in step.carry]
    span = replace(table, columns=tuple(c for c in table.columns if c.name in names), rules=(), periods=())
    cells = {name: Cell(identifier(name)) for name in names}
    relation = "select *, rowid as _row, null as _shape, null as _extra, null as _raw from landing_empty"
    connection.execute(
        f"""insert into raw.empty_buckets (load_id, source, start_time, end_time)
        select distinct ?, ?, {", ".join(map(identifier, names))}
        from ({typed_rows(span, cells, relation, now)}) where __reason is null""",
        [load_id, table.name],
    )


@contextmanager
def _one_thread(connection: duckdb.DuckDBPyConnection, is_wanted: bool) -> Iterator[None]:
    """Fill the table's row groups one after the other: threads write the rests of their parts as small ones, and the
    next checkpoints write most of the table again to join them.
    """
    threads = connection.execute("select current_setting('threads')").fetchone()[0]
    if is_wanted:
        connection.execute("set threads = 1")
    try:
        yield
    finally:
        if is_wanted:
            connection.execute(f"set threads = {threads}")


def _why_all(connection: duckdb.DuckDBPyConnection, load_id: int) -> str:
    """What a file all of whose rows were refused suffers from: its commonest reason."""
    reason, number, line, total = connection.execute(
        """select reason, count(*) as number, min(line), sum(count(*)) over () from raw.quarantine where load_id = ?
        group by reason order by number desc, reason limit 1""",
        [load_id],
    ).fetchone()
    return f"not one of its {total:,} rows could land, {number:,} for {reason}, first at line {line}"


def _blank_rows(connection: duckdb.DuckDBPyConnection, rows: FileRows) -> int:
    if rows.blank_where is None:
        return 0
    return connection.execute(f"select count(*) from landing_lines where {rows.blank_where}").fetchone()[0]
