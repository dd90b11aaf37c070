"""Makes the scripts importable, and a landing folder with its warehouse available to tests."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb
import pytest

SCRIPTS = Path(__file__).resolve().parents[2] / "scripts"
sys.path.insert(0, str(SCRIPTS))

import land  # noqa: E402


class Workspace:
    """A landing folder and the warehouse it is landed into."""

    def __init__(self, root: Path) -> None:
        self.landing = root / "landing"
        self.warehouse = root / "warehouse.duckdb"
        self.landing.mkdir()

    def put(self, name: str, content: bytes | str) -> Path:
        """Write a file below the landing folder."""
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def land(self) -> int:
        """Land the folder; the exit code."""
        return land.land(self.landing, self.warehouse)

    def rows(self, query: str, *values: object) -> list[tuple]:
        """Rows of a query on the warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(query, list(values)).fetchall()

    def reasons(self) -> list[str]:
        """Reasons in quarantine, in order of file and line."""
        return [row[0] for row in self.rows("select reason from raw.quarantine order by file, line")]


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty landing folder; the price book, which has tests of its own, is left out."""
    monkeypatch.setattr(land, "refresh_price_book", lambda connection: [])
    return Workspace(tmp_path)
