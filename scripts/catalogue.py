"""Write the catalogue: every mart, model, source, macro, analysis and exposure with its lineage, as one offline page.

    python scripts/catalogue.py [--out FILE]

FILE is the page (default: catalogue.html in env PUBLISHED_PATH). It is dbt's own documentation site with what dbt knows
of the project put inside, escaped, and without what only this machine knows (paths, users, the environment). Types are
those of the contracts: no warehouse is opened, so a build may run meanwhile, and there need not be one.

Exit code: 0 written (the path is printed), 2 the project cannot be read.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from pathlib import Path
from typing import Any

from dbt.cli.main import dbtRunner
from dbt.task.docs import DOCS_INDEX_FILE_PATH

from publishing.folder import FILE_MODE

PROJECT = Path(__file__).resolve().parents[1]
PAGE_NAME = "catalogue.html"
PACKAGE = "ai_unit_economics"
# Compiled SQL too: that of the hooks names files by their whole path.
OF_THIS_MACHINE = {
    "root_path",
    "build_path",
    "compiled_path",
    "compiled_code",
    "created_at",
    "env",
    "user_id",
    "invocation_id",
}
# What the site would ask for beside itself: an attribute of a template before it is filled in, an icon never packed.
ASKED_FOR = (
    ('xlink:href="{{', 'ng-attr-xlink:href="{{'),
    ("""<link rel="shortcut icon" href="${require('./assets/favicons/favicon.ico')}"/>""", ""),
)
TITLE = ("<title>dbt Docs</title>", "<title>ai_unit_economics: catalogue</title>")


class UnreadProject(Exception):
    """dbt could not read the project."""


def without_machine(value: Any) -> Any:  # noqa: ANN401
    """A part of the manifest without the members that only this machine knows."""
    if isinstance(value, dict):
        return {key: without_machine(member) for key, member in value.items() if key not in OF_THIS_MACHINE}
    return [without_machine(member) for member in value] if isinstance(value, list) else value


def manifest_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """What the site reads of a manifest: this project, without the macros that come with dbt."""
    macros = {key: macro for key, macro in manifest["macros"].items() if macro["package_name"] == PACKAGE}
    return without_machine(manifest | {"macros": macros})


def catalog_of(manifest: dict[str, Any]) -> dict[str, Any]:
    """Tables and their columns as dbt's catalog has them, from the types that are written down."""

    def table(node: dict[str, Any]) -> dict[str, Any]:
        names = {name: node.get(name) for name in ("database", "schema", "name")}
        kind = "view" if node.get("config", {}).get("materialized") == "view" else "table"
        columns = {
            name: {"name": name, "type": column.get("data_type") or "", "index": place, "comment": None}
            for place, (name, column) in enumerate(node["columns"].items(), start=1)
        }
        return {
            "unique_id": node["unique_id"],
            "metadata": names | {"type": kind, "comment": None, "owner": None},
            "columns": columns,
            "stats": {},
        }

    kept = ("model", "seed")
    return {
        "metadata": {"generated_at": manifest["metadata"]["generated_at"]},
        "nodes": {key: table(node) for key, node in manifest["nodes"].items() if node["resource_type"] in kept},
        "sources": {key: table(node) for key, node in manifest["sources"].items()},
        "errors": None,
    }


def embedded(value: Any) -> str:  # noqa: ANN401
    """JSON that can stand in a script element: no `<` can end it."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def page(manifest: dict[str, Any]) -> str:
    """The page of a manifest, as dbt wrote it."""
    html = Path(DOCS_INDEX_FILE_PATH).read_text(encoding="utf-8")
    for written, meant in (*ASKED_FOR, TITLE):
        html = html.replace(written, meant)
    for name, value in (("MANIFEST", manifest_of(manifest)), ("CATALOG", catalog_of(manifest))):
        place = f'"{name}.JSON INLINE DATA"'
        if html.count(place) != 1:
            raise UnreadProject(f"dbt's page has no place for {place}")
        html = html.replace(place, embedded(value))
    return html


def read_project() -> dict[str, Any]:
    """What dbt knows of the project."""
    folder = Path(os.environ.get("DBT_TARGET_PATH", PROJECT / "target"))
    paths = ["--project-dir", str(PROJECT), "--profiles-dir", os.environ.get("DBT_PROFILES_DIR", str(PROJECT))]
    done = dbtRunner().invoke(["--quiet", "parse", *paths, "--target-path", str(folder)])
    if not done.success:
        raise UnreadProject(f"dbt could not read the project: {done.exception}")
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))


def write(out: Path, text: str) -> None:
    """Write the page aside and swap it in: whoever has the old one keeps it."""
    out.parent.mkdir(parents=True, exist_ok=True)
    aside = out.with_name(f".{out.name}.tmp")
    try:
        aside.write_text(text, encoding="utf-8")
        aside.chmod(FILE_MODE)
        aside.replace(out)
    finally:
        aside.unlink(missing_ok=True)


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and write the catalogue; the exit code."""
    parser = argparse.ArgumentParser(description="Write the catalogue as one offline page.")
    parser.add_argument(
        "--out",
        type=Path,
        default=Path(os.environ.get("PUBLISHED_PATH", "warehouse/published")) / PAGE_NAME,
        help=f"the page (default: {PAGE_NAME} in env PUBLISHED_PATH)",
    )
    options = parser.parse_args(arguments)
    try:
        write(options.out, page(read_project()))
    except (UnreadProject, OSError) as problem:
        print(f"catalogue.py: {problem}", file=sys.stderr)
        return 2
    print(options.out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
