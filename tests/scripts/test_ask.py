"""Asking the published file: every answer runs, also where nothing was landed, and the prompt is one.

What would silently go wrong: an answer that fails where a mart is empty, one that runs in one client and not in the
other, a parameter that is not heard, a prompt that could write. What the answers say is compared elsewhere, on releases
of whole companies (answers.py says where).
"""

import csv
import io
import os
import pty
import re
import select
import subprocess
import sys
import time
from pathlib import Path

import answers
import duckdb
import pytest
import small_release

import ask

PROJECT = Path(__file__).resolve().parents[2]
SCRIPT = PROJECT / "scripts" / "ask.py"
SECONDS = 60


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    folder = small_release.write(tmp_path_factory.mktemp("release"), small_release.stories())
    with duckdb.connect(str(folder / "ai_unit_economics.duckdb")) as connection:
        connection.execute("comment on table marts.cost_per_inference is 'What an inference costs. One row per …'")
    return folder


@pytest.fixture(scope="module")
def empty(tmp_path_factory):
    return small_release.write(tmp_path_factory.mktemp("empty"), {})


def asked(published, *arguments, lines=""):
    command = [sys.executable, SCRIPT, "--published", published, *arguments]
    return subprocess.run(command, input=lines, capture_output=True, text=True, check=False, timeout=SECONDS)


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def test_every_answer_is_checked_and_says_how_to_read_it():
    assert answers.CHECKS.keys() == answers.ANSWERS.keys()
    page = (PROJECT / "models" / "docs" / "sql.md").read_text(encoding="utf-8")
    for name, sql in answers.ANSWERS.items():
        head = [line.removeprefix("-- ") for line in sql.splitlines() if line.startswith("--")]
        assert head[0].endswith("?"), name
        starts = [word for word in ("Parameters:", "Read it:", "Traps:") if any(x.startswith(word) for x in head)]
        assert starts == ["Parameters:", "Read it:", "Traps:"], name
        used = set(re.findall(r"getvariable\('(\w+)'\)", sql))
        said = " ".join(head)
        assert all(variable in said for variable in used), name
        assert name in page, f"models/docs/sql.md does not name {name}"
        assert "{{" not in sql and "{%" not in sql, f"{name} is no plain SQL"


@pytest.mark.parametrize("name", answers.ANSWERS)
def test_an_answer_runs_whatever_is_missing(published, empty, name):
    for folder, is_empty in ((published, False), (empty, True)):
        connection = answers.opened(folder / "ai_unit_economics.duckdb")
        count = answers.ask(connection, name)
        assert count == 0 or not is_empty
        answers.ask(connection, name, month="2026-05-20")
        connection.close()


@pytest.mark.parametrize("name", answers.ANSWERS)
def test_the_command_line_gives_the_same_rows(published, name):
    connection = answers.opened(published / "ai_unit_economics.duckdb")
    count = answers.ask(connection, name)
    connection.close()
    command = [ask.command_line(), "-readonly", "-csv", "-f", ask.answer(name), ask.release(published)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    assert (done.returncode, done.stderr) == (0, "")
    assert len(rows(done.stdout)) == count


def test_a_parameter_is_heard(published):
    """Any day of a month stands for it; quotes in a name are its own."""
    name = "one_customer_by_month"
    for customer, count in (("quill_7731", 1), ("it's nobody", 0)):
        done = asked(published, "--file", name, "--format", "csv", "--set", f"customer_id={customer}")
        assert (done.returncode, len(rows(done.stdout))) == (0, count), done.stderr
    done = asked(published, "--file", "vendors_against_our_logs", "--format", "csv", "--set", "month=2026-05-20")
    assert [row["tax_usd"] for row in rows(done.stdout)] == ["19.000000"]


def test_only_evidence_that_counts_moves_a_customer_and_only_once(tmp_path):
    """10 USD of revenue against 40, 32 of them for tokens of delivered answers, billed at half of what was computed.

    At a quarter of the price 0.9 of 32 * 3/4 = 21.60 are saved. What is cheaper is stale, small, a test or a no.
    """
    month = {"period_start_date": "2026-05-01", "is_complete": True}
    pair = {"use_case": "chat", "evidence_method": "paired", "decision": "yes", "is_stale": False, "actual_cost_usd": 8}
    pair |= {"is_sufficient": True, "repriced_cost_usd": 2, "tolerance_ratio": 0.9, "lower_ratio": 0.8}
    free = {"cheap_model": "free", "repriced_cost_usd": 0}
    usage = {"usage_date": "2026-05-07", "customer_id": "c", "use_case": "chat", "productive_cost_usd": 64}
    usage |= {"model": "Large-2026", "resolved_model": "large", "computed_cost_usd": 72, "prompt_cache_cost_usd": 4}
    margin = {"customer_id": "c", "revenue_usd": 10, "ai_cost_usd": 40, "gross_profit_usd": -30, "is_loss_making": True}
    rows = {
        "gross_margin_monthly": [month | {"dimension": "all", "dimension_value": "all"}],
        "dim_customers": [{"customer_id": "c", "customer_name": "C", "is_internal": False}],
        "customer_margins_monthly": [month | margin],
        "fct_usage_daily": [usage | {"llm_api_cost_usd": 32}],
        "downgrade_tolerance": [
            pair | {"expensive_model": "large", "cheap_model": "small"},
            pair | {"expensive_model": "large-2026", "cheap_model": "small"},
            pair | {"expensive_model": "large", "cheap_model": "middle", "repriced_cost_usd": 4},
            pair | free | {"expensive_model": "large", "is_stale": True},
            pair | free | {"expensive_model": "large", "is_sufficient": False},
            pair | free | {"expensive_model": "large", "evidence_method": "ab"},
            pair | free | {"expensive_model": "large", "decision": "test"},
            pair | free | {"expensive_model": "large", "use_case": "all"},
        ],
    }
    connection = answers.opened(small_release.write(tmp_path, rows) / "ai_unit_economics.duckdb")
    assert answers.ask(connection, "loss_makers_on_a_cheaper_model") == 1
    columns = "movable_cost_usd, saving_usd, saving_lower_usd, gross_profit_then_usd, is_profitable_then"
    (row,) = connection.execute(f"select {columns} from answer").fetchall()
    assert [float(value) for value in row] == [32, 21.6, 19.2, -8.4, 0]
    connection.close()


def test_sql_may_be_piped_and_cannot_write(published):
    done = asked(published, lines="select count(*) as metrics from scorecard;\nfrom columns_of('dim_dates');\n")
    assert done.returncode == 0
    assert "metrics" in done.stdout and "date_day" in done.stdout
    done = asked(published, "--query", "create table marts.mine (a int)")
    assert done.returncode != 0 and "read-only" in done.stderr


def test_it_says_what_is_missing(published, tmp_path, monkeypatch, capsys):
    assert asked(tmp_path).stderr.endswith("nothing published yet; run `make build`\n")
    assert "plans_of_the_day" in asked(published, "--file", "plans").stderr
    assert asked(published, "--set", "month").returncode == 2
    monkeypatch.setattr(ask.shutil, "which", lambda *_, **__: None)
    assert ask.main(["--published", str(published), "--query", "select 1"]) == 2
    assert "make env" in capsys.readouterr().err


def test_the_prompt_shows_the_marts_and_answers(published):
    """On a terminal of its own, as somebody would type."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(TERM="dumb", COLUMNS="120", PYTHONDONTWRITEBYTECODE="1")
        os.execv(sys.executable, [sys.executable, str(SCRIPT), "--published", str(published)])
    said = b""

    def until(text):
        nonlocal said
        end = time.monotonic() + SECONDS
        while text not in said and time.monotonic() < end:
            if select.select([terminal], [], [], 0.2)[0]:
                try:
                    said += os.read(terminal, 1 << 16)
                except OSError:  # the other end is closed
                    break
        assert text in said, said[-2000:].decode(errors="replace")

    try:
        until(b"leave: .quit")
        assert b"cost_per_inference" in said and b"What an inference costs" in said and b"One row" not in said
        until(b"D ")
        os.write(terminal, b"select 'the answer is ' || (40 + 2) as answer;\n")
        until(b"the answer is 42")
        os.write(terminal, b".quit\n")
        _, status = os.waitpid(child, 0)
        assert os.waitstatus_to_exitcode(status) == 0
    finally:
        os.close(terminal)
