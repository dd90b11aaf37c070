"""Lands and builds case folders and compares the marts with their hand-worked values.

    python tests/cases.py ../shared/cases/c-*        # prints every value that does not hold, then `N of M values hold`

A case is a folder of `landing/<source>/…`, perhaps `seeds/*.csv` to put over those of seeds/reference, and
`expected.json`: a list of {mart, where, column, value, digits}. A list in `where` means any of its values; `column` is a
column, `sum:column`, `sum:a/b` or `count`; a value holds within half of the last of `digits` decimals.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

import duckdb

PROJECT = Path(__file__).resolve().parents[1]
# Facts of many rows a day: a plain column is summed.
SUMMED = {"fct_revenue_daily", "fct_usage_daily"}


@dataclass
class Miss:
    """A value that does not hold."""

    case: str
    asked: dict
    found: str

    def __str__(self) -> str:
        where = ", ".join(f"{key}={value}" for key, value in self.asked["where"].items())
        asked = f"{self.asked['mart']}.{self.asked['column']} ({where[:160]})"
        return f"{self.case}: {asked}: {self.asked['value']} expected, {self.found} found"


def project_copy(folder: Path, case: Path) -> Path:
    """The project in a folder of its own, the case's seeds over its seeds; everything else is linked."""
    copy = folder / "project"
    copy.mkdir()
    for name in ("models", "macros", "tests", "analyses", "scripts", "dbt_project.yml", "profiles.yml"):
        (copy / name).symlink_to(PROJECT / name)
    shutil.copytree(PROJECT / "seeds", copy / "seeds")
    for seed in (case / "seeds").glob("*.csv"):
        shutil.copy(seed, copy / "seeds" / "reference" / seed.name)
    return copy


def build(case: Path, folder: Path, *arguments: str) -> Path:
    """Land and build a case in `folder`; the warehouse file. RuntimeError with dbt's output when the build fails."""
    copy = project_copy(folder, case)
    warehouse = folder / "build.duckdb"
    environment = os.environ | {
        "WAREHOUSE_PATH": str(warehouse),
        "DBT_PROFILES_DIR": str(copy),
        "DBT_TARGET_PATH": str(folder / "target"),
        "DBT_LOG_PATH": str(folder / "logs"),
    }
    land = [sys.executable, "scripts/land.py", "--landing", str(case / "landing"), "--warehouse", str(warehouse)]
    dbt = str(Path(sys.executable).parent / "dbt")
    for command in (land, [dbt, *(arguments or ("build",))]):
        done = subprocess.run(command, cwd=copy, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise RuntimeError(
                f"{case.name}: {command[:3]} exited {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
            )
    return warehouse


def expression(asked: dict) -> str:
    """The SQL of an expected value's column."""
    column = asked["column"]
    if column == "count":
        return "count(*)"
    if column.startswith("sum:"):
        names = [f'sum("{name}")' for name in column.removeprefix("sum:").split("/")]
        return names[0] if len(names) == 1 else f"cast({names[0]} as double) / nullif(cast({names[1]} as double), 0)"
    return f'sum("{column}")' if asked["mart"] in SUMMED else f'"{column}"'


def holds(value: str | bool | None, found: object, digits: int) -> bool:
    """Whether what was found is the expected value, to half of its last digit."""
    if value is None or found is None:
        return value is found
    try:
        wanted, got = Decimal(str(value)), Decimal(str(found))
    except ArithmeticError:
        return str(value).lower() == str(found).lower()
    return abs(wanted - got) <= Decimal("0.5") * Decimal(10) ** -digits


def compare(case: str, connection: duckdb.DuckDBPyConnection, expected: list[dict]) -> list[Miss]:
    """The expected values of a case that the marts do not hold."""
    misses = []
    for asked in expected:
        clauses, values = [], []
        for name, value in asked["where"].items():
            any_of = value if isinstance(value, list) else [value]
            clauses.append(f'cast("{name}" as varchar) in ({", ".join("?" * len(any_of))})')
            values += [str(one).lower() if isinstance(one, bool) else str(one) for one in any_of]
        sql = f"select {expression(asked)} from marts.{asked['mart']} where {' and '.join(clauses) or 'true'}"
        try:
            rows = connection.execute(sql, values).fetchall()
        except duckdb.Error as error:
            misses.append(Miss(case, asked, str(error).splitlines()[0]))
            continue
        if len(rows) > 1 or (not rows and asked["value"] is not None):
            misses.append(Miss(case, asked, f"{len(rows)} rows"))
        elif rows and not holds(asked["value"], rows[0][0], asked.get("digits", 0)):
            misses.append(Miss(case, asked, str(rows[0][0])))
    return misses


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--run", action="store_true", help="seeds and models only, without the data tests")
    options = parser.parse_args()
    held = total = 0
    for case in options.cases:
        if not (case / "expected.json").is_file():
            continue
        expected = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        total += len(expected)
        with tempfile.TemporaryDirectory() as folder:
            arguments = ("build", "--exclude", "test_type:data", "test_type:unit") if options.run else ("build",)
            try:
                warehouse = build(case.resolve(), Path(folder), *arguments)
            except RuntimeError as error:
                print(error)
                continue
            with duckdb.connect(str(warehouse), read_only=True) as connection:
                misses = compare(case.name, connection, expected)
        held += len(expected) - len(misses)
        print(f"{case.name}: {len(expected) - len(misses)} of {len(expected)}", *misses, sep="\n    ", flush=True)
    print(f"{held} of {total} values hold")
    return held != total


if __name__ == "__main__":
    sys.exit(main())
