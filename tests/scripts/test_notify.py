"""New alerts handed to a command: what it gets, and that a run never waits for it or fails by it.

What would silently go wrong: a notifier that hangs holds the night's run, one that fails fails it, an alert that is not
new wakes somebody, the key of the users' hashes is handed to a program that needs no key.
"""

import json
import shlex
import sys
import time
from argparse import Namespace
from contextlib import suppress
from pathlib import Path

import pytest
import small_release

import publish
import run
from running.notify import NotSent, begin, notify, text_of

ALERTS = [
    {
        "kind": "limit_breached",
        "subject_kind": "customer_feature",
        "subject": "acct_1 / all",
        "since_date": "2026-06-03",
    }
    | {"value": 150.5, "threshold": 100, "unit": "usd", "dollars_usd": 150.5}
    | {"dollars_label": "of cost this month", "action": "sell the next plan"},
    {"kind": "metric_watch", "subject_kind": "metric", "subject": "gross_margin", "since_date": "2026-06-08"}
    | {"value": 0.48, "threshold": 0.5, "unit": "ratio", "dollars_usd": None}
    | {"dollars_label": "", "action": "look again"},
    {"kind": "stale_source", "subject_kind": "source", "subject": "old", "since_date": "2026-05-01"}
    | {"value": 9, "threshold": 2, "unit": "days", "dollars_usd": None, "dollars_label": "", "action": "see why"},
]
PAYER = {"kind": "unmatched_payer", "subject_kind": "payer", "subject": "cus_1", "since_date": "2026-01-01"}
PAYER |= {"value": 900, "threshold": 0, "unit": "usd", "dollars_usd": 900, "dollars_label": "of revenue so far"}
PAYER |= {"action": "settle the payer", "position": 13}


@pytest.fixture
def published(tmp_path):
    rows = [alert | {"is_new": alert["subject"] != "old"} for alert in ALERTS]
    return small_release.write(tmp_path / "published", {"alerts": rows})


def job_of(published, command, seconds=20.0):
    """A run of which nothing is left to do but to publish, to notify and to write the page."""
    options = Namespace(
        landing=published,
        warehouse=published / "w.duckdb",
        published=published,
        keep=publish.KEPT,
        verify=False,
        notify=command,
        notify_seconds=seconds,
    )
    return run.Job(options, 0, is_quiet=True)


def test_the_command_gets_the_new_alerts_as_json(published, tmp_path, monkeypatch):
    monkeypatch.setenv("PUBLISH_USER_ID_KEY", "secret")
    got = tmp_path / "got file"
    command = f"cat > {shlex.quote(str(got))}; env > {shlex.quote(str(got))}.env"
    assert notify(command, published) == "sent 2"
    message = json.loads(got.read_text())
    assert [alert["subject"] for alert in message["alerts"]] == ["acct_1 / all", "gross_margin"]  # the dearest first
    assert message["alerts"][0] == ALERTS[0]
    assert (message["release_id"], message["as_of_date"]) == ("release-1", "2026-06-17")
    assert message["page"] == str(published / "report.html")
    assert message["text"].splitlines() == [
        "2 new alerts:",
        "limit breached: acct_1 / all since 2026-06-03, 150.50 USD of cost this month. sell the next plan",
        "metric watch: gross_margin since 2026-06-08. look again",
    ]
    assert "secret" not in (tmp_path / "got file.env").read_text()


def test_nothing_new_calls_nobody(tmp_path):
    published = small_release.write(tmp_path / "published", {"alerts": [ALERTS[2] | {"is_new": False}]})
    assert notify(f"touch {shlex.quote(str(tmp_path / 'called'))}", published) == "nothing new"
    assert not (tmp_path / "called").exists()


def replace(published, *alerts):
    """The next release: of these alerts, none of them new."""
    with publish.duckdb.connect(str(published / publish.FILE_NAME)) as connection:
        connection.execute("delete from marts.alerts")
        connection.execute("update _release set as_of_date = as_of_date + 1")
        for alert in alerts:
            names = ", ".join(alert)
            marks = ", ".join("?" * len(alert))
            connection.execute(f"insert into marts.alerts ({names}, is_new) values ({marks}, false)", [*alert.values()])


def told(command, published):
    """The subjects a command is told of; it fails when it is `false`."""
    got = published.parent / "got"
    got.unlink(missing_ok=True)
    with suppress(NotSent):
        notify(f"cat > {shlex.quote(str(got))}; {command}", published)
    return [alert["subject"] for alert in json.loads(got.read_text())["alerts"]] if got.exists() else []


def test_an_alert_is_told_once_a_command_ended_well(published):
    """A command that fails gets it again with the next release, in which it is not new any more."""
    assert told("false", published) == ["acct_1 / all", "gross_margin"]
    replace(published, *ALERTS)
    assert told("false", published) == ["acct_1 / all", "gross_margin"]
    assert told("true", published) == ["acct_1 / all", "gross_margin"]
    assert told("true", published) == []
    replace(published, *ALERTS, PAYER)
    assert told("true", published) == ["cus_1"]


def test_what_went_and_came_back_is_told_again(published):
    assert len(told("true", published)) == 2
    replace(published, ALERTS[1])
    assert told("true", published) == []
    replace(published, *ALERTS[:2])
    assert told("true", published) == ["acct_1 / all"]
    # Also when the command failed while it was gone.
    replace(published, ALERTS[1], PAYER)
    assert told("false", published) == ["cus_1"]
    replace(published, *ALERTS[:2])
    assert told("true", published) == ["acct_1 / all"]


def test_another_incident_of_the_same_subject_is_told(published):
    """The limit was passed in June, and again in July: the release between never saw it end."""
    assert len(told("true", published)) == 2
    replace(published, ALERTS[0] | {"since_date": "2026-06-17"}, *ALERTS[1:])  # corrected, not begun anew
    assert told("true", published) == []
    replace(published, ALERTS[0] | {"since_date": "2026-07-02"}, *ALERTS[1:])
    assert told("true", published) == ["acct_1 / all"]


def test_a_plan_that_misses_the_gate_is_told_once(published):
    """It is found on the day it is asked: without that it would be told every night until somebody launches."""
    gate = ALERTS[1] | {"kind": "launch_gate", "subject": "planned"}
    assert len(told("true", published)) == 2
    for since, expected in (("2026-06-08", ["planned"]), ("2026-06-30", []), ("2026-07-01", [])):
        replace(published, gate | {"since_date": since})
        assert told("true", published) == expected


def test_a_run_killed_after_its_first_release_leaves_its_alerts_to_be_told(tmp_path):
    """Nothing was told before, and in the release after it nothing is new."""
    begin(tmp_path / "published")
    published = small_release.write(tmp_path / "published", {"alerts": ALERTS[:1]})
    begin(published)
    replace(published, ALERTS[0])
    assert told("true", published) == ["acct_1 / all"]


def test_notifying_begins_with_what_is_new(published):
    """What stands in the release before the first run with --notify is known; a damaged file is as none."""
    begin(published)
    assert told("true", published) == []
    (published / "notified.json").write_text("{")
    assert told("true", published) == ["acct_1 / all", "gross_margin"]


def test_the_most_urgent_kind_is_first_and_a_lever_is_said_in_words(tmp_path):
    lever = {"kind": "savings_lever", "subject": "prompt_caching / feature / x", "since_date": "2026-06-01"}
    lever |= {"dollars_usd": 1200, "dollars_label": "a month", "action": "Cache the prompts of x.", "position": 14}
    rows = [lever, PAYER, ALERTS[0] | {"position": 5}]
    published = small_release.write(tmp_path / "published", {"alerts": [row | {"is_new": True} for row in rows]})
    assert told("true", published) == ["acct_1 / all", "cus_1", "prompt_caching / feature / x"]
    assert text_of(rows).splitlines()[1] == "savings lever: Cache the prompts of x, 1,200.00 USD a month"


def test_a_chat_gets_few_lines_and_none_that_a_name_made():
    many = [ALERTS[0] | {"subject": f"acct\n{number} alerts:"} for number in range(25)]
    lines = text_of(many).splitlines()
    assert (len(lines), lines[0], lines[-1]) == (22, "25 new alerts:", "and 5 more")
    assert lines[1].startswith("limit breached: acct 0 alerts: since 2026-06-03")


@pytest.mark.parametrize("seconds", ["inf", "nan", "0", "-1", "1e7", "soon"])
def test_a_time_limit_is_a_number_of_seconds(seconds, capsys):
    with pytest.raises(SystemExit):
        run.main(["--notify", "true", "--notify-seconds", seconds])
    assert "more than 0 and at most 3600" in capsys.readouterr().err


def test_a_command_that_reads_nothing_is_no_failure(published):
    assert notify("exec true", published) == "sent 2"


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        ("cat > /dev/null; echo 'no such channel' >&2; exit 3", "exit 3: no such channel"),
        ("cat > /dev/null; echo 'lost: https://chat.example/T0/SECRET'; exit 3", "exit 3: lost: (address)"),
        ("no-such-command-at-all", "exit 127"),
        ("sleep 60", "no end within 0.5 seconds"),
    ],
)
def test_a_notifier_that_fails_or_hangs_does_not_fail_the_run(published, command, reason):
    job = job_of(published, command, seconds=0.5 if "sleep" in command else 20)
    started = time.monotonic()
    job.notify()
    assert time.monotonic() - started < 15
    assert job.summary.notified.startswith(f"failed: {reason}")
    assert job.summary.warnings[0].startswith(f"notify: {reason}")
    assert job.summary.exit_code == 0


def is_running(process):
    try:
        return " Z " not in Path(f"/proc/{process}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return False


def test_what_a_hanging_notifier_started_is_ended_too(published, tmp_path):
    """A child that holds the output open would be waited for, or would run on for ever."""
    pid_file = tmp_path / "pid"
    with pytest.raises(NotSent):
        notify(f"sleep 60 & echo $! > {shlex.quote(str(pid_file))}; wait", published, seconds=1)
    child = int(pid_file.read_text())
    for _ in range(50):
        if not is_running(child):
            break
        time.sleep(0.1)
    assert not is_running(child)


def test_it_is_a_step_of_the_run_only_when_asked_for(published, monkeypatch, tmp_path):
    got = tmp_path / "got"
    for command, expected in ((None, None), (f"{sys.executable} -c 'import sys; sys.stdin.read()' > {got}", "sent 2")):
        job = job_of(published, command)
        for name in ("land", "freshness", "build", "publish", "report"):
            monkeypatch.setattr(job, name, type("Step", (), {"__call__": lambda _: None, "__name__": name})())
        job.run()
        assert (job.summary.status, job.summary.notified) == ("published", expected)
        (published / "notified.json").unlink(missing_ok=True)
        steps = ["land", "freshness", "build", "publish", *["notify"] * (command is not None), "report"]
        assert list(job.summary.seconds) == steps


def test_code_that_changes_while_a_run_is_at_work_is_new_to_the_next(published, monkeypatch):
    """The build may have read it or not: the next run must not take what it finds for made by it."""
    job, code = job_of(published, None), ["before"]
    steps = {
        "land": lambda: None,
        "build": lambda: code.append("after"),
        "publish": lambda: None,
        "report": lambda: None,
    }
    for name, step in steps.items():
        step.__name__ = name
        monkeypatch.setattr(job, name, step)
    monkeypatch.setattr(run, "stale_sources", lambda _: [])
    monkeypatch.setattr(run, "code_sha256", lambda: code[-1])
    monkeypatch.setattr(run, "inputs_sha256", lambda _, code: code)
    publish.duckdb.connect(str(job.warehouse)).close()
    job.run()
    noted = json.loads(job.made_of.read_text())
    assert (noted["code_sha256"], noted["inputs_sha256"]) == ("before", "before")


def test_a_run_with_nothing_to_build_tells_what_was_not_told(published, monkeypatch):
    """The run before failed at it."""
    job = job_of(published, "cat > /dev/null")
    for name, is_unchanged in (("land", False), ("freshness", True)):
        step = {"__call__": lambda _, known=is_unchanged: setattr(job, "is_unchanged", known), "__name__": name}
        monkeypatch.setattr(job, name, type("Step", (), step)())
    job.run()
    assert (job.summary.status, job.summary.notified) == ("unchanged", "sent 2")
    assert list(job.summary.seconds) == ["land", "freshness", "notify"]


def test_a_build_begins_with_what_the_last_release_said(published, monkeypatch):
    """Else a release whose publisher was killed would be compared with the one before it."""
    done = []
    job = job_of(published, "true")
    monkeypatch.setattr(publish, "catch_up", lambda *_: done.append("catch_up"))
    monkeypatch.setattr(job, "command", lambda step, *_: done.append(step))
    job.build()
    assert done == ["catch_up", "build"]
    assert (published / "notified.json").is_file()
