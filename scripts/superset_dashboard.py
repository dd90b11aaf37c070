"""Fill an Apache Superset with the metrics of the semantic layer and a dashboard over the published file.

    python scripts/superset_dashboard.py [--url URL] [--file FILE] [--manifest FILE] [--dashboard FILE] [--zip FILE]

Makes, over Superset's API (assets/import), the database `ai_unit_economics` (read only), a dataset for each semantic
model with its metrics, and the dashboard of scripts/superset_assets/dashboard.yml. The metrics' SQL comes from
target/semantic_manifest.json, which `dbt parse` writes; every expression is tried on the published file first. Run it
again after a change: what it made before is overwritten in place, what others made stays. With --zip the same goes into
a file, for Superset's own import, and no Superset is spoken to.

Who it is comes from env SUPERSET_USERNAME and SUPERSET_PASSWORD (an administrator), never from the command line.

Exit code: 0 done, 2 a bad call or no such metric, 1 Superset refused.
"""

from __future__ import annotations

import argparse
import http.cookiejar
import json
import os
import secrets
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

import duckdb
import yaml

from superset_assets.assets import BadDashboard, bundle, zipped
from superset_assets.metrics import datasets

PROJECT = Path(__file__).resolve().parents[1]
DASHBOARD = PROJECT / "scripts" / "superset_assets" / "dashboard.yml"
SECONDS = 120

Json = dict[str, Any]


class Refused(Exception):
    """Superset said no: its status and message."""


class Superset:
    """One Superset, logged in to."""

    def __init__(self, url: str, username: str, password: str) -> None:
        self.url = url.rstrip("/")
        self.headers = {"Accept": "application/json", "Referer": self.url}
        cookies = urllib.request.HTTPCookieProcessor(http.cookiejar.CookieJar())
        self.opener = urllib.request.build_opener(cookies)
        who = {"username": username, "password": password, "provider": "db", "refresh": False}
        self.headers["Authorization"] = f"Bearer {self.post('security/login', who)['access_token']}"
        self.headers["X-CSRFToken"] = self.get("security/csrf_token/")["result"]

    def get(self, path: str) -> Json:
        """What the API answers."""
        return self._ask(urllib.request.Request(f"{self.url}/api/v1/{path}", headers=self.headers))

    def post(self, path: str, body: Json) -> Json:
        """Send JSON; what the API answers."""
        headers = self.headers | {"Content-Type": "application/json"}
        return self._ask(urllib.request.Request(f"{self.url}/api/v1/{path}", json.dumps(body).encode(), headers))

    def upload(self, path: str, field: str, content: bytes) -> Json:
        """Send a file as a form does; what the API answers."""
        mark = secrets.token_hex(16)
        head = f'--{mark}\r\nContent-Disposition: form-data; name="{field}"; filename="{field}.zip"\r\n'
        body = f"{head}Content-Type: application/zip\r\n\r\n".encode() + content + f"\r\n--{mark}--\r\n".encode()
        headers = self.headers | {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._ask(urllib.request.Request(f"{self.url}/api/v1/{path}", body, headers))

    def _ask(self, request: urllib.request.Request) -> Json:
        path = request.full_url.removeprefix(self.url)
        try:
            with self.opener.open(request, timeout=SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(f"{path}: {error.code} {error.read().decode(errors='replace')[:2000]}") from None
        except urllib.error.URLError as error:
            raise Refused(f"{self.url}: {error.reason}") from None


def assets_of(options: argparse.Namespace) -> tuple[bytes, str]:
    """The ZIP of everything, and a line that says what is in it."""
    found, left_out = datasets(json.loads(options.manifest.read_text(encoding="utf-8")))
    dashboard = yaml.safe_load(options.dashboard.read_text(encoding="utf-8"))
    with duckdb.connect(str(options.file), read_only=True) as connection:
        content = zipped(bundle(found, dashboard, options.seen_as or options.file.absolute(), connection))
    for metric, reason in sorted(left_out.items()):
        print(f"superset_dashboard.py: left out {metric}: {reason}", file=sys.stderr)
    metrics = len({metric.name for dataset in found for metric in dataset.metrics})
    charts = sum(map(len, dashboard["rows"]))
    return content, f"{len(found)} datasets, {metrics} metrics ({len(left_out)} left out), {charts} charts"


def main(arguments: list[str] | None = None) -> int:
    """Read the command line and fill Superset; the exit code."""
    published = Path(os.environ.get("PUBLISHED_PATH", "warehouse/published"))
    target = Path(os.environ.get("DBT_TARGET_PATH", "target"))
    parser = argparse.ArgumentParser(description="Fill a Superset with the semantic layer's metrics and a dashboard.")
    parser.add_argument("--url", default=os.environ.get("SUPERSET_URL", "http://127.0.0.1:8088"))
    parser.add_argument("--file", type=Path, default=published / "ai_unit_economics.duckdb", help="the published file")
    parser.add_argument("--seen-as", type=Path, help="where Superset finds that file, if elsewhere")
    parser.add_argument("--manifest", type=Path, default=target / "semantic_manifest.json")
    parser.add_argument("--dashboard", type=Path, default=DASHBOARD, help="the charts (YAML)")
    parser.add_argument("--zip", type=Path, help="write a file instead")
    options = parser.parse_args(arguments)
    try:
        content, summary = assets_of(options)
        if options.zip:
            options.zip.write_bytes(content)
            print(f"{options.zip}: {summary}")
            return 0
        username, password = (os.environ.get(f"SUPERSET_{name}") for name in ("USERNAME", "PASSWORD"))
        if not username or not password:
            print("superset_dashboard.py: set env SUPERSET_USERNAME and SUPERSET_PASSWORD", file=sys.stderr)
            return 2
        Superset(options.url, username, password).upload("assets/import/", "bundle", content)
    except FileNotFoundError as problem:
        hint = "run `dbt parse` first" if "manifest" in str(problem.filename) else "is it there?"
        print(f"superset_dashboard.py: {problem.filename}: {hint}", file=sys.stderr)
        return 2
    except (BadDashboard, duckdb.Error) as problem:
        print(f"superset_dashboard.py: {problem}", file=sys.stderr)
        return 2
    except Refused as answer:
        print(f"superset_dashboard.py: {answer}", file=sys.stderr)
        return 1
    slug = yaml.safe_load(options.dashboard.read_text(encoding="utf-8"))["slug"]
    print(f"{summary}: {options.url.rstrip('/')}/superset/dashboard/{slug}/")
    return 0


if __name__ == "__main__":
    sys.exit(main())
