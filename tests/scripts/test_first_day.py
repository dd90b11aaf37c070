"""The first day: logs alone, a week and a month that still run. What is known is shown so far, the rest is a checklist.

What would silently go wrong: eight tiles that say nothing though a cost is known, a verdict on half a week, a folder or
column in the checklist that landing does not know, a section that vanishes without a word, a terminal that says less.
"""

import csv
import re

import duckdb
import pytest
import small_release
from test_report import text_of

import land
import report
import summary
from reporting import first_steps, words
from reporting import page as pages
from reporting import release as releases
from reporting.parts import Section

THIN = words.THIN
SPEC = land.read_spec()
VALUES = {  # a value of each kind that landing reads
    "date": "2026-03-01",
    "ts": "2026-03-01T10:00:00Z",
    "int": "12",
    "money": "12.5",
    "decimal": "0.5",
    "cur": "USD",
}


def first_day():
    """The stories of a company whose first calls were made this week, and nothing else."""
    stories = small_release.stories()
    for row in stories["scorecard"]:
        row.update(current_value=None, previous_value=None, period_start_date=None, status="no_data")
        row.update(missing="time", action="none")
    week, month = small_release.RUNS_SINCE["week"], small_release.RUNS_SINCE["month"]
    running = {"week": week, "month": month}
    calls = [row for row in stories["cost_per_inference"] if row["period_start_date"] == running[row["period_grain"]]]
    features = [row | {"dimension": "feature", "dimension_value": "chat"} for row in calls]
    customers = [row | {"dimension": "customer", "dimension_value": "unattributed"} for row in calls]
    return {
        "scorecard": stories["scorecard"],
        "cost_per_inference": calls + features + customers,
        "prompt_efficiency_weekly": [
            row | {"is_complete": False}
            for row in stories["prompt_efficiency_weekly"]
            if row["period_start_date"] == week
        ],
        "weekly_unit_economics": [
            row | {"period_start_date": week, "is_complete": False, "this_week_value": None, "status": "no_data"}
            for row in stories["weekly_unit_economics"]
        ],
        "landed_rows_monthly": [
            {"source_name": name, "period_start_date": month, "outcome": outcome, "reason": "none", "row_count": rows}
            for name, outcome, rows in [
                ("inference_events", "landed", 8000),
                ("inference_events", "skipped", 7),
                ("ai_bills", "quarantined", 3),
            ]
        ],
    }


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return small_release.write(tmp_path_factory.mktemp("first_day"), first_day())


@pytest.fixture(scope="module")
def page(published):
    assert report.main(["--published", str(published)]) == 0
    return published / "report.html"


def sections_of(page):
    """The names of the sections of a page, in order."""
    return re.findall(r'<section id="([^"]+)"', page.read_text(encoding="utf-8"))


def test_a_period_that_runs_is_shown_as_such_and_not_judged(page):
    text = text_of(page)
    for said in (
        "No measure has a complete week or month yet. So far: Cost per inference",
        f"So far Cost per inference Week of 15 June 2026, so far 1.23{THIN}¢",
        "So far Prompt efficiency Week of 15 June 2026, so far 1,580 tokens",
        "Week of 15 June 2026, so far This week",
        f"So far one inference cost 1.23{THIN}¢ in June 2026",
    ):
        assert said in text
    assert not re.search(r"(On|Off) target|Watch", text)
    assert 'class="tile so_far"' in page.read_text(encoding="utf-8")


def test_what_has_no_data_is_one_checklist_on_top(published, page):
    text, sections = text_of(page), sections_of(page)
    assert sections[0] == "first-steps"
    assert "Calls to models : what an inference costs" in text
    assert "Landed: 8,000 rows of inference_events." in text
    assert "Feature, workflow and step of each call : what the money is spent on. Landed: feature." in text
    assert "; next: the customer of each call" in text
    assert "A file in landing/ai_bills/ with bill_id, provider, component, period_start, period_end, amount" in text
    assert "Missing:" not in text
    # Nothing vanishes: what is not shown waits, by name and with what it needs.
    release = releases.Release(published)
    waiting = [part for part in pages.everything(release).sections if part.missing]
    release.close()
    assert len(waiting) > 6
    for section in waiting:
        assert section.name not in sections
        assert f"{section.title} : {section.missing}".replace("'", "&#39;") in text
    assert text.count("No data") == 2  # lines of the week; no tile


def test_the_demo_companys_page_has_no_checklist(tmp_path):
    folder = small_release.write(tmp_path, small_release.stories())
    assert report.main(["--published", str(folder)]) == 0
    assert "first-steps" not in sections_of(folder / "report.html")


def test_a_company_that_lacks_one_thing_reads_that_at_the_end(tmp_path):
    stories = small_release.stories()
    del stories["downgrade_tolerance"]
    folder = small_release.write(tmp_path, stories)
    assert report.main(["--published", str(folder)]) == 0
    sections = sections_of(folder / "report.html")
    assert sections[-2:] == ["first-steps", "trust"]
    assert "downgrade-tolerance" not in sections
    assert "No task was scored on two models yet" in text_of(folder / "report.html")
    # The neighbour of what folded does not stand beside an empty half.
    assert '<section id="workflow-steps" class="wide">' in (folder / "report.html").read_text(encoding="utf-8")


def test_where_all_is_landed_only_what_waits_is_listed():
    landed = {name: 1 for kind in first_steps.kinds() for name in kind.get("sources", kind.get("keys"))}
    waits = Section("x", "Does it pay?", missing="a month")
    section = first_steps.checklist(landed, [waits])
    assert (section.title, section.steps) == ("All kinds of data are landed; what still waits", [])
    assert [(line.heading, line.text) for line in section.waiting] == [("Does it pay?", "a month")]


def test_calls_of_a_source_that_the_checklist_does_not_name_are_calls():
    [calls, *_] = first_steps.steps({"all": None})
    assert (calls.shape, calls.how) == (first_steps.DONE, "Landed: by another source.")
    [calls, *_] = first_steps.steps({"all": None, "inference_events": 2})
    assert calls.how == "Landed: 2 rows of inference_events."
    assert first_steps.steps({})[0].shape == first_steps.OPEN


def test_a_section_that_failed_stays_in_sight(published, monkeypatch):
    def fails(_):
        raise ValueError

    monkeypatch.setattr(pages, "cpi_bridge", fails)
    release = releases.Release(published)
    shown = {section.name: section.missing for section in pages.page(release).sections}
    release.close()
    assert shown["cpi-bridge"].startswith(pages.UNDRAWN)


def test_the_terminal_says_the_same(published):
    release = releases.Release(published)
    steps = first_steps.steps(first_steps.landed_kinds(release))
    table, advice = summary.scorecard(release.connection)
    release.close()
    cells = {column.header: list(column.cells) for column in table.columns}
    assert (cells["value"][0], cells["status"][0]) == (f"1.23{THIN}¢", "\N{CIRCLE WITH LEFT HALF BLACK} so far")
    assert cells["from"][0] == "2026-06-15"
    assert cells["status"][1] == "\N{WHITE CIRCLE} no data"
    assert "Gross margin: missing time." in advice
    assert not any(line.startswith("Cost per inference") for line in advice)
    for step in steps:
        assert f"{step.shape} {step.heading}: {step.text} {step.how}" in advice


def test_the_terminal_of_a_settled_company_has_no_checklist(tmp_path):
    folder = small_release.write(tmp_path, small_release.stories())
    release = releases.Release(folder)
    _, advice = summary.scorecard(release.connection)
    release.close()
    assert "What to land next" not in advice


@pytest.mark.parametrize("kind", first_steps.kinds(), ids=lambda kind: kind["kind"])
def test_the_columns_named_are_enough(kind, tmp_path):
    """A CSV file with these columns alone lands whole; with the columns of a call where the kind is a name on calls."""
    for source in kind.get("sources", []):
        assert SPEC[source].landed, source
    calls = [] if "sources" in kind else first_steps.kinds()[0]["columns"]
    columns = {column.name: column for column in SPEC[kind["folder"]].columns}
    names = [*calls, *kind["columns"]]
    path = tmp_path / "landing" / kind["folder"] / "file.csv"
    path.parent.mkdir(parents=True)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(names)
        writer.writerow([(*columns[name].values, VALUES.get(columns[name].kind, "x"))[0] for name in names])
    assert land.land(tmp_path / "landing", tmp_path / "w.duckdb") == 0
    with duckdb.connect(str(tmp_path / "w.duckdb"), read_only=True) as connection:
        loads = connection.execute("select rows_landed, rows_quarantined from raw.loads").fetchall()
        filled = ", ".join(f'count("{name}")' for name in names)
        landed = connection.execute(f"select {filled} from raw.{kind['folder']}").fetchone()
    assert loads == [(1, 0)]
    assert set(landed) == {1}
