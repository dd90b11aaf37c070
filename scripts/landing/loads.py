"""Landing one file in one transaction: its rows, its quarantined rows and its row in `raw.loads`, which tells by name
and content what was seen before. Rows in the file must equal rows landed + quarantined + blank.
"""

from __future__ import annotations

import gzip
import hashlib
import zlib
from collections.abc import Callable
from concurrent.futures import Executor, Future
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import duckdb

from .cells import identifier, typed_rows
from .csv_rows import open_csv
from .files import RAW_TEXT_LIMIT, BrokenFile, FileRows, Landing
from .json_rows import open_json_document, open_json_lines
from .parquet_rows import open_parquet, reads_to_the_end
from .spec import META_COLUMNS, Table

# What says that the file is to blame; any other OSError, such as a full disk, is not its fault and stops the landing.
UNREADABLE = (BrokenFile, EOFError, zlib.error, gzip.BadGzipFile, PermissionError, FileNotFoundError)
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
    status: str  # as in raw.loads; `known`: same path and content as before, `known_rejected`: and refused
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
        return _in_transaction(connection, lambda: _insert_all(connection, table, landing, content, rows))
    except UNREADABLE as error:
        problem = str(error) if isinstance(error, BrokenFile) else f"{type(error).__name__}: {error}"
    except duckdb.Error as error:
        if landing.suffix != ".parquet" or reads_to_the_end(connection, work):
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


def next_load_id(connection: duckdb.DuckDBPyConnection) -> int:
    """The number that the next row of raw.loads gets."""
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
            next_load_id(connection),
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
        [next_load_id(connection), landing.source, landing.name, problem, _now()],
    )
    return _record(connection, Outcome(landing, "rejected", quarantined=1, problem=problem), content)


def _insert_all(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, content: Future[Content], rows: FileRows
) -> Outcome:
    """Insert a file's rows, then the rows of other tables that stand inside them, each a load of its own."""
    outcome = _insert(connection, table, landing, content, rows)
    for other, open_rows in rows.inside:
        inner = open_rows()
        if inner.count:
            outcome.inside.append(_insert(connection, other, replace(landing, source=other.name), content, inner))
    return outcome


def _insert(
    connection: duckdb.DuckDBPyConnection, table: Table, landing: Landing, content: Future[Content], rows: FileRows
) -> Outcome:
    """Insert the good rows; only when some are missing, look a second time for the bad and the blank ones."""
    load_id, now = next_load_id(connection), _now()
    typed = typed_rows(table, rows.cells, rows.relation)
    columns = [identifier(column.name) for column in table.columns]
    landed = connection.execute(
        f"""insert into raw.{identifier(table.name)}
            ({", ".join(columns + list(META_COLUMNS))})
        select {", ".join(columns)}, ?, _row, ?, ?, _extra from ({typed}) where __reason is null""",
        [landing.name, load_id, now],
    ).fetchone()[0]
    outcome = Outcome(landing, "landed", landed, unknown=rows.unknown, notes=rows.notes)
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
