"""The semantic layer as it is written: every component of cost is in it, everything says what it is."""

from pathlib import Path

import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
FORMATS = {"usd", "percent", "count", "tokens", "multiple", "months", "points"}


@pytest.fixture(scope="module")
def pages():
    """What the files of models/semantic say, by name of the file."""
    files = sorted((PROJECT / "models" / "semantic").glob("*.yml"))
    return {path.stem: yaml.safe_load(path.read_text(encoding="utf-8")) for path in files}


@pytest.fixture(scope="module")
def metrics(pages):
    return [metric for page in pages.values() for metric in page.get("metrics", [])]


def test_every_component_of_cost_has_its_metrics(metrics):
    """A component that is added to the var but not here would be missing from nobody's sum, and from every question."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    components = list(project["vars"]["cost_components"])
    names = [metric["name"] for metric in metrics]
    for ending in ("_cost_usd", "_cpi_usd"):
        told = [name.removesuffix(ending) for name in names if name.endswith(ending)]
        assert [name for name in told if name in components] == components
    # cost_per_inference has one column of the kind per component, and so has the layer no other.
    assert [name for name in names if name.endswith("_cpi_usd")] == [f"{name}_cpi_usd" for name in components]


def test_everything_says_what_it_is(pages, metrics):
    models = [model for page in pages.values() for model in page.get("semantic_models", [])]
    parts = [
        part for model in models for kind in ("entities", "dimensions", "measures") for part in model.get(kind, [])
    ]
    queries = [query for page in pages.values() for query in page.get("saved_queries", [])]
    assert not [
        part["name"] for part in [*metrics, *parts, *queries] if not (part.get("label") and part.get("description"))
    ]
    assert not [model["name"] for model in models if not model.get("description")]
    measures = [measure for model in models for measure in model.get("measures", [])]
    assert {part["config"]["meta"]["format"] for part in [*metrics, *measures]} <= FORMATS


def test_a_file_holds_one_semantic_model_of_its_name(pages):
    held = {
        stem: [model["name"] for model in page["semantic_models"]]
        for stem, page in pages.items()
        if "semantic_models" in page
    }
    assert held == {stem: [stem] for stem in held}
    assert set(pages) - set(held) == {"margins", "scorecard"}
