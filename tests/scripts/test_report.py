"""The page of a release, in a real browser: drawn whole, offline, readable on a phone and on paper, and honest.

What would silently go wrong: a name that breaks out of its place, a chart that is not drawn, a page that asks the
network, a customer named on a page that promised pseudonyms, an empty mart that shows as 0.
Skipped where there is no Chromium; what needs no browser is tested anyway.
"""

import os
import re
from argparse import Namespace

import pytest
import small_release
import yaml
from browser import CHROMIUM, Browser

import publish
import report
import run
from reporting import charts, words
from reporting import page as pages
from reporting import release as releases

in_browser = pytest.mark.skipif(CHROMIUM is None, reason="no Chromium: apt-get install chromium")


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    return small_release.write(tmp_path_factory.mktemp("release"), small_release.stories())


@pytest.fixture(scope="module")
def page(published):
    assert report.main(["--published", str(published)]) == 0
    return published / "report.html"


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    folder = small_release.write(tmp_path_factory.mktemp("empty"), {})
    assert report.main(["--published", str(folder)]) == 0
    return folder / "report.html"


@pytest.fixture(scope="module")
def settled(tmp_path_factory):
    """A page on which nothing runs, nothing is forecast and all evidence counts: whole layers of charts are empty."""
    stories = small_release.stories()
    rows = [row for rows in stories.values() for row in rows]
    for row in rows:
        row.update({flag: flag == "is_complete" for flag in ("is_complete", "is_stale") if flag in row})
    stories["inference_efficiency_monthly"] = [
        row for row in stories["inference_efficiency_monthly"] if not row["is_forecast"]
    ]
    folder = small_release.write(tmp_path_factory.mktemp("settled"), stories)
    assert report.main(["--published", str(folder)]) == 0
    return folder / "report.html"


def without(frame, columns, one_a_row):
    """The frame with nulls in these columns: in every row, or in one row each."""
    holed = frame.copy()
    for place, name in enumerate(columns):
        rows = [row == place % len(holed) or not one_a_row for row in range(len(holed))]
        holed[name] = holed[name].astype({"i": "float", "b": "boolean"}.get(holed[name].dtype.kind, holed[name].dtype))
        holed.loc[rows, name] = None
    return releases.filled(holed)


@pytest.mark.parametrize("one_a_row", [False, True])
@pytest.mark.parametrize("with_keys", [False, True])
def test_a_page_is_written_whatever_is_null(published, monkeypatch, one_a_row, with_keys):
    """Every frame in turn with nulls, the others without a row. A null key no mart has; it costs its part at most."""
    release = releases.Release(published)
    names = sorted(path.stem for path in releases.QUERIES.glob("*.sql") if path.stem not in ("page_dates", "customers"))
    whole = {name: release.frame(name) for name in names}
    for holed in (name for name in names if name != "release" and len(whole[name])):
        frames = {name: frame if name == "release" else frame.head(0) for name, frame in whole.items()}
        kinds = whole[holed].dtypes.map(lambda kind: kind.kind)
        columns = kinds.index if with_keys else kinds[kinds.isin(list("biuf"))].index
        frames[holed] = without(whole[holed], columns, one_a_row)
        monkeypatch.setattr(release, "frame", lambda name, frames=frames: frames[name].copy())
        undrawn = [section.name for section in pages.page(release).sections if pages.UNDRAWN in section.missing]
        assert with_keys or not undrawn, holed
    release.close()


@pytest.fixture(scope="module")
def browser():
    running = Browser()
    yield running
    running.close()


@in_browser
@pytest.mark.parametrize(("which", "width"), [("page", 400), ("page", 1400), ("settled", 1400)])
def test_the_page_is_drawn_offline_without_an_error(request, browser, which, width):
    page = request.getfixturevalue(which)
    browser.open(page, width)
    undrawn = browser.evaluate(
        """[...document.querySelectorAll('.chart')].filter(chart =>
            ![...chart.querySelectorAll('g[class*="role-mark"] path')].some(mark => mark.getBBox().width > 0)
        ).map(chart => chart.id)"""
    )
    assert browser.evaluate("document.querySelectorAll('.chart').length") == 11
    assert undrawn == []
    assert browser.errors == []
    assert set(browser.requests) == {page.as_uri()}


@in_browser
@pytest.mark.parametrize("width", [400, 1400])
@pytest.mark.parametrize("which", ["page", "empty"])
def test_the_page_does_not_scroll_sideways(request, browser, which, width):
    browser.open(request.getfixturevalue(which), width)
    assert browser.evaluate("document.scrollingElement.scrollWidth") <= width
    # A chart is as wide as its place, its words are inside it.
    outside = browser.evaluate(
        """[...document.querySelectorAll('.chart svg')].filter(svg => {
            const box = svg.getBoundingClientRect(), place = svg.closest('.chart').getBoundingClientRect();
            return box.right > place.right + 1 || [...svg.querySelectorAll('text')].some(text => {
                const words = text.getBoundingClientRect();
                return words.right > box.right + 2 || words.left < box.left - 2;
            });
        }).map(svg => svg.closest('.chart').id)"""
    )
    assert outside == []


@in_browser
def test_a_hostile_name_stays_text(page, browser):
    browser.open(page, 1400)
    cells = browser.evaluate("[...document.querySelectorAll('#customer-margins td')].map(cell => cell.textContent)")
    assert small_release.HOSTILE in cells
    assert (
        browser.evaluate("[...document.querySelectorAll('b')].filter(b => b.textContent.startsWith('x')).length") == 0
    )
    # Once in the table, escaped for HTML; once in the chart's data, escaped for a script.
    text = page.read_text(encoding="utf-8")
    assert small_release.HOSTILE not in text
    assert "&lt;/script&gt;&lt;b&gt;x" in text
    assert "\\u003c/script>\\u003cb>x" in text


@in_browser
def test_charts_have_words_for_those_who_do_not_see_them(page, browser):
    browser.open(page, 1400)
    labels = browser.evaluate("[...document.querySelectorAll('.chart')].map(chart => chart.getAttribute('aria-label'))")
    assert len(labels) == 11
    assert all(label and len(label) > 40 for label in labels)
    assert browser.evaluate("document.documentElement.lang") == "en"
    assert browser.evaluate("[...document.querySelectorAll('section')].every(s => s.querySelector('.how').textContent)")


@in_browser
def test_the_page_prints_on_a_few_sheets(page, browser):
    browser.open(page, 1400)
    pdf = browser.pdf()
    assert 4 <= len(re.findall(rb"/Type\s*/Page\b", pdf)) <= 10
    # A4 in points, or a hair less.
    sheets = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", pdf)
    assert {(round(float(width) / 10), round(float(height) / 10)) for width, height in sheets} == {(59, 84)}
    # Charts were drawn for the paper and are back on the screen's width.
    assert browser.evaluate("document.body.className") == ""
    assert browser.evaluate("document.querySelector('#chart-cost-per-inference-1 svg').clientWidth") > 1000


def text_of(page):
    """The words of a page, without scripts and styles."""
    html = page.read_text(encoding="utf-8")
    html = re.sub(r"<(script|style|noscript)[^>]*>.*?</\1>", "", html, flags=re.DOTALL)
    return re.sub(r"[ \n]+", " ", re.sub(r"<[^>]+>", " ", html)).replace("&lt;", "<").replace("&gt;", ">")


def test_the_page_says_what_it_found(page):
    text = text_of(page)
    for finding in (
        "3 of 8 measures on target. Off target: Unit cost trend. Watch: Gross margin, Prompt efficiency. "
        "Undecided: Tolerance. No data: Data flywheel.",
        "One inference cost 1.23\N{NARROW NO-BREAK SPACE}¢ in May 2026",
        "One inference cost 0.020\N{NARROW NO-BREAK SPACE}¢ less in May 2026 than the month before, mostly: prices of "
        "tokens (\N{MINUS SIGN}0.100\N{NARROW NO-BREAK SPACE}¢)",
        "3 of 13 paying customers lost money in May 2026: \N{MINUS SIGN}$1,010",
        "1 of 3 steps makes 79\N{NARROW NO-BREAK SPACE}% of the AI spend of May 2026",
        "Of $100.00 billed for May 2026 our calls carry $98.00; $2.00 no call explains",
        "those who stayed $625.00: 125.0 times as much",
        "May 2026 late events 14 3.50",
        "80\N{NARROW NO-BREAK SPACE}% of the evaluated traffic can move to a cheaper model, saving $100.00 a month",
        "$3,724 a month can be saved, $1,862 at least. First: cache the prompts of Quillfeather Ltd export, place 1",
        "place 1. low 7 calls of the 28 days 1,200.00 600.00 1,300.00",
        "In USD a month; 2 more save $209.09",
        "Levers that found nothing Lever Why it saves nothing Fine tuning No fine_tuning.",
        "1 more lever would save only what those above already do.",
        "June 2026: 1 customer above a hard limit, 1 customer about to pass one",
        "hard, expected 17 June 2026",
        "The limit of pro is too high: a customer may cost $18.00 a month and pays $7.00. $6.50 or 1,500,000 tokens",
        "January to March 2026: “Quillfeather Ltd leaves the large model” leaves $20.00 more, “Prices double” leaves "
        "$100.00 less",
        "As it was 100.00 400.00 75.0\N{NARROW NO-BREAK SPACE}% 4.0 1 \N{EN DASH}",
        "Prices double 200.00 400.00 50.0\N{NARROW NO-BREAK SPACE}% 3.2 2 1",
        "Quillfeather Ltd Prices double 300.00 200.00",
        "“Quota for nobody” holds a row that moves no dollar: nobody reaches it, or its scope costs nothing.",
        "“Typo” was not replayed: it names a lever nobody knows.",
        "1 single user and 1 feature used or cost many times the usual in the four weeks to 17 June 2026",
        "a user of Quillfeather Ltd inferences 120 4 30.0 120.00",
        "Week of 8 June 2026: 1 of 2 use cases uses more tokens than is usual (chat)",
        # The most urgent kinds first: a payer's revenue is more dollars, and no loss.
        "7 new findings need somebody A user of Quillfeather Ltd used far more than usual : "
        "120 inferences against 40 inferences, since 1 May 2026, $120.00 of cost Do: act on anomaly_user",
        "against $100.00, since 1 May 2026 Do: act on anomaly_feature",
        "pays, and no account stands for it : $9,000 of cost, since 1 May 2026 Do: act on unmatched_payer",
        "3 more new and 1 of earlier releases",
        "There is money to save : $80.00 of cost, at least $40.00 Do: act on savings_lever",
    ):
        assert finding in text


def test_alerts_of_before_are_folded_and_none_are_no_strip(tmp_path, empty):
    stories = small_release.stories()
    stories["alerts"] = [row | {"is_new": False} for row in stories["alerts"]]
    folder = small_release.write(tmp_path, stories)
    assert report.main(["--published", str(folder)]) == 0
    text = text_of(folder / "report.html")
    assert "Nothing new needs somebody 8 of earlier releases" in text
    assert "plan : 9,000,000 tokens against 6,000,000 tokens, since 1 May 2026, $20.00 of cost Do: " in text
    assert 'id="alerts"' not in empty.read_text(encoding="utf-8")


def test_what_is_missing_is_said_and_never_a_zero(page):
    text = text_of(page)
    assert "Missing: land quality_scores" in text
    assert "Top 20 % cost \N{WHITE CIRCLE} No data \N{EN DASH} \N{EN DASH} below 40.0\N{NARROW NO-BREAK SPACE}%" in text
    assert "1 customer without revenue has no margin and is not drawn" in text
    for word in (" nan", " None", " NaT", "<NA>", "inf "):
        assert word not in text


def test_a_month_that_still_runs_is_marked(page):
    text = text_of(page)
    assert "June 2026 still runs; it is drawn pale or hollow." in text
    assert "Jun 2026 (still running)" in text


def test_an_empty_release_says_what_to_land(empty):
    text = text_of(empty)
    sections = re.findall(r'<section id="([^"]+)"', empty.read_text(encoding="utf-8"))
    assert sections == ["first-steps", "trust"]
    assert text.count("Missing:") == 1  # the scorecard
    assert "next: calls to models" in text
    assert "land call logs in landing/inference_events" in text
    assert "No data yet" in text
    for word in (" nan", " None", " NaT", "$0.00", "0.0\N{NARROW NO-BREAK SPACE}%"):
        assert word not in text
    assert "vegaEmbed" not in empty.read_text(encoding="utf-8")


def test_a_release_without_a_last_day_says_what_gives_one(tmp_path):
    landed = {"source_name": "stripe_invoices", "outcome": "landed", "row_count": 2}
    folder = small_release.write(tmp_path, {"landed_rows_monthly": [landed]}, as_of=None)
    assert report.main(["--published", str(folder)]) == 0
    text = text_of(folder / "report.html")
    assert "the last call, charge, bill or spend gives it" in text
    assert "No data yet" not in text


def test_every_question_may_find_nothing(published, monkeypatch):
    release = releases.Release(published)
    frames = {path.stem: release.frame(path.stem) for path in releases.QUERIES.glob("*.sql")}
    release.close()
    for name, function in vars(charts).items():  # drawing is slow, and another test's
        if getattr(function, "__annotations__", {}).get("alternative_text"):
            monkeypatch.setattr(charts, name, lambda *_: {})
    for nothing in set(frames) - {"release", "page_dates", "customers"}:
        monkeypatch.setattr(
            release, "frame", lambda name, nothing=nothing: frames[name].iloc[: 0 if name == nothing else None].copy()
        )
        assert len(pages.everything(release).sections) == 17, nothing
        assert report.page_of(release).sections, nothing


def test_a_company_with_logs_alone_is_told_what_is_missing(tmp_path):
    """Calls without workflows, and neither bills nor revenue nor four months: no zero may look like a finding."""
    stories = small_release.stories()
    kept = {
        "cost_per_inference": [
            row for row in stories["cost_per_inference"] if row["period_start_date"] == small_release.MONTH
        ],
        "unit_cost_trend_monthly": [{"period_start_date": small_release.MONTH, "market_change_3m_ratio": 0}],
        "inference_efficiency_monthly": [
            row | {"ai_revenue_usd": 0, "ier": 0, "zone": "warning"}
            for row in stories["inference_efficiency_monthly"]
            if not row["is_forecast"]
        ],
        "workflow_costs_monthly": [
            row | {"workflow": "unattributed", "step": "unattributed"} for row in stories["workflow_costs_monthly"][:1]
        ],
        "bill_reconciliation_monthly": [
            row
            | {"recognised_cost_usd": 0, "allocated_cost_usd": 0, "unattributed_cost_usd": 0}
            | {"uncovered_computed_cost_usd": 12}
            for row in stories["bill_reconciliation_monthly"][-2:]
        ],
    }
    folder = small_release.write(tmp_path, kept)
    assert report.main(["--published", str(folder)]) == 0
    text = text_of(folder / "report.html")
    assert "One inference cost 1.23\N{NARROW NO-BREAK SPACE}¢ in May 2026" in text
    assert "No vendor's bill has been landed: $24.00 is priced from the logs alone".replace("'", "&#39;") in text
    assert "What on this page waits for it (" in text
    for missing in ("The trend needs four months", "No month has both AI revenue", "No call names a workflow"):
        assert f" : {missing}" in text


def test_pseudonyms_leave_no_name(published, tmp_path):
    out = tmp_path / "shown-round.html"
    assert report.main(["--published", str(published), "--out", str(out), "--pseudonymise"]) == 0
    text = out.read_text(encoding="utf-8").lower()
    for row in small_release.stories()["dim_customers"]:
        assert row["customer_name"].lower() not in text
        assert row["customer_id"] not in text
    assert "quillfeather" not in text
    assert "customers under pseudonyms" in text
    key = published / releases.PSEUDONYM_KEY_NAME
    assert key.stat().st_mode & 0o777 == 0o600
    name = releases.pseudonym("quill_7731", key.read_bytes().strip()).lower()
    assert f"{name} export" in text  # a workflow named after a customer
    assert f"{name} referral" in text  # a channel
    again = tmp_path / "again.html"
    report.main(["--published", str(published), "--out", str(again), "--pseudonymise"])
    assert again.read_bytes() == out.read_bytes()
    key.unlink()  # another key, other names: ids cannot be tried against them
    report.main(["--published", str(published), "--out", str(again), "--pseudonymise"])
    assert f"{name} export" not in again.read_text(encoding="utf-8").lower()


def test_pseudonyms_change_whole_words_alone():
    hide = releases.pseudonymiser([("a1", "Art"), ("a2", "Art Deco")], b"key")
    first, second = releases.pseudonym("a1", b"key"), releases.pseudonym("a2", b"key")
    assert hide("start of the party") == "start of the party"
    assert hide("ART_export for art deco") == f"{first}_export for {second}"
    assert hide("a1") == first


def test_without_a_release_there_is_no_page(tmp_path, capsys):
    assert report.main(["--published", str(tmp_path)]) == 2
    assert "nothing published yet; run `make build`" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("where", ["while it is made", "before it is swapped in"])
def test_a_run_cut_short_leaves_the_old_page(published, tmp_path, monkeypatch, where):
    out = tmp_path / "report.html"
    out.write_text("yesterday's")

    def cut_short(*_):
        raise KeyboardInterrupt

    if where == "while it is made":
        monkeypatch.setattr(report, "chart_library", cut_short)
    else:
        monkeypatch.setattr(report.Path, "replace", cut_short)
    with pytest.raises(KeyboardInterrupt):
        report.main(["--published", str(published), "--out", str(out)])
    assert out.read_text() == "yesterday's"
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_page_that_fails_leaves_the_release_and_says_so(published, tmp_path, monkeypatch, capsys):
    options = Namespace(
        landing=tmp_path,
        warehouse=tmp_path / "w.duckdb",
        published=published,
        keep=publish.KEPT,
        verify=False,
        notify=None,
        notify_seconds=1,
    )
    lock = os.open(tmp_path, os.O_RDONLY)
    job = run.Job(options, lock, is_quiet=True)
    monkeypatch.setattr(run, "PROJECT", tmp_path)  # no script there: the page cannot be written
    for step in ("land", "freshness", "build"):
        monkeypatch.setattr(job, step, type(step, (), {"__name__": step, "__call__": lambda self: None})())

    def published_already():
        job.summary.release_id = "release-1"

    published_already.__name__ = "publish"
    monkeypatch.setattr(job, "publish", published_already)
    job.run()
    assert job.summary.exit_code == 5
    os.close(lock)
    assert (job.summary.status, job.summary.failed_step, job.summary.page) == ("failed", "report", None)
    assert "the release is published, its page is not" in capsys.readouterr().err


def test_the_exposure_names_the_marts_the_page_reads():
    queries = "".join(path.read_text(encoding="utf-8") for path in releases.QUERIES.glob("*.sql"))
    read = set(re.findall(r"\bmarts\.(\w+)", queries))
    exposures = yaml.safe_load((report.PROJECT / "models" / "marts" / "_exposures.yml").read_text(encoding="utf-8"))
    depends_on = exposures["exposures"][0]["depends_on"]
    assert {re.fullmatch(r"ref\('(\w+)'\)", ref).group(1) for ref in depends_on} == read


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.01228, "1.23\N{NARROW NO-BREAK SPACE}¢"),
        (0.00041, "0.0410\N{NARROW NO-BREAK SPACE}¢"),
        (-0.05, "\N{MINUS SIGN}5.00\N{NARROW NO-BREAK SPACE}¢"),
        (0, "$0.00"),
        (62.5, "$62.50"),
        (-1234.5, "\N{MINUS SIGN}$1,234"),
        (None, "\N{EN DASH}"),
        (float("nan"), "\N{EN DASH}"),
    ],
)
def test_dollars_are_read_easily(value, text):
    assert words.usd(value) == text


def test_what_is_missing_is_a_dash_in_every_unit():
    assert {words.measure(None, unit) for unit in ("usd", "ratio", "tokens", "multiple")} == {words.NONE}
    assert {words.percent(float("nan")), words.amount(None)} == {words.NONE}
    assert words.percent(-0.0004, 0) == "0\N{NARROW NO-BREAK SPACE}%"  # and not minus zero
