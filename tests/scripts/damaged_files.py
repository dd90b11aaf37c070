"""Small damaged files of every format, each with what must become of every line of it.

    python tests/scripts/damaged_files.py --out DIR [--seed N]     # writes them below DIR/inference_events

A file is made of lines, each with its fate: `landed`, `blank`, or the reason for which it is quarantined. Damage to the
file as a whole (cut short, another encoding, another format) either changes no fate or has the file rejected.
"""

from __future__ import annotations

import argparse
import codecs
import csv
import gzip
import io
import json
import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import duckdb

from landing.cells import identifier

LANDED, BLANK, REJECTED = "landed", "blank", "rejected"
COLUMNS = ("request_id", "timestamp", "model", "input_tokens", "output_tokens", "feature")
DIGITS = "9" * 5000

# A column, its text, and the fate of the row. `#` before a text: in JSON a bare number, not a text.
VALUES = [
    ("input_tokens", "10.7", "bad_type:input_tokens"),
    ("input_tokens", "#10.7", "bad_type:input_tokens"),
    ("input_tokens", "#" + DIGITS, "bad_type:input_tokens"),
    ("input_tokens", "#1e400", "bad_type:input_tokens"),
    ("input_tokens", "#-3", "bad_type:input_tokens"),
    ("input_tokens", "#1e3", LANDED),
    ("output_tokens", "", "missing_required:output_tokens"),
    ("output_tokens", "NaN", "bad_type:output_tokens"),
    ("timestamp", "2106-01-01T00:00:00Z", "in_the_future:timestamp"),
    ("timestamp", "#4291747200", "in_the_future:timestamp"),
    ("timestamp", "0001-01-01T00:00:00Z", "bad_value:timestamp"),
    ("timestamp", "1989-12-31T23:59:59Z", "bad_value:timestamp"),
    ("timestamp", "1990-01-01T00:00:00Z", LANDED),
    ("timestamp", "294247-01-01T00:00:00Z", "bad_type:timestamp"),
    ("timestamp", "2026-02-30", "bad_type:timestamp"),
    ("timestamp", "#" + DIGITS, "bad_type:timestamp"),
    ("updated_at", "2106-01-01T00:00:00Z", LANDED),
    ("model", "", "missing_required:model"),
    ("status", "lost", "bad_value:status"),
    ("cost_usd", "#1000000000000", LANDED),
    ("cost_usd", "#1000000000000.01", "bad_value:cost_usd"),
    ("cost_usd", "#-1000000000000.01", "bad_value:cost_usd"),
    ("cost_usd", "1.2.3", "bad_type:cost_usd"),
    ("cost_usd", "#" + DIGITS, "bad_type:cost_usd"),
    ("attempt", "#0", "bad_value:attempt"),
    ("latency_ms", "#1000000000001", "bad_value:latency_ms"),
    ("cached_input_tokens", "#11", "negative_remainder"),
    ("tags", "beta", "bad_type:tags"),
    ("odd", "#" + DIGITS, LANDED),
    ("feature", "x" * 200_000, LANDED),
    ("feature", "=1+1;\"'`‮🎉 <b> ", LANDED),
]


@dataclass
class Line:
    """One line (a CSV record may hold several) and what becomes of it."""

    text: bytes
    fate: str
    request_id: str = ""


@dataclass
class Damaged:
    """A file and its expected outcome; `reasons` counts its quarantined rows."""

    name: str
    content: bytes
    status: str
    landed: list[str] = field(default_factory=list)  # request ids
    reasons: dict[str, int] = field(default_factory=dict)
    blank: int = 0


def expected(name: str, content: bytes, lines: list[Line]) -> Damaged:
    """The outcome of a file whose lines are read one by one."""
    landed = [line.request_id for line in lines if line.fate == LANDED]
    reasons: dict[str, int] = {}
    for line in lines:
        if line.fate not in (LANDED, BLANK):
            reasons[line.fate] = reasons.get(line.fate, 0) + 1
    status = "refused" if reasons and not landed else "landed"
    return Damaged(name, content, status, landed, reasons, sum(line.fate == BLANK for line in lines))


def rejected(name: str, content: bytes) -> Damaged:
    """The outcome of a file that cannot be read."""
    return Damaged(name, content, REJECTED, reasons={"broken_row": 1})


class Maker:
    """Makes the files; every row has a request id of its own."""

    def __init__(self, seed: int) -> None:
        self.chance, self.count = random.Random(seed), 0

    def row(self) -> dict[str, str]:
        """A good row, all texts."""
        self.count += 1
        return {
            "request_id": f"r{self.count}",
            "timestamp": "2026-03-01T10:00:00Z",
            "model": "m",
            "input_tokens": "10",
            "output_tokens": "5",
            "feature": self.chance.choice(["chat", "a,b", 'say "hi"', "ü 漢字", "x;y"]),
        }

    def rows(self, least: int = 1) -> list[dict[str, str]]:
        """A few good rows."""
        return [self.row() for _ in range(self.chance.randint(least, 4))]

    def mixed(self, lines: list[Line], *damaged: Line) -> list[Line]:
        """The lines with the damaged ones among them."""
        lines = list(lines)
        for line in damaged:
            lines.insert(self.chance.randint(0, len(lines)), line)
        return lines


# -------------------------------------------------------------------------------------------------------- JSON lines


def as_json(row: dict[str, str]) -> bytes:
    """A row as JSON; a value behind `#` is a bare number."""
    texts = [f"{json.dumps(key)}: {v[1:] if v.startswith('#') else json.dumps(v)}" for key, v in row.items()]
    return ("{" + ", ".join(texts) + "}").encode()


def json_line(row: dict[str, str], fate: str = LANDED) -> Line:
    """A row as a line of JSON."""
    return Line(as_json(row), fate, row["request_id"])


def damaged_json(row: dict[str, str]) -> dict[str, Line]:
    """Lines that are no good JSON object, or no line at all."""
    good = as_json(row)
    broken = {
        "cut": good[: len(good) // 2],
        "array": b"[" + good + b"]",
        "text": b'"text"',
        "null": b"null",
        "number": DIGITS.encode(),
        "two": good + good,
        "comma": good + b",",
        "duplicate key": good[:-1] + b', "model": "n"}',
        "spelled twice": good[:-1] + b', "Model": "n"}',
        "nul": good.replace(b'"m"', b'"m\0"'),
        "latin": good.replace(b'"m"', b'"m\xfc"'),
        "surrogate": good.replace(b'"m"', b'"\\ud800"'),
        "single quotes": good.replace(b'"', b"'"),
        "return inside": good.replace(b'"m"', b'"m\rn"'),
        "control": good.replace(b'"m"', b'"m\x01"'),
        "csv": b"r,2026-03-01,m,1,2",
    }
    blank = {"blank": b"", "spaces": b"  \t "}
    odd = {
        "nul escape": good.replace(b'"m"', b'"m\\u0000n"'),
        "deep": good[:-1] + b', "odd": ' + b"[" * 900 + b"]" * 900 + b"}",
        "escaped key": good.replace(b'"model"', b'"mod\\u0065l"'),
        "spaces around": b"  " + good + b" \t",
        "empty key": good[:-1] + b', "": 1}',
    }
    return (
        {kind: Line(text, "broken_row") for kind, text in broken.items()}
        | {kind: Line(text, BLANK) for kind, text in blank.items()}
        | {kind: Line(text, LANDED, row["request_id"]) for kind, text in odd.items()}
    )


def json_lines_files(maker: Maker) -> Iterator[Damaged]:
    """JSON lines with one damaged line each, and with damage to the whole."""
    for number, (column, value, fate) in enumerate(VALUES):
        row = maker.row()
        lines = maker.mixed([json_line(r) for r in maker.rows()], json_line(row | {column: value}, fate))
        yield expected(f"value {number}.jsonl", b"\n".join(line.text for line in lines), lines)
    for kind in damaged_json(maker.row()):
        for end in (b"\n", b"\r\n"):
            lines = maker.mixed([json_line(r) for r in maker.rows()], damaged_json(maker.row())[kind])
            yield expected(f"{kind} {len(end)}.jsonl", b"".join(line.text + end for line in lines), lines)
        alone = [damaged_json(maker.row())[kind]]
        yield expected(f"{kind} alone.jsonl", b"".join(line.text + b"\n" for line in alone), alone)
    yield from whole_text_files(maker, ".jsonl", lambda rows: [json_line(row) for row in rows])


# --------------------------------------------------------------------------------------------------------------- CSV


def csv_text(cells: list[str]) -> bytes:
    """Cells as one CSV record."""
    out = io.StringIO()
    csv.writer(out, lineterminator="").writerow(cells)
    return out.getvalue().encode()


def csv_line(row: dict[str, str], fate: str = LANDED, columns: tuple[str, ...] = COLUMNS) -> Line:
    """A row as a CSV record."""
    return Line(csv_text([row[column].removeprefix("#") for column in columns]), fate, row["request_id"])


def damaged_csv(row: dict[str, str]) -> dict[str, Line]:
    """Records that have not the header's cells, or none."""
    plain = row | {"feature": "f"}
    good = csv_line(plain).text
    broken = {
        "one more": good + b",x",
        "one less": good[: good.rindex(b",")],
        "words": b"only words",
        "nul": good + b"\0",
        "latin": good + b"\xfc",
        "quote inside": good[:-1] + b'"f"g',
        "two": good + b"," + good,
    }
    landed = {
        "line end inside": good[:-1] + b'"a\nb"',
        "return inside": good[:-1] + b'"a\r\nb"',
        "blank inside": good[:-1] + b'"a\n\nb"',
        "quotes": b",".join(b'"' + cell + b'"' for cell in good.split(b",")),
    }
    return (
        {kind: Line(text, "broken_row") for kind, text in broken.items()}
        | {kind: Line(text, LANDED, row["request_id"]) for kind, text in landed.items()}
        | {"blank": Line(b"", BLANK), "spaces": Line(b"   ", BLANK)}
        | {"empty cells": Line(b"," * (len(COLUMNS) - 1), "missing_required:request_id")}
    )


HEADER = Line(csv_text(list(COLUMNS)), "header")


def with_header(rows: list[dict[str, str]]) -> list[Line]:
    """Rows as CSV lines behind their header."""
    return [HEADER, *map(csv_line, rows)]


def csv_files(maker: Maker) -> Iterator[Damaged]:
    """CSV with one damaged record each, with damage to the header, and with damage to the whole."""
    for number, (column, value, fate) in enumerate(VALUES):
        columns = COLUMNS if column in COLUMNS else (*COLUMNS, column)
        bad = csv_line(maker.row() | {column: value}, fate, columns)
        lines = maker.mixed(
            [csv_line(row | {column: row.get(column, "")}, columns=columns) for row in maker.rows()], bad
        )
        content = b"\n".join([csv_text(list(columns)), *(line.text for line in lines)])
        yield expected(f"value {number}.csv", content, lines)
    for kind in damaged_csv(maker.row()):
        for end in (b"\n", b"\r\n", b"\r"):
            if "inside" in kind and end == b"\r":
                continue
            lines = maker.mixed(list(map(csv_line, maker.rows())), damaged_csv(maker.row())[kind])
            content = b"".join(line.text + end for line in [HEADER, *lines])
            yield expected(f"{kind} {list(end)}.csv", content, lines)
    yield from header_files(maker)
    yield from whole_text_files(maker, ".csv", with_header)


def header_files(maker: Maker) -> Iterator[Damaged]:
    """CSV whose header is not on line 1, or not there, or not one of ours."""

    def body(mark: bytes = b"\n") -> tuple[list[Line], bytes]:
        lines = list(map(csv_line, maker.rows(2)))
        return lines, b"".join(line.text + mark for line in lines)

    for name, before in {"one": b"\n", "two": b"\r\n\r\n", "spaces": b"  \n", "mark": codecs.BOM_UTF8 + b"\n"}.items():
        lines, text = body()
        blank = [Line(b"", BLANK)] * before.count(b"\n")
        yield expected(f"blank first {name}.csv", before + HEADER.text + b"\n" + text, blank + lines)
    for name, header in {
        "quoted": b",".join(b'"' + name.encode() + b'"' for name in COLUMNS),
        "marked": codecs.BOM_UTF8 + b'"request_id"' + HEADER.text.removeprefix(b"request_id"),
        "spaced": HEADER.text.replace(b",", b" , "),
        "camel": b"requestId,Timestamp,MODEL,inputTokens,outputTokens,feature",
    }.items():
        lines, text = body()
        yield expected(f"header {name}.csv", header + b"\n" + text, lines)
    yield rejected("no header.csv", body()[1])
    yield rejected("no header cr.csv", body(b"\r")[1])
    yield rejected("header of another.csv", b"a,b,c,d,e,f\n" + body()[1])
    yield rejected("header twice.csv", HEADER.text.replace(b"feature", b"MODEL") + b"\n" + body()[1])
    yield rejected("header latin.csv", b"\xfc," + HEADER.text + b"\n")
    yield rejected("header nul.csv", b"a\0b," + HEADER.text + b"\n")
    for name, mark in (("semicolons", b";"), ("tabs", b"\t"), ("bars", b"|")):
        yield rejected(
            f"{name}.csv", b"".join(mark.join(text.split(b",")) + b"\n" for text in [HEADER.text, b"1,2,3,4,5,6"])
        )
    yield expected("header only.csv", HEADER.text, [])
    lines, text = body()
    yield expected(
        "some required missing.csv",
        text.replace(b"\n", b"\n") and HEADER.text.replace(b"model", b"modell") + b"\n" + text,
        [Line(line.text, "missing_required:model") for line in lines],
    )


# --------------------------------------------------------------------------------------------------- files as a whole


def whole_text_files(maker: Maker, suffix: str, lines_of: Callable[[list], list[Line]]) -> Iterator[Damaged]:
    """Damage to a text file as a whole; the archives beside it."""

    def fresh(end: bytes = b"\n") -> tuple[list[Line], bytes]:
        lines = lines_of(maker.rows(2))
        return [line for line in lines if line.fate != "header"], b"".join(line.text + end for line in lines)

    lines, text = fresh()
    yield expected(f"mark{suffix}", codecs.BOM_UTF8 + text, lines)
    lines, text = fresh()
    yield expected(f"no last end{suffix}", text.rstrip(b"\n"), lines)
    lines, text = fresh()
    yield expected(f"blank last{suffix}", text + b"\n\n", [*lines, Line(b"", BLANK), Line(b"", BLANK)])
    for name, content in {"empty": b"", "ends": b"\n\n\n", "mark only": codecs.BOM_UTF8}.items():
        blank = [Line(b"", BLANK)] * content.count(b"\n")
        yield expected(f"{name}{suffix}", content, blank or [Line(b"", BLANK)] * (content != b""))
    for encoding in ("utf-16", "utf-16-le", "utf-16-be", "utf-32"):
        yield rejected(f"{encoding}{suffix}", fresh()[1].decode().encode(encoding))
    yield rejected(f"gzip by content{suffix}", gzip.compress(fresh()[1]))
    yield rejected(f"parquet by content{suffix}", parquet(maker, maker.rows()))
    yield rejected(f"workbook{suffix}", b"PK\x03\x04" + bytes(maker.chance.randbytes(300)))
    lines, text = fresh()
    yield expected(f"whole{suffix}.gz", gzip.compress(text), lines)
    (one, first), (two, second) = fresh(), fresh()
    if suffix != ".csv":
        yield expected(f"two members{suffix}.gz", gzip.compress(first) + gzip.compress(second), one + two)
    packed = gzip.compress(maker.chance.randbytes(3000).hex().encode() + text)
    damaged = {
        "cut": packed[: maker.chance.randint(20, len(packed) - 1)],
        "crc": packed[:-8] + bytes([packed[-8] ^ 1]) + packed[-7:],
        "length": packed[:-1] + bytes([packed[-1] ^ 1]),
        "inside": packed[:300] + bytes(60) + packed[360:],
        "plain": text,
        "deflate": zlib.compress(text),
        "twice": gzip.compress(gzip.compress(text)),
        "rubbish behind": packed + b"rubbish",
        "utf-16": gzip.compress(text.decode().encode("utf-16")),
    }
    for name, content in damaged.items():
        yield rejected(f"{name}{suffix}.gz", content)


def json_document_files(maker: Maker) -> Iterator[Damaged]:
    """JSON documents: one that does not parse is refused whole, an element that is no row is refused alone."""

    def good(number: int = 0) -> list[Line]:
        return [json_line(row) for row in maker.rows(number or 2)]

    def listed(lines: list[Line]) -> bytes:
        return b"[" + b",\n ".join(line.text for line in lines) + b"]"

    for number, (column, value, fate) in enumerate(VALUES):
        lines = maker.mixed(good(), json_line(maker.row() | {column: value}, fate))
        yield expected(f"value {number}.json", listed(lines), lines)
    lines = good()
    yield expected("page.json", b'{"object": "list", "data": ' + listed(lines) + b', "has_more": false}', lines)
    lines = good()
    yield expected("mark.json", codecs.BOM_UTF8 + listed(lines), lines)
    lines = good()
    yield expected("ends.json", listed(lines).replace(b"\n", b"\r\n\r\n"), lines)
    for kind in ("text", "null", "array"):
        lines = maker.mixed(good(), damaged_json(maker.row())[kind])
        yield expected(f"{kind}.json", listed(lines), lines)
    for name, text in {
        "empty": b"",
        "nothing": b" \n ",
        "empty list": b"[]",
        "empty page": b'{"data": []}',
    }.items():
        yield expected(f"{name}.json", text, [])
    broken = {
        "cut": lambda text: text[: len(text) // 2],
        "no end": lambda text: text[:-1],
        "comma last": lambda text: text[:-1] + b",]",
        "two": lambda text: text + text,
        "latin": lambda text: text.replace(b'"m"', b'"m\xfc"'),
        "nul": lambda text: text.replace(b'"m"', b'"m\0"'),
        "single quotes": lambda text: text.replace(b'"', b"'"),
        "utf-16": lambda text: text.decode().encode("utf-16"),
        "gzip by content": gzip.compress,
        "number": lambda _: b"7",
        "word": lambda _: b"true",
    }
    for name, damage in broken.items():
        yield rejected(f"{name} broken.json", damage(listed(good(3))))
    lines = good()
    yield expected("whole.json.gz", gzip.compress(listed(lines)), lines)
    yield rejected("cut.json.gz", gzip.compress(listed(good()))[:-9])
    yield rejected("plain.json.gz", listed(good()))


# ----------------------------------------------------------------------------------------------------------- Parquet


def parquet(maker: Maker, rows: list[dict[str, str]], options: str = "", **renamed: str) -> bytes:
    """Rows as a Parquet file."""
    path = Path("/dev/shm" if Path("/dev/shm").is_dir() else "/tmp") / f"damaged-{maker.chance.random()}.parquet"
    names = [renamed.get(column, column) for column in rows[0]]
    try:
        with duckdb.connect() as connection:
            connection.execute(f"create table t ({', '.join(identifier(name) + ' varchar' for name in names)})")
            connection.executemany(
                f"insert into t values ({', '.join('?' * len(names))})", [list(r.values()) for r in rows]
            )
            connection.execute(f"copy t to '{path}' (format parquet{options})")
        return path.read_bytes()
    finally:
        path.unlink(missing_ok=True)


def parquet_files(maker: Maker) -> Iterator[Damaged]:
    """Parquet files, with single bad cells, and cut, overwritten and mislabelled."""

    def lines(rows: list[dict[str, str]]) -> list[Line]:
        return [Line(b"", LANDED, row["request_id"]) for row in rows]

    for number, (column, value, fate) in enumerate(VALUES):
        rows, bad = (
            [row | {column: row.get(column, "")} for row in maker.rows()],
            maker.row() | {column: value.removeprefix("#")},
        )
        content = parquet(maker, [*rows, bad])
        yield expected(f"value {number}.parquet", content, [*lines(rows), Line(b"", fate, bad["request_id"])])
    for name in (
        "file_row_number",
        "File_Row_Number",
        "filename",
        "rowid",
        "_row",
        "_raw",
        "cell_0",
        "file_index",
        "a\"b'c",
    ):
        rows = maker.rows()
        yield expected(f"named {name.replace('/', '')}.parquet", parquet(maker, rows, feature=name), lines(rows))
    for number, options in enumerate(
        (", compression uncompressed", ", compression uncompressed, dictionary_size_limit 1")
    ):
        for damage in (b"\xff\xfe\xff\xfe", b"ab\xc3(", b"\xed\xa0\x80x"):
            rows = [row | {"feature": "good"} for row in maker.rows(3)]
            bad = maker.row() | {"feature": "WXYZ"}
            content = parquet(maker, [*rows, bad], options).replace(b"WXYZ", damage)
            yield expected(
                f"utf-8 {number} {damage.hex()}.parquet",
                content,
                [*lines(rows), Line(b"", "broken_row", bad["request_id"])],
            )
    whole = parquet(maker, maker.rows(2))
    for name, content in {
        "cut": whole[: len(whole) // 2],
        "no footer": whole[:-20],
        "footer length": whole[:-8] + b"\xff\xff\xff\x7f" + whole[-4:],
        "footer zero": whole[:-208] + bytes(200) + whole[-8:],
        "no magic": whole[:-4] + b"RAP1",
        "text": as_json(maker.row()),
        "magic alone": b"PAR1",
        "zeros": bytes(1000),
        "rubbish": maker.chance.randbytes(1000),
        "pages zero": b"PAR1" + bytes(len(whole) // 3) + whole[4 + len(whole) // 3 :],
        "gzip": gzip.compress(whole),
        "twice": parquet(maker, maker.rows(), feature="modeX").replace(b"modeX", b"MODEL"),
    }.items():
        yield rejected(f"{name} damaged.parquet", content)
    yield expected("empty.parquet", b"", [])


def damaged_files(seed: int) -> list[Damaged]:
    """All the files of a seed, each with content of its own: the same content again would be a duplicate."""
    maker = Maker(seed)
    makers = (json_lines_files, csv_files, json_document_files, parquet_files)
    return list({damaged.content: damaged for make in makers for damaged in make(maker)}.values())


def main() -> None:
    """Write the files, for a look at one."""
    parser = argparse.ArgumentParser(description="Write small damaged files of every format.")
    parser.add_argument("--out", type=Path, required=True, help="landing folder to write to")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    folder = options.out / "inference_events"
    folder.mkdir(parents=True, exist_ok=True)
    files = damaged_files(options.seed)
    for damaged in files:
        (folder / damaged.name).write_bytes(damaged.content)
    print(f"{len(files)} files of seed {options.seed} below {folder}")


if __name__ == "__main__":
    main()
