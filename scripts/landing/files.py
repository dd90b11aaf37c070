"""What every format shares: a file of the landing folder, the relation its reader makes of it, and for text files one
pass that counts and checks the lines, with copies of what DuckDB cannot read as it is.
"""

from __future__ import annotations

import gzip
import io
import re
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
EVERY_ROW = "(true /* every row */)"  # a condition on `_row` in each relation, before anything costly is worked out


# What another format begins with, and what to do about it.
SIGNATURES = {
    rb"\x1f\x8b": "it is gzip by content; name it .gz",
    rb"PAR1[\0-\x1f]": "it is Parquet by content; name it .parquet",
    rb"PK\x03\x04": "it is a ZIP archive or a workbook by content; deliver what is inside",
    rb"\xff\xfe|\xfe\xff": "it is UTF-16; save it as UTF-8",
}


class BrokenFile(Exception):
    """A file that cannot be read as a whole: the message says why, without any of its content."""


@dataclass(frozen=True)
class Limits:
    """What is refused unread; the vars of the same names in dbt_project.yml."""

    max_file_bytes: int = 16_000_000_000  # decompressed
    max_line_bytes: int = 64_000_000


@dataclass(frozen=True)
class Landing:
    """A file below the landing folder."""

    path: Path
    source: str
    name: str  # path below the landing folder, with /, as raw.loads and _source_file know it
    suffix: str
    limits: Limits = Limits()


@dataclass
class FileRows:
    """A file opened as a relation for `typed_rows`. `count` was taken apart from DuckDB's reader."""

    relation: str
    cells: dict[str, Cell]
    count: int
    unknown: list[str] = field(default_factory=list)
    blank_where: str | None = None  # condition on the temp table of lines
    blank: int = 0  # blank lines the reader has counted itself; `count` holds them
    notes: list[str] = field(default_factory=list)
    has_odd_parts: bool = False  # the reader hands out parts that leave a rest beside full row groups of the table
    has_empty: bool = False  # temp table `landing_empty` holds the spans of documents without rows
    inside: list[tuple[Table, Callable[[], FileRows]]] = field(default_factory=list)  # rows of other tables in the file

    def without(self, rows: str) -> str:
        """The relation without the rows whose numbers a query yields."""
        return self.relation.replace(EVERY_ROW, f"_row not in ({rows})")


NO_ROWS = FileRows("select 0 as _row, null as _shape, null as _extra, null as _raw where false", {}, 0)


@dataclass
class TextScan:
    """What one pass over the bytes of a text file says about how it can be read."""

    lines: int = 0
    longest_chunk: int = 0
    first_end: bytes = b"\n"  # of line 1
    is_clean: bool = True  # UTF-8, no NUL, one kind of line end
    has_quote: bool = False


def whole_lines(stream: BinaryIO, max_line_bytes: int | None = None) -> Iterator[tuple[bytes, int]]:
    """The bytes in chunks that end with a line, and their lines. BrokenFile when a line is longer than may be."""
    limit = -1 if max_line_bytes is None else max_line_bytes
    lines = 0
    while chunk := stream.read(CHUNK_BYTES):
        begun = len(chunk) - chunk.rfind(b"\n") - 1
        rest = stream.readline(limit - begun + 1 if 0 <= begun <= limit else limit) if begun else b""
        longest = begun + len(rest.removesuffix(b"\n"))
        if 0 <= limit < len(chunk):
            longest = max(longest, *map(len, chunk.split(b"\n")))
        if 0 <= limit < longest:
            raise BrokenFile(f"a line behind line {lines} is longer than max_line_bytes ({limit:,})")
        number = chunk.count(b"\n") + bool(begun)
        yield chunk + rest, number
        lines += number


def scan(stream: BinaryIO, copy: BinaryIO | None = None, max_line_bytes: int | None = None) -> TextScan:
    """Count and check the lines of a stream, copying it when `copy` is given."""
    result, returns = TextScan(), 0
    for chunk, number in whole_lines(stream, max_line_bytes):
        if not result.lines and (end := re.search(rb"\r\n|\r|\n", chunk)):
            result.first_end = end[0]
        result.lines += number
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


class Bounded(io.RawIOBase):
    """A decompressed stream that breaks off once it is larger than a file may be."""

    def __init__(self, stream: BinaryIO, max_file_bytes: int) -> None:
        self._stream, self._limit, self._read = stream, max_file_bytes, 0

    def readable(self) -> bool:
        """Yes, as io.BufferedReader asks."""
        return True

    def readinto(self, buffer: memoryview) -> int:
        """The next bytes; BrokenFile when they are too many."""
        number = self._stream.readinto(buffer)
        self._read += number
        if self._read > self._limit:
            raise BrokenFile(too_large(self._limit))
        return number

    def close(self) -> None:
        """Close the file below too."""
        self._stream.close()
        super().close()


def too_large(limit: int) -> str:
    """Why a large file is refused."""
    return f"more than max_file_bytes ({limit:,}) when decompressed; deliver it in parts"


def open_plain(landing: Landing) -> BinaryIO:
    """The file's content, decompressed. Python's gzip checks length and CRC of every member, DuckDB's does not.

    BrokenFile when it is larger than may be, or another format by its first bytes.
    """
    limit = landing.limits.max_file_bytes
    if landing.suffix.endswith(".gz"):
        with landing.path.open("rb") as packed:
            if packed.read(2) not in (b"\x1f\x8b", b""):
                raise BrokenFile("it is no gzip archive by content; name it without .gz")
        stream = io.BufferedReader(Bounded(gzip.GzipFile(landing.path), limit), CHUNK_BYTES)
    elif landing.path.stat().st_size > limit:
        raise BrokenFile(too_large(limit))
    else:
        stream = landing.path.open("rb")
    try:
        check_encoding(stream.peek(CHUNK_BYTES)[:4096])
    except BaseException:
        stream.close()
        raise
    return stream


def check_encoding(head: bytes) -> None:
    """BrokenFile when the first bytes are those of another format or of UTF-16."""
    hint = next((hint for signature, hint in SIGNATURES.items() if re.match(signature, head)), None)
    ends = sorted((head[0::2].count(0), head[1::2].count(0)))
    if hint is None and len(head) >= 8 and ends[0] * 8 < ends[1] > len(head) // 4:
        hint = SIGNATURES[rb"\xff\xfe|\xfe\xff"]  # every other byte is NUL
    if hint:
        raise BrokenFile(hint)


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
            return linked(landing, work), scan(stream, max_line_bytes=landing.limits.max_line_bytes)
        target = work / "decompressed"
        with target.open("wb") as copy:
            return target, scan(stream, copy, landing.limits.max_line_bytes)


def escaped_line(line: bytes) -> str:
    """A line as text; bytes that are no UTF-8, NUL and stray carriage returns become \\xNN, never valid in JSON."""
    text = line.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8", "backslashreplace")
    return text.replace("\0", "\\x00").replace("\r", "\\x0d")


def repaired_copy(source: Path, work: Path) -> Path:
    """A copy of a text file that DuckDB reads line by line, whatever bytes it holds."""
    target = work / "repaired"
    with source.open("rb") as stream, target.open("w", encoding="utf-8", newline="\n") as copy:
        for chunk, _ in whole_lines(stream):
            copy.writelines(escaped_line(line) + "\n" for line in chunk.removesuffix(b"\n").split(b"\n"))
    return target


def reader_options(longest: int) -> str:
    """Options of read_csv for lines of up to `longest` bytes; its buffer would otherwise grow to 16 times that."""
    line_size = max(MIN_LINE_BUFFER, longest + 1)
    return f"max_line_size = {line_size}, buffer_size = {max(MIN_READ_BUFFER, 2 * line_size)}"
