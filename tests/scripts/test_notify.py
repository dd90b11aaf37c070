"""New alerts handed to a command: what it gets, and that a run never waits for it or fails by it.

What would silently go wrong: a notifier that hangs holds the night's run, one that fails fails it, an alert that is not
new wakes somebody, the key of the users' hashes is handed to a program that needs no key.
"""

import json
import shlex
import sys
import time
from argparse import Namespace
from pathlib import Path

import pytest
import small_release

import publish
import run
from running.notify import NotSent, notify, text_of

ALERTS = [
    {
        "kind": "limit_breached",
        "subject_kind": "customer_feature",
        "subject": "acct_1 / all",
        "since_date": "2026-06-03",
    }
    | {"value": 150.5, "threshold": 100, "unit": "usd", "dollars_usd": 150.5, "action": "sell the next plan"},
    {"kind": "metric_watch", "subject_kind": "metric", "subject": "gross_margin", "since_date": "2026-06-08"}
    | {"value": 0.48, "threshold": 0.5, "unit": "ratio", "dollars_usd": None, "action": "look again"},
    {"kind": "stale_source", "subject_kind": "source", "subject": "old", "since_date": "2026-05-01"}
    | {"value": 9, "threshold": 2, "unit": "days", "dollars_usd": None, "action": "see why"},
]


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
        "limit breached: acct_1 / all since 2026-06-03, 150.50 USD. sell the next plan",
        "metric watch: gross_margin since 2026-06-08. look again",
    ]
    assert "secret" not in (tmp_path / "got file.env").read_text()


def test_nothing_new_calls_nobody(tmp_path):
    published = small_release.write(tmp_path / "published", {"alerts": [ALERTS[2] | {"is_new": False}]})
    assert notify(f"touch {shlex.quote(str(tmp_path / 'called'))}", published) == "nothing new"
    assert not (tmp_path / "called").exists()


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
        monkeypatch.setattr(run, "inputs_sha256", lambda _: "")
        publish.duckdb.connect(str(job.warehouse)).close()
        job.run()
        assert (job.summary.status, job.summary.notified) == ("published", expected)
        steps = ["land", "freshness", "build", "publish", *["notify"] * (command is not None), "report"]
        assert list(job.summary.seconds) == steps
