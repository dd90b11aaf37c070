"""Which sources are late, by the freshness their YAML asks for; what `dbt source freshness` asks, without its start."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from landing.spec import STAGING

if TYPE_CHECKING:
    from collections.abc import Iterator

    import duckdb


def expected(folder: Path = STAGING) -> Iterator[tuple[str, str, timedelta]]:
    """Source, the query for when it last got rows, and after what time it is late."""
    for path in sorted(folder.glob("*/_*__sources.yml")):
        document = yaml.load(path.read_text(encoding="utf-8"), getattr(yaml, "CSafeLoader", yaml.SafeLoader))
        for table in (table for source in document["sources"] for table in source["tables"]):
            settings = table.get("config", {})
            if late := settings.get("freshness", {}).get("warn_after"):
                yield table["name"], settings["loaded_at_query"], timedelta(**{f"{late['period']}s": late["count"]})


def stale_sources(connection: duckdb.DuckDBPyConnection, now: datetime | None = None) -> list[str]:
    """Sources that had rows once and got none for longer than they should; of others nothing is known."""
    now = now or datetime.now(UTC).replace(tzinfo=None)
    stale = []
    for source, query, late in expected():
        row = connection.execute(query).fetchone()
        if row and row[0] is not None and now - row[0] > late:
            stale.append(source)
    return sorted(stale)
