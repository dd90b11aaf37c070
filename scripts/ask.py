"""Ask the published file: a SQL prompt on it, one answer of analyses/published, or one query.

    python scripts/ask.py [--published DIR] [--file FILE | --query SQL] [--set NAME=VALUE …] [--format csv]

Without a file or query it opens the DuckDB command line, read-only, with the marts and what each is in view; SQL piped
to it is run. DIR is the folder of the release (default: env PUBLISHED_PATH). FILE may be the name of an answer alone.
`--set` gives a parameter of the answers (month=2026-09-01), in the prompt too. Names need no `marts.` before them;
`from columns_of('cost_per_inference')` lists the columns of a mart and what they mean.

Readers hold no lock that a build waits for, and keep the release they opened.

Exit code: that of the command line; 2 when there is nothing published, no such answer, or no DuckDB command line.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
from pathlib import Path

import duckdb
from rich import box
from rich.console import Console
from rich.table import Table

from publishing.folder import FILE_NAME

PROJECT = Path(__file__).resolve().parents[1]
ANSWERS = PROJECT / "analyses" / "published"
FORMATS = ("box", "csv", "json", "markdown", "line")
PREPARED = (
    # Offline as everything else: no extension is fetched.
    "set autoinstall_known_extensions = false",
    "use marts",
    """create temp macro columns_of(mart) as table
        select column_name, data_type, comment from duckdb_columns()
        where schema_name = 'marts' and table_name = mart order by column_index""",
)


class CannotAsk(Exception):
    """There is nothing to ask, or nothing to ask with."""


def command_line() -> str:
    """The DuckDB command line: that of this environment, else one on the path."""
    beside = Path(sys.executable).parent
    found = shutil.which("duckdb", path=f"{beside}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise CannotAsk("no DuckDB command line: run `make env`")
    return found


def release(published: Path) -> Path:
    """The published file."""
    file = published / FILE_NAME
    if not file.is_file():
        raise CannotAsk(f"{file}: nothing published yet; run `make build`")
    return file


def answer(name: str) -> Path:
    """The file of an answer, by path or by name."""
    for file in (Path(name), ANSWERS / f"{Path(name).stem}.sql"):
        if file.is_file():
            return file
    known = "\n  ".join(sorted(path.stem for path in ANSWERS.glob("*.sql")))
    raise CannotAsk(f"{name}: no such file; the answers are\n  {known}")


def setting(text: str) -> str:
    """The statement that gives a parameter its value, from `name=value`."""
    name, is_given, value = text.partition("=")
    if not (is_given and name.isidentifier()):
        raise CannotAsk(f"{text}: a parameter is name=value, such as month=2026-09-01")
    quoted = value.replace("'", "''")
    return f"set variable {name} = '{quoted}'"


def show_marts(file: Path) -> None:
    """Print every mart with the first sentence of what it is."""
    with duckdb.connect(str(file), read_only=True) as connection:
        marts = connection.execute(
            """select table_name, coalesce(split_part(comment, '. ', 1), '') from duckdb_tables()
            where schema_name = 'marts' order by table_name"""
        ).fetchall()
        (as_of_date,) = connection.execute("select max(as_of_date) from _release").fetchone() or (None,)
    table = Table(box=box.SIMPLE, show_header=False, title=f"The marts, up to {as_of_date}", title_justify="left")
    table.add_column(no_wrap=True, style="bold")
    table.add_column()
    for name, comment in marts:
        table.add_row(name, comment)
    console = Console()
    console.print(table)
    console.print("columns of one:  from columns_of('cost_per_inference');", highlight=False)
    console.print(f"an answer:       .read {ANSWERS.relative_to(PROJECT)}/plans_of_the_day.sql", highlight=False)
    console.print("a parameter:     set variable month = '2026-09-01';      leave: .quit\n", highlight=False)


def command(options: argparse.Namespace) -> list[str]:
    """The command line's arguments."""
    file = release(options.published)
    asked = [command_line(), "-readonly"]
    # A prompt shows as much as fits the terminal; an answer is printed whole.
    if options.format or options.file or options.query:
        asked.append(f"-{options.format or FORMATS[0]}")
    for statement in (*PREPARED, *map(setting, options.set)):
        asked += ["-cmd", statement]
    if options.file:
        asked += ["-f", str(answer(options.file))]
    elif options.query:
        asked += ["-c", options.query]
    return [*asked, str(file)]


def main(arguments: list[str] | None = None) -> int:
    """Read the command line, and become DuckDB's."""
    parser = argparse.ArgumentParser(description="Ask the published file.")
    parser.add_argument(
        "--published",
        type=Path,
        default=Path(os.environ.get("PUBLISHED_PATH", "warehouse/published")),
        help="folder of the release (default: env PUBLISHED_PATH)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--file", help="an answer of analyses/published, or any file of SQL")
    what.add_argument("--query", help="SQL")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="a parameter of the answers")
    parser.add_argument("--format", choices=FORMATS, help="how rows are printed (default: box, whole)")
    options = parser.parse_args(arguments)
    try:
        asked = command(options)
        if not (options.file or options.query) and sys.stdin.isatty():
            show_marts(release(options.published))
    except (CannotAsk, duckdb.Error) as problem:
        print(f"ask.py: {problem}", file=sys.stderr)
        return 2
    sys.stdout.flush()
    os.execv(asked[0], asked)


if __name__ == "__main__":
    sys.exit(main())
