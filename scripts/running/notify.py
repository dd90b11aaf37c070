"""Hand the new alerts of a release to a command, as JSON on its standard input.

The command is the operator's (a chat webhook, mail): it is run by the shell, with a time limit, after the release is
published, and whatever becomes of it the run goes on. It gets what is published and nothing else:
ids of users as hashes, and not the key of these hashes.

    {"release_id": "…", "as_of_date": "2026-10-31", "page": "…/report.html", "text": "2 new alerts: …",
     "alerts": [{"kind": "limit_breached", "subject_kind": "customer_feature", "subject": "acct_1 / all",
                 "since_date": "2026-10-21", "value": 1200000, "threshold": 1000000, "unit": "tokens",
                 "dollars_usd": 12.5, "dollars_label": "of cost this month", "action": "…"}]}

New is what was not told: an alert is told once the command that got it ended with 0. What was told lies beside the
release (`notified.json`): the alerts that stood then, and their as_of_date. One that went and came back, or began
after that date, is another incident and told again. Without that file, what the release before held was told.

What the command leaves running when it ends is ended with it.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from publishing.folder import FILE_NAME, PAGE_NAME
from publishing.people import KEY_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 30  # for the command, unless told otherwise
SAID_BYTES = 2000  # of what it said: the end of it is repeated when it fails
LINES = 20  # alerts in words, the first; all of them are in `alerts`
TOLD_NAME = "notified.json"
ADDRESS = re.compile(r"\b[a-zA-Z][\w+.-]*://\S+")  # of a webhook: who knows it can write there
FIELDS = ("kind", "subject_kind", "subject", "since_date", "value", "threshold", "unit")
FIELDS += ("dollars_usd", "dollars_label", "action")
# A plan that misses the gate is found on the day it is asked, every day anew: that is no other incident.
OF_TODAY = ("launch_gate",)


@dataclass(frozen=True)
class Told:
    """Alerts somebody was told of, as (kind, subject), and the as_of_date of the release they were told from."""

    as_of_date: str | None
    alerts: frozenset[tuple[str, str]]

    def knows(self, alert: dict[str, Any]) -> bool:
        """Whether an alert was told: not one that began after that date."""
        is_older = not self.as_of_date or alert["since_date"] <= self.as_of_date
        return key(alert) in self.alerts and (is_older or alert["kind"] in OF_TODAY)


def key(alert: dict[str, Any]) -> tuple[str, str]:
    """What an alert is known by from release to release."""
    return alert["kind"], alert["subject"]


def standing_alerts(published: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The release, and its alerts, the most urgent kinds and of each the dearest first."""
    with duckdb.connect(str(published / FILE_NAME), read_only=True) as connection:
        release_id, as_of_date = connection.execute(
            "select release_id, cast(as_of_date as varchar) from _release"
        ).fetchone() or (None, None)
        rows = connection.execute(
            """select kind, subject_kind, subject, cast(since_date as varchar), cast(value as double),
            cast(threshold as double), unit, cast(dollars_usd as double), dollars_label, action, is_new
            from marts.alerts
            order by position nulls last, dollars_usd desc nulls last, kind, subject"""
        ).fetchall()
    alerts = [dict(zip((*FIELDS, "is_new"), row, strict=True)) for row in rows]
    return {"release_id": release_id, "as_of_date": as_of_date}, alerts


def told_before(published: Path, alerts: list[dict[str, Any]]) -> Told:
    """What was told; as long as nobody kept that, what the release does not call new."""
    with suppress(OSError, ValueError, TypeError, KeyError):
        kept = json.loads((published / TOLD_NAME).read_text(encoding="utf-8"))
        return Told(kept["as_of_date"], frozenset((kind, subject) for kind, subject in kept["alerts"]))
    return Told(None, frozenset(key(alert) for alert in alerts if not alert["is_new"]))


def keep_told(published: Path, as_of_date: str | None, alerts: list[dict[str, Any]]) -> None:
    """Write down what was told, by one rename."""
    path = published / TOLD_NAME
    aside = path.with_name(f".{TOLD_NAME}.tmp")
    told = {"as_of_date": as_of_date, "alerts": sorted(key(alert) for alert in alerts)}
    aside.write_text(json.dumps(told) + "\n", encoding="utf-8")
    aside.replace(path)


def begin(published: Path) -> None:
    """Keep what was told so far, before the first release that is told of: a run may be killed after publishing it."""
    if (published / TOLD_NAME).is_file():
        return
    as_of_date, alerts = None, []
    with suppress(duckdb.Error):  # no release yet, or one of a version without alerts
        release, alerts = standing_alerts(published)
        as_of_date = release["as_of_date"]
    published.mkdir(parents=True, exist_ok=True)
    keep_told(published, as_of_date, alerts)


def text_of(alerts: list[dict[str, Any]]) -> str:
    """The first alerts in words, one a line: what a chat shows."""
    lines = [f"{len(alerts)} new alert{'' if len(alerts) == 1 else 's'}:"]
    for alert in alerts[:LINES]:
        dollars = "" if alert["dollars_usd"] is None else f", {alert['dollars_usd']:,.2f} USD"
        if dollars and alert["dollars_label"]:
            dollars += f" {alert['dollars_label']}"
        what = alert["subject"] + f" since {alert['since_date']}{dollars}. {alert['action']}"
        if alert["kind"] == "savings_lever":  # the lever in words, not its key
            what = alert["action"].rstrip(".") + dollars
        # A name with a line break in it would look like an alert of its own.
        lines.append(f"{alert['kind'].replace('_', ' ')}: {' '.join(what.split())}")
    if len(alerts) > LINES:
        lines.append(f"and {len(alerts) - LINES} more")
    return "\n".join(lines)


def notify(command: str, published: Path, seconds: float = SECONDS) -> str:
    """Run the command with the new alerts: what became of it, `sent N` or `nothing new`. NotSent when it failed."""
    release, standing = standing_alerts(published)
    told = told_before(published, standing)
    alerts = [{name: alert[name] for name in FIELDS} for alert in standing if not told.knows(alert)]
    if alerts:
        # What ended is forgotten even where the command fails: come back it is another incident.
        keep_told(published, told.as_of_date, [alert for alert in standing if told.knows(alert)])
        page = str(published.resolve() / PAGE_NAME)
        message = json.dumps(release | {"page": page, "text": text_of(alerts), "alerts": alerts}) + "\n"
        hand_on(command, message, seconds)
    keep_told(published, release["as_of_date"], standing)
    return f"sent {len(alerts)}" if alerts else "nothing new"


def hand_on(command: str, message: str, seconds: float) -> None:
    """Run the command with a message on its input; NotSent unless it ends in time, with 0."""
    environment = {name: value for name, value in os.environ.items() if name != KEY_VARIABLE}
    # Into a file: a pipe would be waited for as long as anything the command started holds it.
    with tempfile.TemporaryFile() as said:
        with subprocess.Popen(
            ["/bin/sh", "-c", command],
            stdin=subprocess.PIPE,
            stdout=said,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
        ) as running:
            try:
                running.communicate(message.encode(), timeout=seconds)
            except subprocess.TimeoutExpired as problem:
                raise NotSent(f"no end within {seconds:g} seconds") from problem
            finally:
                end_all(running)
        if running.returncode != 0:
            raise NotSent(f"exit {running.returncode}{last_words(said)}")


class NotSent(Exception):
    """The command failed or took too long: the message says which."""


def end_all(running: subprocess.Popen[bytes]) -> None:
    """End the command, with all it started, that still runs."""
    with suppress(ProcessLookupError):
        os.killpg(running.pid, signal.SIGKILL)
    running.wait()


def last_words(said: Any) -> str:  # noqa: ANN401
    """The last line the command said, addresses left out."""
    size = said.seek(0, os.SEEK_END)
    said.seek(max(0, size - SAID_BYTES))
    lines = said.read().decode(errors="replace").split("\n")
    lines = [line.strip() for line in lines if line.strip()]
    return f": {ADDRESS.sub('(address)', lines[-1])}" if lines else ""
