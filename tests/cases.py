"""Lands and builds case folders and compares the marts with their hand-worked values.

    python tests/cases.py ../shared/cases/c-*        # prints every value that does not hold, then `N of M values hold`
    python tests/cases.py --together ../shared/cases/s-*        # the same in one build: a currency for each case

A case is a folder of `landing/<source>/…`, perhaps `seeds/*.csv` to put over those of seeds/reference, and
`expected.json`: a list of {mart, where, column, value, digits}. A list in `where` means any of its values; `column` is
a column, `sum:column`, `sum:a/b` or `count`; a value holds within half of the last of `digits` decimals.
"""

from __future__ import annotations

import argparse
import csv
import json
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import duckdb
from dbt_in_process import dbt

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
    """The project in a folder of its own, the case's seeds over its seeds; everything else is linked.

    Cases that are built one after the other share the folder: what dbt read of the project for one serves the next.
    """
    copy = folder / "project"
    copy.mkdir(exist_ok=True)
    for name in ("models", "macros", "tests", "analyses", "scripts", "dbt_project.yml", "profiles.yml"):
        if not (copy / name).is_symlink():
            (copy / name).symlink_to(PROJECT / name)
    shutil.rmtree(copy / "seeds", ignore_errors=True)
    shutil.copytree(PROJECT / "seeds", copy / "seeds")
    for seed in (case / "seeds").glob("*.csv"):
        shutil.copy(seed, copy / "seeds" / "reference" / seed.name)
    return copy


def build(case: Path, folder: Path, *arguments: str) -> Path:
    """Land and build a case in `folder`; the warehouse file. RuntimeError with dbt's output when the build fails."""
    copy = project_copy(folder, case)
    warehouse = folder / "build.duckdb"
    for old in folder.glob("build.duckdb*"):
        old.unlink()
    land = [sys.executable, "scripts/land.py", "--landing", str(case / "landing"), "--warehouse", str(warehouse)]
    done = subprocess.run(land, cwd=copy, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(f"{case.name}: land.py exited {done.returncode}\n{done.stdout[-4000:]}{done.stderr[-2000:]}")
    dbt(copy, warehouse, folder / "target", *(arguments or ("build",)))
    return warehouse


def free_currencies() -> list[str]:
    """Currencies of two decimals that no case uses."""
    rows = csv.DictReader((PROJECT / "seeds/reference/currency_exponents.csv").read_text(encoding="utf-8").splitlines())
    used = {"USD", "EUR", "UGX", "ISK", "HUF"}
    return [row["currency"] for row in rows if row["exponent"] == "2" and row["currency"] not in used]


def renamed(text: str, currencies: dict[str, str]) -> str:
    """A CSV file's text with its column `currency` renamed."""
    rows = list(csv.reader(text.splitlines()))
    if rows and "currency" in rows[0]:
        at = rows[0].index("currency")
        for row in rows[1:]:
            row[at] = currencies.get(row[at].upper(), row[at])
    return "\n".join(",".join(quoted(cell) for cell in row) for row in rows) + "\n"


def quoted(cell: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if set(cell) & set(',"') else cell


def join_cases(cases: list[Path], folder: Path) -> dict[str, list[dict]]:
    """All cases as one case in `folder`, each in currencies of its own; what each expects there, by its name.

    One US dollar is one unit of a case's currency on every day; euros of a case keep its own rates.
    """
    codes, expected, rates = iter(free_currencies()), {}, ["rate_date,currency,usd_per_unit"]
    for case in cases:
        currencies = {"USD": next(codes), "EUR": next(codes)}
        for file in sorted((case / "landing").rglob("*.csv")):
            target = folder / "landing" / file.parent.name / f"{case.name}.csv"
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(renamed(file.read_text(encoding="utf-8"), currencies), encoding="utf-8")
        days = (date(2024, 6, 1) + timedelta(days=5 * step) for step in range(160))
        rates += [f"{day},{currencies['USD']},1" for day in days]
        expected[case.name] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
        for asked in expected[case.name]:
            if asked["where"].get("currency") in currencies:
                asked["where"]["currency"] = currencies[asked["where"]["currency"]]
    (folder / "landing" / "fx_rates").mkdir(parents=True, exist_ok=True)
    (folder / "landing" / "fx_rates" / "rates.csv").write_text("\n".join(rates) + "\n", encoding="utf-8")
    return expected


def put_side_by_side(cases: list[Path], folder: Path) -> dict[str, list[dict]]:
    """All cases as one case in `folder`, for cases whose customers, calls and seeds do not meet; what each expects."""
    expected = {}
    for case in cases:
        for file in (path for path in sorted((case / "landing").rglob("*")) if path.is_file()):
            target = folder / "landing" / file.parent.name / f"{case.name}-{file.name}"
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(file, target)
        if (case / "seeds").is_dir():
            shutil.copytree(case / "seeds", folder / "seeds", dirs_exist_ok=True)
        expected[case.name] = json.loads((case / "expected.json").read_text(encoding="utf-8"))
    return expected


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


def marts_alone(expected: dict[str, list[dict]]) -> tuple[str, ...]:
    """dbt's arguments that build the marts the cases ask for and what they are made of, without a test."""
    marts = sorted({asked["mart"] for one in expected.values() for asked in one})
    return (
        "build",
        "--exclude",
        "resource_type:test",
        "resource_type:unit_test",
        "--select",
        *(f"+{m}" for m in marts),
    )


def built_misses(case: Path, expected: dict[str, list[dict]], folder: Path, arguments: tuple[str, ...]) -> list[Miss]:
    """Land and build one folder and compare it with what the cases in it expect. RuntimeError when the build fails."""
    warehouse = build(case.resolve(), folder, *arguments)
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        return [miss for name, asked in expected.items() for miss in compare(name, connection, asked)]


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("cases", nargs="+", type=Path)
    parser.add_argument("--run", action="store_true", help="the marts that are asked for alone, without the data tests")
    parser.add_argument("--together", action="store_true", help="one build of all cases, each in its own currency")
    options = parser.parse_args()
    cases = [case for case in options.cases if (case / "expected.json").is_file()]
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if options.together:
            builds = [(folder / "together", join_cases(cases, folder / "together"))]
        else:
            read = ((case, (case / "expected.json").read_text(encoding="utf-8")) for case in cases)
            builds = [(case, {case.name: json.loads(text)}) for case, text in read]
        held = total = 0
        for case, expected in builds:
            total += sum(map(len, expected.values()))
            try:
                misses = built_misses(case, expected, folder, marts_alone(expected) if options.run else ("build",))
            except RuntimeError as error:
                print(error)
                continue
            held += sum(map(len, expected.values())) - len(misses)
            for name, asked in expected.items():
                mine = [miss for miss in misses if miss.case == name]
                print(f"{name}: {len(asked) - len(mine)} of {len(asked)}", *mine, sep="\n    ", flush=True)
    print(f"{held} of {total} values hold")
    return held != total


if __name__ == "__main__":
    sys.exit(main())
