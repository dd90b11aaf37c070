"""What the landing folder holds that is not in the warehouse yet."""

from __future__ import annotations

import shutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import duckdb

from land import find_files, read_limits
from landing.loads import content_of
from landing.spec import read_spec

ROOM = 3  # times the warehouse and what comes in: a build rewrites, a release copies


@dataclass
class Preview:
    """Files that would land, each with its bytes; files known already; files passed over, with the reason."""

    would_land: list[dict[str, Any]] = field(default_factory=list)
    known_files: int = 0
    not_landed: list[str] = field(default_factory=list)


def loads(warehouse: Path, columns: str) -> set[tuple[Any, ...]]:
    """Columns of raw.loads; nothing when there is no such table."""
    if not warehouse.is_file():
        return set()
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        try:
            return set(connection.execute(f"select {columns} from raw.loads").fetchall())
        except duckdb.CatalogException:
            return set()


def preview(landing: Path, warehouse: Path) -> Preview:
    """Compare the landing folder with what was landed, by content; nothing is written."""
    found, known, shown = find_files(landing, read_spec(), read_limits()), loads(warehouse, "source, sha256"), Preview()
    shown.not_landed = found.ignored
    for file in found.files:
        content = content_of(file.path)
        if (file.source, content.sha256) in known:
            shown.known_files += 1
        else:
            known.add((file.source, content.sha256))
            shown.would_land.append({"file": file.name, "bytes": content.bytes})
    return shown


def room(landing: Path, warehouse: Path) -> tuple[int, int]:
    """Bytes that are free beside the warehouse, and bytes of the warehouse and of files that look new."""
    known = loads(warehouse, "source, name, bytes")
    files = find_files(landing, read_spec(), read_limits()).files if landing.is_dir() else []
    sizes = [(file.source, file.name, file.path.stat().st_size) for file in files if file.path.is_file()]
    incoming = sum(size for source, name, size in sizes if (source, name, size) not in known)
    size = warehouse.stat().st_size if warehouse.is_file() else 0
    place = warehouse.parent
    while not place.exists():
        place = place.parent
    return shutil.disk_usage(place).free, size + incoming
