"""What every format shares: a file of the landing folder, the relation its reader makes of it, and for text files one
pass that counts and checks the lines, with copies of what DuckDB cannot read as it is.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

from .cells import Cell
from .spec import Table

SUFFIXES = (".jsonl.gz", ".ndjson.gz", ".json.gz", ".csv.gz", ".jsonl", ".ndjson", ".json", ".csv", ".parquet")
RAW_TEXT_LIMIT = 10_000
CHUNK_BYTES = 1 << 20
MIN_LINE_BUFFER = 2 << 20
MIN_READ_BUFFER = 32 << 20
REPORTED_NAMES = 20


class BrokenFile(Exception):
    """A file that cannot be read as a whole: the message says why, without any of its content."""


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
    notes: list[str] = field(default_factory=list)
    inside: list[tuple[Table, Callable[[], FileRows]]] = field(default_factory=list)  # rows of other tables in the file


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
        result.is_clean = result.is_clean and b"\0" not in chunk and is_utf8(chunk)
        if copy:
            copy.write(chunk)
    result.is_clean &= returns in (0, result.lines, result.lines - 1)
    return result


def is_utf8(chunk: bytes) -> bool:
    """Whether a chunk of whole lines is UTF-8."""
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


def linked(landing: Landing, work: Path) -> Path:
    """A link to a file under a name free of glob signs and of characters DuckDB cannot take."""
    link = work / "plain"
    link.unlink(missing_ok=True)
    link.symlink_to(landing.path.resolve())
    return link


def plain_copy(landing: Landing, work: Path) -> tuple[Path, TextScan]:
    """A path DuckDB can read the decompressed text from, and its scan; an uncompressed file is only linked."""
    with open_plain(landing) as stream:
        if not landing.suffix.endswith(".gz"):
            return linked(landing, work), scan(stream)
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
