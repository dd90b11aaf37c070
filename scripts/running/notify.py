"""Hand the new alerts of a release to a command, as JSON on its standard input.

The command is the operator's (a chat webhook, mail): it is run by the shell, with a time limit, after the release is
published, and whatever becomes of it the run goes on. It gets what is published and nothing else:
ids of users as hashes, and not the key of these hashes.

    {"release_id": "…", "as_of_date": "2026-10-31", "page": "…/report.html", "text": "2 new alerts: …",
     "alerts": [{"kind": "limit_breached", "subject_kind": "customer_feature", "subject": "acct_1 / all",
                 "since_date": "2026-10-21", "value": 1200000, "threshold": 1000000, "unit": "tokens",
                 "dollars_usd": 12.5, "action": "…"}]}
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import duckdb

from publishing.folder import FILE_NAME, PAGE_NAME
from publishing.people import KEY_VARIABLE

if TYPE_CHECKING:
    from pathlib import Path

SECONDS = 30  # for the command, unless told otherwise
SAID_BYTES = 2000  # of what it said: the end of it is repeated when it fails
LINES = 20  # alerts in words, the dearest; all of them are in `alerts`
ADDRESS = re.compile(r"\b[a-zA-Z][\w+.-]*://\S+")  # of a webhook: who knows it can write there
FIELDS = ("kind", "subject_kind", "subject", "since_date", "value", "threshold", "unit", "dollars_usd", "action")


def new_alerts(published: Path) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """The release, and its new alerts, the dearest first."""
    with duckdb.connect(str(published / FILE_NAME), read_only=True) as connection:
        release_id, as_of_date = connection.execute(
            "select release_id, cast(as_of_date as varchar) from _release"
        ).fetchone() or (None, None)
        rows = connection.execute(
            """select kind, subject_kind, subject, cast(since_date as varchar), cast(value as double),
            cast(threshold as double), unit, cast(dollars_usd as double), action
            from marts.alerts where is_new
            order by dollars_usd desc nulls last, kind, subject"""
        ).fetchall()
    return {"release_id": release_id, "as_of_date": as_of_date}, [dict(zip(FIELDS, row, strict=True)) for row in rows]


def text_of(alerts: list[dict[str, Any]]) -> str:
    """The dearest alerts in words, one a line: what a chat shows."""
    lines = [f"{len(alerts)} new alert{'' if len(alerts) == 1 else 's'}:"]
    for alert in alerts[:LINES]:
        dollars = "" if alert["dollars_usd"] is None else f", {alert['dollars_usd']:,.2f} USD"
        # A name with a line break in it would look like an alert of its own.
        what = f"{alert['kind'].replace('_', ' ')}: {' '.join(alert['subject'].split())}"
        lines.append(f"{what} since {alert['since_date']}{dollars}. {alert['action']}")
    if len(alerts) > LINES:
        lines.append(f"and {len(alerts) - LINES} more")
    return "\n".join(lines)


def notify(command: str, published: Path, seconds: float = SECONDS) -> str:
    """Run the command with the new alerts: what became of it, `sent N` or `nothing new`. NotSent when it failed."""
    release, alerts = new_alerts(published)
    if not alerts:
        return "nothing new"
    page = str(published.resolve() / PAGE_NAME)
    message = json.dumps(release | {"page": page, "text": text_of(alerts), "alerts": alerts}) + "\n"
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
    return f"sent {len(alerts)}"


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
