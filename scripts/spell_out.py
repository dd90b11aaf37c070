"""Write out what dbt, the metrics, Superset and the README want spelled out of what stands in one place.

    python scripts/spell_out.py

Takes no argument. To run after a component of cost was added to var cost_components, a dimension to var
logged_dimensions, or a mart to models/marts/. A component or dimension without a column in fct_usage_daily is new: it
gets what an old one of its kind has (columns with their descriptions, metrics, its name in the lists of names). A mart
gets its line in the exposure of what is published and its name in the README's table. The files are printed.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

NAME = re.compile("[a-z][a-z0-9_]*")
PROJECT = Path(__file__).absolute().parents[1]


@dataclass(frozen=True)
class Example:
    """A name of a list: where it is spelled out a new one is, before it, in its words."""

    name: str
    phrases: dict[str, str]  # about the example, a longer one before its parts, and what they are for a new one
    places: re.Pattern[str]
    only_with: str = ""  # a text that files with such places have; others use the name for something else


COMPONENT = Example(
    "vector_db",
    {
        "bills for vector databases, shared over retrieval calls": "bills for {in_text}, shared over {driver}",
        "Vector databases": "{label}",
        "Vector database": "{label}",
        "vector databases": "{in_text}",
        "vector database": "{in_text}",
    },
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
    {
        "Our own team that owns the call": "{label} of the call",
        "Team that made the calls": "{label} of the calls",
        "Team": "{label}",
    },
    re.compile(
        r"^ +- name: team\n(?:  +\w+: .*\n)*"
        r"|^\{% docs team %\}\n(?:.*\n)*?\{% enddocs %\}\n\n"
        # In a key, among those cost_per_inference has, and of the metrics: by what follows, for a new one comes before.
        r"|\bteam,(?= feature, use_case| provider, model, model_tier)|`usage__team`,(?=\s)",
        re.M,
    ),
    only_with="feature",
)
# What bills may be shared by, and how a sentence says it.
DRIVERS = {
    "gpu_seconds": "GPU-seconds",
    "tokens": "tokens",
    "calls": "calls",
    "retrievals": "retrieval calls",
    "inferences": "inferences",
}


def write_out(example: Example, name: str, words: dict[str, str]) -> list[Path]:
    """Write a new name out wherever the example is; the files changed."""
    said = {phrase: of_new.format(**words) for phrase, of_new in example.phrases.items()} | {example.name: name}
    files = [file for folder in ("models", "seeds", "scripts") for file in (PROJECT / folder).rglob("*.yml")]
    files += [PROJECT / "models" / "docs" / file for file in ("columns.md", "metrics.md")]
    changed = []
    for file in sorted(files):
        before = file.read_text(encoding="utf-8")
        if example.only_with not in before:
            continue
        after = example.places.sub(lambda place: _like(place[0], said) + place[0], before)
        if after != before:
            file.write_text(after, encoding="utf-8")
            changed.append(file)
    return changed


def _like(place: str, said: dict[str, str]) -> str:
    """What the new name gets before such a place of a text."""
    # In one pass: what is said of the new name may hold the example's.
    return re.sub("|".join(said), lambda phrase: said[phrase[0]], place) + " " * (not place.endswith("\n"))


def words_of(label: str, driver: str = "") -> dict[str, str]:
    """What the phrases of a new name are made of; in running text its label starts small, unless with an acronym."""
    in_text = label if label[1:2].isupper() else label[:1].lower() + label[1:]
    return {"label": label, "in_text": in_text, "driver": driver}


def words_of_component(name: str, component: dict[str, Any]) -> dict[str, str]:
    """The words of a new component; ends where its entry in the var does not do."""
    if not NAME.fullmatch(name) or name.endswith("_cost_usd"):
        sys.exit(
            f"{name}: a component is named in lower case, without _cost_usd: its columns are called {name}_cost_usd"
        )
    if component.get("source") != "bills":
        sys.exit(
            f"{name}: only components of source bills are spelled out; one priced from calls also needs its "
            "split in models/intermediate/usage/int_calls_split.sql"
        )
    missing = [word for word in ("label", "short") if word not in component]
    drivers = component.get("drivers") or ["inferences"]
    unknown = [driver for driver in drivers if driver not in DRIVERS]
    if missing or unknown:
        wrong = f"has no {' and no '.join(missing)}" if missing else f"is shared by {', '.join(unknown)}"
        sys.exit(f"{name}: {wrong}; it wants label, short and, of {', '.join(DRIVERS)}, its drivers")
    return words_of(component["label"], DRIVERS[drivers[0]])


def columns(file: str, table: str) -> set[str]:
    """The columns that a file of models or sources lists of a table."""
    listed = yaml.safe_load((PROJECT / "models" / file).read_text(encoding="utf-8"))
    entries = listed.get("models") or [entry for source in listed["sources"] for entry in source["tables"]]
    return {column["name"] for entry in entries if entry["name"] == table for column in entry["columns"]}


def list_marts() -> dict[Path, set[str]]:
    """List every new mart where all are listed, in the README by its folder; the files changed, with the names."""
    marts = {file.stem: file.parent.name for file in (PROJECT / "models" / "marts").glob("*/*.sql")}
    exposures, readme = PROJECT / "models" / "marts" / "_exposures.yml", PROJECT / "README.md"
    published = re.compile(r"(?<=depends_on: &marts\n)(?: +- ref\('\w+'\)\n)+")
    before = exposures.read_text(encoding="utf-8")
    listed = set(re.findall(r"\w+(?='\))", published.search(before)[0]))
    lines = "".join(f"      - ref('{name}')\n" for name in sorted(listed | set(marts)))
    exposures.write_text(published.sub(lines, before), encoding="utf-8")
    before = after = readme.read_text(encoding="utf-8")
    told = set(re.findall(r"(?<=`)\w+(?=`)", before))
    for name in sorted(set(marts) - told):
        area = marts[name].replace("_", " ")
        after = re.sub(rf"^(\| (?:\w+, )*{area}(?:, \w+)* \| .*) \|$", rf"\1, `{name}` |", after, count=1, flags=re.M)
    readme.write_text(after, encoding="utf-8")
    return {file: new for file, new in ((exposures, set(marts) - listed), (readme, set(marts) - told)) if new}


def main() -> int:
    """Write every new component that is shared out of bills, logged dimension and mart out; the exit code."""
    if sys.argv[1:]:
        sys.exit(__doc__)
    settings = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))["vars"]
    usage = columns("core/fct_usage_daily.yml", "fct_usage_daily")
    log = columns("staging/canonical/_canonical__sources.yml", "inference_events")
    new = []
    for name, component in settings["cost_components"].items():
        if f"{name}_cost_usd" not in usage:
            new.append((COMPONENT, name, words_of_component(name, component)))
    for name in settings["logged_dimensions"]:
        if name not in usage:
            if name in log or not NAME.fullmatch(name):
                sys.exit(f"{name}: a dimension is a new column of inference_events, in lower case")
            new.append((DIMENSION, name, words_of(name.capitalize().replace("_", " "))))
    for example, name, words in new:
        for file in write_out(example, name, words):
            print(f"{file.relative_to(PROJECT)}: {name}")
    for file, names in list_marts().items():
        print(f"{file.relative_to(PROJECT)}: {', '.join(sorted(names))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
