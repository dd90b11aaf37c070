"""Which sources are late, by the freshness their YAML asks for; what `dbt source freshness` asks, without its start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import yaml

from landing.cells import identifier
from landing.spec import STAGING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import duckdb


def expected(folder: Path = STAGING) -> Iterator[tuple[str, str, timedelta]]:
    """Source, the column that says when a row landed, and after what time without rows it is late."""
    for path in sorted(folder.glob("*/_*__sources.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for source in document["sources"]:
            for table in source["tables"]:
                settings = source.get("config", {}) | table.get("config", {})
                if late := settings.get("freshness", {}).get("warn_after"):
                    yield table["name"], settings["loaded_at_field"], timedelta(**{f"{late['period']}s": late["count"]})


def stale_sources(connection: duckdb.DuckDBPyConnection, now: datetime | None = None) -> list[str]:
    """Sources that had rows once and got none for longer than they should; of others nothing is known."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    stale = []
    for source, landed_at, late in expected():
        newest = f"select max({identifier(landed_at)}) from raw.{identifier(source)}"
        row = connection.execute(newest).fetchone()
        if row and row[0] is not None and now - row[0] > late:
            stale.append(source)
    return sorted(stale)
