"""Write out what dbt, the metrics and Superset want spelled out of the lists in dbt_project.yml.

    python scripts/spell_out.py

To run after a component of cost was added to var cost_components, or a dimension to var logged_dimensions. One without
a column in fct_usage_daily is new: it gets what an old one of its kind has (columns with their descriptions, metrics,
its name in the lists of names), and the files are printed.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path

import yaml

PROJECT = Path(__file__).absolute().parents[1]


@dataclass(frozen=True)
class Example:
    """A name of a list: where it is spelled out a new one is, before it, in its words."""

    name: str
    words: re.Pattern[str]  # about the example, which are another's words for another
    places: re.Pattern[str]
    only_with: str = ""  # a text that files with such places have; others use the name for something else


COMPONENT = Example(
    "vector_db",
    re.compile("bills for vector databases, shared over retrieval calls|[Vv]ector databases?"),
    re.compile(
        r"^ +- (?:name: \w*vector_db_(?:cost|cpi)_usd\n(?:  +\w+: .*\n)*|\{name: vector_db_cost_usd.*\n)"
        r"|^\{% docs vector_db_cost_usd %\}\n(?:.*\n)*?\{% enddocs %\}\n\n"
        r"|^\| `vector_db_\w+` \|.*\n"
        # One of a list of names; not the component of a row.
        r"|(?<!: )\bvector_db(?:_cpi_usd)?,(?=\s)",
        re.M,
    ),
)
DIMENSION = Example(
    "team",
    re.compile(r"Our own team that owns the call|Team that made the calls|Team\b"),
    re.compile(
        r"^ +- name: team\n(?:  +\w+: .*\n)*"
        r"|^\{% docs team %\}\n(?:.*\n)*?\{% enddocs %\}\n\n"
        # In a key, among those cost_per_inference has, and of the metrics.
        r"|(?<=product_id, )team,(?=\s)|(?<=call_type, )team,(?=\s)|`usage__team`,(?=\s)",
        re.M,
    ),
    only_with="feature",
)


def write_out(example: Example, name: str, label: str) -> list[Path]:
    """Write a new name out wherever the example is; the files changed."""
    files = [file for folder in ("models", "seeds", "scripts") for file in (PROJECT / folder).rglob("*.yml")]
    files += [PROJECT / "models" / "docs" / file for file in ("columns.md", "metrics.md")]
    changed = []
    for file in sorted(files):
        before = file.read_text(encoding="utf-8")
        if example.only_with not in before:
            continue
        after = example.places.sub(lambda place: _like(place[0], example, name, label) + place[0], before)
        if after != before:
            file.write_text(after, encoding="utf-8")
            changed.append(file)
    return changed


def _like(place: str, example: Example, name: str, label: str) -> str:
    """What the new name gets before such a place of a text."""
    return example.words.sub(label, place).replace(example.name, name) + " " * (not place.endswith("\n"))


def columns(file: str, table: str) -> set[str]:
    """The columns that a file of models or sources lists of a table."""
    listed = yaml.safe_load((PROJECT / "models" / file).read_text(encoding="utf-8"))
    entries = listed.get("models") or [entry for source in listed["sources"] for entry in source["tables"]]
    return {column["name"] for entry in entries if entry["name"] == table for column in entry["columns"]}


def main() -> int:
    """Write every new component that is shared out of bills, and every new logged dimension, out; the exit code."""
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    usage = columns("core/fct_usage_daily.yml", "fct_usage_daily")
    log = columns("staging/canonical/_canonical__sources.yml", "inference_events")
    new = [
        (COMPONENT, name, component["label"])
        for name, component in settings["cost_components"].items()
        if component["source"] == "bills" and f"{name}_cost_usd" not in usage
    ]
    for name in settings["logged_dimensions"]:
        if name not in usage:
            if name in log or not re.fullmatch("[a-z][a-z0-9_]*", name):
                sys.exit(f"{name}: a dimension is a new column of inference_events, in lower case")
            new.append((DIMENSION, name, name.capitalize().replace("_", " ")))
    for example, name, label in new:
        for file in write_out(example, name, label):
            print(f"{file.relative_to(PROJECT)}: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
