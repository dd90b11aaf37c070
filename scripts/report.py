"""Write the page a founder and a CFO open every Monday: one offline HTML file over the published marts alone.

    python scripts/report.py [--published DIR] [--out FILE] [--pseudonymise]

DIR is the folder of the release (default: env PUBLISHED_PATH), FILE the page (default: report.html in it). The page
needs no network and no other file: charts are Vega-Lite, their library is inlined once. Everything that comes from data
is escaped. `--pseudonymise` puts stable pseudonyms for the customers' names and ids, so that the page can be shown
round.

The page is written aside and swapped in by one rename: whoever has the old one keeps it, a killed run leaves it.

Exit code: 0 written (the path is printed), 2 there is no release, or it cannot be read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from functools import cache
from pathlib import Path
from typing import Any

import altair
import duckdb
import jinja2
import vl_convert

from publishing.folder import FILE_MODE, PAGE_NAME
from reporting.page import page as page_of
from reporting.release import NoRelease, Release

PROJECT = Path(__file__).resolve().parents[1]
VEGA_LITE_VERSION = ".".join(altair.SCHEMA_VERSION.removeprefix("v").split(".")[:2])


def embedded(specification: dict[str, Any]) -> str:
    """A chart as JSON that can stand in a script element: no `<` can end it."""
    return json.dumps(specification, allow_nan=False).replace("<", "\\u003c")


@cache
def chart_library() -> str:
    """Vega, Vega-Lite and vega-embed as one script that can stand in a script element."""
    bundle = vl_convert.javascript_bundle("window.vegaEmbed = vegaEmbed;", vl_version=VEGA_LITE_VERSION)
    return bundle.replace("</script", "<\\/script").replace("<!--", "<\\!--")


def write_page(published: Path, out: Path, pseudonymise: bool) -> None:
    """Write the page of the release in `published` to `out`. NoRelease when there is none."""
    release = Release(published)
    try:
        if pseudonymise:
            release.hide_customers()
        page = page_of(release)
    finally:
        release.close()
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(PROJECT / "scripts" / "reporting"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    html = environment.get_template("page.html.j2").render(
        page=page, embedded=embedded, chart_library=chart_library if any(s.charts for s in page.sections) else None
    )
    out = out.resolve()  # the page of a release lies in the release's own folder
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.tmp")
    try:
        aside.write_text(html, encoding="utf-8")
        aside.chmod(FILE_MODE)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and write the page; the exit code."""
    parser = argparse.ArgumentParser(description="Write the page of the published release.")
    parser.add_argument(
        "--published",
        type=Path,
        default=Path(os.environ.get("PUBLISHED_PATH", "warehouse/published")),
        help="folder of the release (default: env PUBLISHED_PATH)",
    )
    parser.add_argument("--out", type=Path, help="the page (default: report.html in that folder)")
    parser.add_argument("--pseudonymise", action="store_true", help="stable pseudonyms for customers' names and ids")
    options = parser.parse_args(arguments)
    out = options.out or options.published / PAGE_NAME
    try:
        write_page(options.published, out, options.pseudonymise)
    except (NoRelease, OSError, ValueError, duckdb.Error) as problem:
        print(f"report.py: {problem}", file=sys.stderr)
        return 2
    print(out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
