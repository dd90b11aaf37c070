"""The components of AI cost as the project lists them: var cost_components of dbt_project.yml, the one list.

    python scripts/components.py

To run after one was added there: writes what dbt, the metrics and Superset want spelled out and do not have yet, and
prints the files: columns with their descriptions, metrics, the name among those a bill may have. What stands there is
left as it is.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import yaml

PROJECT = Path(__file__).absolute().parents[1]
# What this component has, a new one gets, before it: its bills are shared out, and every file that should names it.
LIKE = "vector_db"
WORDS = re.compile("bills for vector databases, shared over retrieval calls|[Vv]ector databases?")
PLACES = re.compile(
    "|".join(
        [
            # A column or a metric, in a block of lines or on one line.
            rf"^ +- (?:name: \w*{LIKE}_(?:cost|cpi)_usd\n(?:  +\w+: .*\n)*|\{{name: {LIKE}_cost_usd.*\n)",
            # A text about a column, a row of the list of metrics.
            rf"^\{{% docs {LIKE}_cost_usd %\}}\n(?:.*\n)*?\{{% enddocs %\}}\n\n",
            rf"^\| `{LIKE}_\w+` \|.*\n",
            # One of a list of names; not the component of a row.
            rf"(?<!: )\b{LIKE}(?:_cpi_usd)?,(?=\s)",
        ]
    ),
    re.M,
)


def cost_components() -> dict[str, dict[str, str]]:
    """Component, in the order they are shown, to its `source`, `label` (page) and `short` (terminal)."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"]["cost_components"]


def write_out(name: str, label: str) -> list[Path]:
    """Write a component out where it is not; the files changed."""
    files = [file for folder in ("models", "seeds", "scripts") for file in (PROJECT / folder).rglob("*.yml")]
    files += [PROJECT / "models" / "docs" / name for name in ("columns.md", "metrics.md")]
    changed = []
    for file in sorted(files):
        before = file.read_text(encoding="utf-8")
        after = PLACES.sub(lambda place: _like(place[0], name, label, place.string) + place[0], before)
        if after != before:
            file.write_text(after, encoding="utf-8")
            changed.append(file)
    return changed


def _like(place: str, name: str, label: str, text: str) -> str:
    """What the new component gets before such a place of a text; nothing where it has that."""
    begins = place[: place.index(LIKE)] + name + re.match(r"\w*", place.partition(LIKE)[2])[0]
    if re.search(re.escape(begins) + r"\b", text):
        return ""
    return WORDS.sub(label, place.replace(LIKE, name)) + " " * (not place.endswith("\n"))


def main() -> int:
    """Write every component that is shared out of bills out; the exit code."""
    for name, component in cost_components().items():
        if component["source"] == "bills":
            for file in write_out(name, component["label"]):
                print(f"{file.relative_to(PROJECT)}: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
