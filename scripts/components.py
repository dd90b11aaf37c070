"""The components of AI cost as the project lists them: var cost_components of dbt_project.yml, the one list."""

from __future__ import annotations

from pathlib import Path

import yaml

PROJECT = Path(__file__).absolute().parents[1]


def cost_components() -> dict[str, dict[str, str]]:
    """Component, in the order they are shown, to its `source`, `label` (page) and `short` (terminal)."""
    project = yaml.safe_load((PROJECT / "dbt_project.yml").read_text(encoding="utf-8"))
    return project["vars"]["cost_components"]
