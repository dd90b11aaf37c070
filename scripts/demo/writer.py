"""The landing files of the demo company: same bytes for the same rows."""

from __future__ import annotations

import csv
import gzip
import json
import shutil
from pathlib import Path

import duckdb
import pandas as pd

from demo.world import MONTHS, SUFFIXES


class Writer:
    """Writes landing files, the same bytes for the same rows: one DuckDB thread, gzip without a time."""

    def __init__(self, out: Path, only: str | None) -> None:
        self.out, self.only, self.files, self.size = out, only, 0, 0
        self.con = duckdb.connect(config={"threads": 1})
        self.con.execute("set enable_progress_bar = false")

    def wants(self, source: str) -> bool:
        """Whether the source is to be written."""
        return self.only in (None, source)

    def path(self, source: str, month: str, suffix: str) -> Path:
        """File of a source and month; its folder exists."""
        folder = self.out / source
        folder.mkdir(parents=True, exist_ok=True)
        return folder / f"{month}{suffix}"

    def finish(self, plain: Path, path: Path) -> None:
        """Packs a file whose name ends in .gz and counts it."""
        if path.suffix == ".gz":
            with (
                plain.open("rb") as source,
                path.open("wb") as target,
                gzip.GzipFile("", "wb", 6, target, mtime=0) as packed,
            ):
                shutil.copyfileobj(source, packed, 1 << 20)
            plain.unlink()
        self.files, self.size = self.files + 1, self.size + path.stat().st_size

    def copy(self, columns: dict[str, tuple[str, str]], path: Path, trailer: tuple[str, ...] = ()) -> None:
        """The view `frame` through `columns` (name: SQL, kind), as Parquet, CSV or JSON Lines (no key where NULL)."""
        plain = path.with_suffix("") if path.suffix == ".gz" else path
        target = "'" + str(plain).replace("'", "''") + "'"
        if plain.suffix == ".jsonl":
            self.con.execute(
                f"copy (select {json_line(columns)} as line from frame) to {target} "
                "(format csv, header false, quote '', escape '', delimiter '\x1f')"
            )
        else:
            fields = ", ".join(f'{sql} as "{name}"' for name, (sql, _) in columns.items())
            self.con.execute(f"copy (select {fields} from frame) to {target} (format {plain.suffix[1:]})")
        if trailer and plain.suffix == ".jsonl":
            with plain.open("a") as handle:
                handle.writelines(line + "\n" for line in trailer)
        self.finish(plain, path)

    def frame(
        self, frame: pd.DataFrame, columns: dict[str, tuple[str, str]], path: Path, trailer: tuple[str, ...]
    ) -> None:
        """One file of a frame, seen through `columns`."""
        self.con.register("frame", frame)
        self.copy(columns, path, trailer)
        self.con.unregister("frame")

    def rows(self, source: str, month: str, rows: list[dict] | pd.DataFrame, columns: list[str]) -> None:
        """Rows of a source other than the calls; the format goes round with the month and the source."""
        if not self.wants(source) or len(rows) == 0:
            return
        suffix = SUFFIXES[(MONTHS.index(month) + sum(map(ord, source))) % len(SUFFIXES)]
        path = self.path(source, month, suffix)
        if isinstance(rows, list) and suffix != ".parquet":
            plain = path.with_suffix("") if path.suffix == ".gz" else path
            with plain.open("w", newline="") as handle:
                if plain.suffix == ".csv":
                    table = csv.DictWriter(handle, columns, extrasaction="ignore", lineterminator="\n")
                    table.writeheader()
                    table.writerows(rows)
                else:
                    handle.writelines(
                        json.dumps(
                            {name: row[name] for name in columns if row.get(name) is not None},
                            ensure_ascii=False,
                            default=lambda value: value.item(),
                        )
                        + "\n"
                        for row in rows
                    )
            self.finish(plain, path)
            return
        frame = pd.DataFrame(rows, columns=columns).convert_dtypes()
        kinds = {name: "number" if pd.api.types.is_numeric_dtype(frame[name]) else "text" for name in columns}
        self.con.register("frame", frame.astype({name: "string" for name in columns if frame[name].isna().all()}))
        self.copy({name: (f'"{name}"', kinds[name]) for name in columns}, path)
        self.con.unregister("frame")

    def by_month(self, source: str, rows: list[dict], columns: list[str]) -> None:
        """Each row goes into the file of the month of its `_seen`, those before the first month into the first."""
        months: dict[str, list[dict]] = {month: [] for month in MONTHS}
        for row in sorted(rows, key=lambda row: str(row["_seen"])) if self.wants(source) else ():
            months.get(max(str(row["_seen"])[:7], MONTHS[0]), []).append(
                row
            )  # what is known only after the last month is in no file
        for month, known in months.items():
            self.rows(source, month, known, columns)


def json_line(columns: dict[str, tuple[str, str]]) -> str:
    """SQL of one JSON object per row, without the keys whose value is NULL."""
    parts = []
    for name, (sql, kind) in columns.items():
        value = f"strftime({sql}, '%Y-%m-%dT%H:%M:%S.%fZ')" if sql.startswith("make_timestamp") else f"({sql})"
        if "then make_timestamp" in sql:
            value = f"strftime(({sql}), '%Y-%m-%dT%H:%M:%S.%fZ')"
        quoted = {
            "text": f"""'"' || replace(cast({value} as varchar), '"', '\\"') || '"'""",
            "number": f"cast({value} as varchar)",
            "json": value,
        }[kind]
        parts.append(f"""'"{name}":' || {quoted}""")
    return "'{' || concat_ws(',', " + ", ".join(parts) + ") || '}'"
