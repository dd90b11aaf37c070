"""The catalogue: one page, offline, that holds every mart and every reader, and nothing of the machine that wrote it.

What would silently go wrong: a page that is blank without the network, a mart that a reader does not find, a path or a
name of whoever ran it in a file that is handed round. Skipped in a browser where there is no Chromium.
"""

import json
import re
import time

import pytest
from browser import CHROMIUM, SECONDS, Browser
from dbt_in_process import dbt, manifests

import catalogue

BEGINS = '{"metadata":{"dbt_schema_version"'
HOME = re.compile(r"/(?:home|root|Users|tmp)/\w")


@pytest.fixture(scope="module")
def manifest(warehouse):
    """What dbt knows of the project, as it writes it."""
    dbt(catalogue.PROJECT, warehouse.path, warehouse.folder.parent / "target", "parse")
    return json.loads(
        json.dumps(manifests[catalogue.PROJECT].writable_manifest().to_dict(omit_none=False), default=str)
    )


@pytest.fixture(scope="module")
def page(manifest, tmp_path_factory):
    file = tmp_path_factory.mktemp("catalogue") / "published" / "catalogue.html"
    catalogue.write(file, catalogue.page(manifest))
    return file


def marts(manifest):
    return {node["name"]: node for node in manifest["nodes"].values() if node["schema"] == "marts"}


def test_every_mart_and_reader_is_in_it_and_described(manifest, page):
    assert [path.name for path in page.parent.iterdir()] == ["catalogue.html"]
    text = page.read_text(encoding="utf-8")
    held, _ = json.JSONDecoder().raw_decode(text, text.index(BEGINS))
    assert len(marts(held)) == len(marts(manifest)) > 40
    assert held["exposures"].keys() == manifest["exposures"].keys() and len(held["exposures"]) >= 3
    assert all(node["description"] for node in (*marts(held).values(), *held["exposures"].values()))
    types = catalogue.catalog_of(manifest)["nodes"]
    untyped = [
        f"{name}.{column['name']}"
        for name, node in marts(held).items()
        for column in types[node["unique_id"]]["columns"].values()
        if not column["type"]
    ]
    assert untyped == []


def test_nothing_of_this_machine_is_in_it(manifest, page):
    seed = next(node for node in manifest["nodes"].values() if node["resource_type"] == "seed")
    assert seed["root_path"] == str(catalogue.PROJECT)  # it would be
    text = page.read_text(encoding="utf-8")
    assert text.count(str(catalogue.PROJECT)) == 0  # `not in` would explain itself over megabytes
    begins = text.index(BEGINS)
    _, ends = json.JSONDecoder().raw_decode(text, begins)
    assert HOME.findall(text[begins:ends]) == []
    private = {
        "metadata": {"env": {"TOKEN": "hunter2"}, "user_id": "ada", "generated_at": ""},
        "macros": {},
        "nodes": {},
    }
    assert json.dumps(catalogue.manifest_of(private)) == '{"metadata": {"generated_at": ""}, "macros": {}, "nodes": {}}'


def test_what_is_described_cannot_end_the_script():
    assert "<" not in catalogue.embedded({"description": "</script><b>x"})


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")
def test_it_opens_in_a_browser_and_asks_nobody(page):
    browser = Browser()

    def shown(where, text):
        browser.call("Page.navigate", url=page.as_uri() + where)
        end = time.monotonic() + SECONDS
        while text not in (browser.evaluate("document.body ? document.body.innerText : ''") or ""):
            assert time.monotonic() < end, f"{where} does not show {text}"
            time.sleep(0.1)

    try:
        shown("", "What an inference costs")
        shown("#!/model/model.ai_unit_economics.cost_per_inference", "What a delivered inference costs")
        shown("#!/exposure/exposure.ai_unit_economics.published_file", "every mart with its descriptions")
        shown("#!/analysis/analysis.ai_unit_economics.plans_of_the_day", "What does each plan bring in")
        assert browser.errors == []
        assert {url for url in browser.requests if not url.startswith("data:")} == {page.as_uri()}
    finally:
        browser.close()
