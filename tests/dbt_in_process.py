"""Runs dbt inside the process that tests: its start and the reading of the project are paid for once."""

import io
import os
from contextlib import redirect_stdout
from pathlib import Path
from unittest.mock import patch

from dbt.adapters.duckdb.connections import DuckDBConnectionManager
from dbt.cli.main import dbtRunner
from dbt.contracts.graph.manifest import Manifest
from dbt.contracts.graph.semantic_manifest import SemanticManifest

# What dbt read of a project, by the project's folder.
manifests: dict[Path, Manifest] = {}


def dbt(project: Path, warehouse: Path, target: Path, *arguments: str) -> object:
    """Run a dbt command on a warehouse, such as ``dbt(PROJECT, file, folder, "build")``; RuntimeError when it fails.

    Returns dbt's own result, such as the names that ``ls`` lists.

    Args:
        project: The folder of dbt_project.yml and profiles.yml. It is read once for all commands, but again for one
            with variables of its own, and for one that writes what it read (``--write-json``).
        warehouse: The DuckDB file; no connection to it is left open.
        target: The folder of what dbt compiles and writes.
        arguments: dbt's own.

    """
    paths = ["--project-dir", project, "--profiles-dir", project, "--target-path", target, "--log-path", target]
    settings = [*map(str, paths), "--log-level-file", "none"]
    reads_again = {"--vars", "--write-json"} & set(arguments)
    said = io.StringIO()
    with patch.dict(os.environ, {"WAREHOUSE_PATH": str(warehouse), "DBT_WRITE_JSON": "false"}), redirect_stdout(said):
        try:
            if not reads_again and project not in manifests:
                manifests[project] = dbtRunner().invoke(["parse", *settings]).result
            known = None if reads_again else manifests[project]
            done = dbtRunner(manifest=known).invoke([arguments[0], *settings, *arguments[1:]])
        finally:
            DuckDBConnectionManager.close_all_connections()
    if not done.success:
        raise RuntimeError(f"dbt {' '.join(arguments)} failed: {done.exception or ''}\n{said.getvalue()[-5000:]}")
    return done.result


def write_semantic_manifest(project: Path, path: Path) -> None:
    """Write what MetricFlow reads of a project on which ``dbt`` was run before; KeyError when it was not."""
    SemanticManifest(manifests[project]).write_json_to_file(str(path))
