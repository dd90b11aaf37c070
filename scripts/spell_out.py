"""Write out what dbt, the metrics and Superset want spelled out of the lists in dbt_project.yml.

    python scripts/spell_out.py

To run after a component of cost was added to var cost_components, or a dimension to var logged_dimensions. Writes what
the new one does not have yet, as an old one of its kind has it, and prints the files: columns with their descriptions,
metrics, its name in the lists of names. What stands there is left as it is.
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
    """Write a name out wherever the example is and it is not; the files changed."""
    files = [file for folder in ("models", "seeds", "scripts") for file in (PROJECT / folder).rglob("*.yml")]
    files += [PROJECT / "models" / "docs" / file for file in ("columns.md", "metrics.md")]
    changed = []
    for file in sorted(files):
        before = file.read_text(encoding="utf-8")
        if example.only_with not in before:
            continue
        after = example.places.sub(lambda place: _like(place, example, name, label) + place[0], before)
        if after != before:
            file.write_text(after, encoding="utf-8")
            changed.append(file)
    return changed


def _like(place: re.Match[str], example: Example, name: str, label: str) -> str:
    """What the new name gets before such a place of a text; nothing where it has that."""
    found = place[0]
    rest = re.match(r"\w*", found.partition(example.name)[2])[0]
    begins = found[: found.index(example.name)] + name + rest
    if re.search(re.escape(begins) + r"\b", place.string):
        return ""
    return example.words.sub(label, found).replace(example.name, name) + " " * (not found.endswith("\n"))


def main() -> int:
    """Write every component that is shared out of bills, and every logged dimension, out; the exit code."""
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    new = [
        (COMPONENT, name, component["label"])
        for name, component in settings["cost_components"].items()
        if component["source"] == "bills"
    ]
    seam = (PROJECT / "models/intermediate/calls/int_calls_landed.yml").read_text(encoding="utf-8")
    new += [
        (DIMENSION, name, name.capitalize().replace("_", " "))
        for name in settings["logged_dimensions"]
        if f"- name: {name}\n" not in seam
    ]
    for example, name, label in new:
        for file in write_out(example, name, label):
            print(f"{file.relative_to(PROJECT)}: {name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
