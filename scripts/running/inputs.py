"""What a release is made of, in one hash: equal inputs make an equal release, and there is nothing to do."""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from publishing.people import KEY_VARIABLE, key_file

if TYPE_CHECKING:
    import duckdb

PROJECT = Path(__file__).resolve().parents[2]
CODE = ("models", "macros", "seeds", "tests/generic", "tests/reconciliation", "tests/macros", "scripts")
SETTINGS = ("dbt_project.yml", "profiles.yml")
PACKAGES = ("dbt-core", "dbt-duckdb", "duckdb", "genai-prices", "altair", "vl-convert-python")
LANDED = """
select
    (select coalesce(max(load_id), 0) from raw.loads where rows_landed + rows_quarantined > 0),
    (select coalesce(max(load_id), 0) from raw.empty_buckets),
    (select coalesce(sum(hash(prices)::hugeint), 0) from raw.model_prices as prices),
    (select coalesce(sum(hash(resolutions)::hugeint), 0) from raw.model_resolutions as resolutions)
"""


def code_sha256() -> str:
    """SHA-256 of the project's files with seeds and vars, and of the programs."""
    digest = hashlib.sha256(json.dumps([version(package) for package in PACKAGES]).encode())
    files = [PROJECT / name for name in SETTINGS]
    files += [file for folder in CODE for file in (PROJECT / folder).rglob("*") if file.suffix != ".pyc"]
    for file in sorted(file for file in files if file.is_file()):
        content = hashlib.sha256(file.read_bytes()).hexdigest()
        digest.update(f"{file.relative_to(PROJECT)} {content}\n".encode())
    return digest.hexdigest()


def inputs_sha256(connection: duckdb.DuckDBPyConnection, code: str) -> str:
    """SHA-256 of the code (its own SHA-256), of what landed, and of the price book."""
    landed = connection.execute(LANDED).fetchone()
    return hashlib.sha256(json.dumps([code, landed]).encode()).hexdigest()


def key_sha256(warehouse: Path) -> str:
    """SHA-256 of the key that hides people: another one makes other hashes of the same rows."""
    given, kept = os.environ.get(KEY_VARIABLE, "").encode(), key_file(warehouse)
    return hashlib.sha256(given or (kept.read_bytes().strip() if kept.is_file() else b"")).hexdigest()
