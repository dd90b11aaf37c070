"""Datasets, metrics, charts and one dashboard in the form Superset imports: YAML files in a ZIP, each with an id of its
own. The ids come from the names, so that importing again overwrites and makes nothing a second time.
"""

from __future__ import annotations

import io
import uuid
import zipfile
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Any

import yaml

from superset_assets.metrics import TIME, quoted

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from superset_assets.metrics import Column, Dataset

Json = dict[str, Any]

VERSION = "1.0.0"
IDS = uuid.UUID("6b1d9a8e-7a25-4d0c-9b6f-1d3f0c2a5e41")  # made once; another one would make everything anew
DATABASE = "ai_unit_economics"
GRAINS = {"day": "P1D", "week": "P1W", "month": "P1M"}
COLUMNS_OF_GRID = 12
# What a metric's meta says of its unit -> how Superset writes it (d3).
FORMATS = {
    "usd": "$,.4~f",
    "percent": ",.1%",
    "multiple": ",.2~f",
    "months": ",.1~f",
    "points": ",.1~f",
    "count": ",d",
    "tokens": ",.0f",
}


class BadDashboard(Exception):
    """The dashboard cannot be made: what is wrong with which chart."""


def id_of(kind: str, name: str) -> str:
    """The id of a thing, the same every time."""
    return str(uuid.uuid5(IDS, f"{kind}/{name}"))


def described(connection: duckdb.DuckDBPyConnection, dataset: Dataset) -> dict[str, str]:
    """Column -> type, asked of the published file; every metric is worked out once. duckdb.Error when one fails."""
    types = {name: kind for name, kind, *_ in connection.execute(f"describe {dataset.sql}").fetchall()}
    expressions = ", ".join(f"{metric.expression} as {quoted(metric.name)}" for metric in dataset.metrics)
    connection.execute(f"select {expressions} from ({dataset.sql}) as virtual_table").fetchall()
    return types


def comments(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, str], str]:
    """(mart, column) -> its description."""
    rows = connection.execute(
        "select table_name, column_name, comment from duckdb_columns() where schema_name = 'marts' and comment <> ''"
    ).fetchall()
    return {(mart, column): comment for mart, column, comment in rows}


def database(file: Path) -> Json:
    """The published file, read only, whoever asks."""
    return {
        "database_name": DATABASE,
        "sqlalchemy_uri": f"duckdb:///{file}",
        "expose_in_sqllab": True,
        "allow_dml": False,
        "extra": {
            "allows_virtual_table_explore": True,
            "engine_params": {"connect_args": {"read_only": True}},
            "metadata_params": {},
        },
        "uuid": id_of("database", DATABASE),
        "version": VERSION,
    }


def dataset_asset(dataset: Dataset, types: dict[str, str], told: dict[tuple[str, str], str]) -> Json:
    """A dataset with its columns and metrics. Measures are hidden from grouping: metrics are what adds them up."""

    def column(one: Column) -> Json:
        return {
            "column_name": one.name,
            "verbose_name": one.label,
            "type": types[one.name],
            "is_dttm": one.is_time,
            "groupby": not one.is_measure,
            "filterable": not one.is_measure,
            "description": one.description or (told.get(one.origin, "") if one.origin else ""),
        }

    return {
        "table_name": dataset.name,
        "description": dataset.description,
        "sql": dataset.sql,
        "main_dttm_col": TIME if any(one.name == TIME for one in dataset.columns) else None,
        "columns": [column(one) for one in dataset.columns],
        "metrics": [
            {
                "metric_name": metric.name,
                "verbose_name": metric.label,
                "description": metric.description,
                "expression": metric.expression,
                "d3format": FORMATS.get(metric.meta.get("format", "")),
            }
            for metric in dataset.metrics
        ],
        "uuid": id_of("dataset", dataset.name),
        "database_uuid": id_of("database", DATABASE),
        "version": VERSION,
    }


def chart_asset(chart: Json, datasets: list[Dataset]) -> Json:
    """A chart of the dashboard's file: its kind, metrics, and by what they are split."""
    metrics, by = chart["metrics"], chart.get("by", [])
    having = [one for one in datasets if {metric.name for metric in one.metrics} >= set(metrics)]
    if not having:
        raise BadDashboard(f"chart {chart['title']!r}: no dataset has {', '.join(metrics)}")
    dataset = min(having, key=lambda one: len(one.metrics))  # the one that splits by most
    if unknown := set(by) - {column.name for column in dataset.columns}:
        raise BadDashboard(f"chart {chart['title']!r}: {dataset.name} has no {', '.join(sorted(unknown))}")
    grain = GRAINS[chart.get("grain", "month")]
    common = {"metrics": metrics, "adhoc_filters": [], "row_limit": 1000}
    timed = common | {"x_axis": TIME, "time_grain_sqla": grain, "groupby": by, "truncateYAxis": False}
    kinds = {
        "number": ("big_number", {"metric": metrics[0], "x_axis": TIME, "time_grain_sqla": grain, "adhoc_filters": []}),
        "line": ("echarts_timeseries_line", timed),
        "bar": ("echarts_timeseries_bar", timed | {"stack": "Stack"}),
        "table": ("table", common | {"query_mode": "aggregate", "groupby": by, "order_desc": True}),
    }
    if chart["kind"] not in kinds:
        raise BadDashboard(f"chart {chart['title']!r}: {chart['kind']!r} is none of {', '.join(kinds)}")
    viz_type, params = kinds[chart["kind"]]
    if chart["kind"] in ("number", "line", "bar") and "format" in chart:
        params["y_axis_format"] = chart["format"]
    return {
        "slice_name": chart["title"],
        "description": chart.get("description"),
        "viz_type": viz_type,
        "params": params | {"viz_type": viz_type},
        "uuid": id_of("chart", chart["title"]),
        "dataset_uuid": id_of("dataset", dataset.name),
        "version": VERSION,
    }


def dashboard_asset(dashboard: Json) -> Json:
    """The dashboard: rows of charts, all of a row equally wide."""
    position: Json = {
        "DASHBOARD_VERSION_KEY": "v2",
        "ROOT_ID": {"type": "ROOT", "id": "ROOT_ID", "children": ["GRID_ID"]},
        "GRID_ID": {"type": "GRID", "id": "GRID_ID", "parents": ["ROOT_ID"], "children": []},
        "HEADER_ID": {"type": "HEADER", "id": "HEADER_ID", "meta": {"text": dashboard["title"]}},
    }
    for number, row in enumerate(dashboard["rows"], start=1):
        row_id = f"ROW-{number}"
        position["GRID_ID"]["children"].append(row_id)
        names = [f"CHART-{number}-{place}" for place in range(1, len(row) + 1)]
        parents = ["ROOT_ID", "GRID_ID"]
        meta = {"background": "BACKGROUND_TRANSPARENT"}
        position[row_id] = {"type": "ROW", "id": row_id, "parents": parents, "children": names, "meta": meta}
        for name, chart in zip(names, row, strict=True):
            height = 22 if chart["kind"] == "number" else 50
            position[name] = {
                "type": "CHART",
                "id": name,
                "parents": [*parents, row_id],
                "children": [],
                "meta": {
                    "uuid": id_of("chart", chart["title"]),
                    "sliceName": chart["title"],
                    "width": COLUMNS_OF_GRID // len(row),
                    "height": height,
                    "chartId": 0,
                },
            }
    return {
        "dashboard_title": dashboard["title"],
        "description": dashboard.get("description"),
        "slug": dashboard["slug"],
        "published": True,
        "position": position,
        "metadata": {},
        "uuid": id_of("dashboard", dashboard["slug"]),
        "version": VERSION,
    }


def bundle(
    datasets: list[Dataset], dashboard: Json, file: Path, connection: duckdb.DuckDBPyConnection
) -> dict[PurePosixPath, Json]:
    """Every asset by its path in the ZIP. `file`: the published file as Superset finds it, `connection`: to it here."""
    told = comments(connection)
    assets: dict[PurePosixPath, Json] = {PurePosixPath("databases", f"{DATABASE}.yaml"): database(file)}
    for dataset in datasets:
        asset = dataset_asset(dataset, described(connection, dataset), told)
        assets[PurePosixPath("datasets", DATABASE, f"{dataset.name}.yaml")] = asset
    for chart in (chart for row in dashboard["rows"] for chart in row):
        assets[PurePosixPath("charts", f"{id_of('chart', chart['title'])}.yaml")] = chart_asset(chart, datasets)
    assets[PurePosixPath("dashboards", f"{dashboard['slug']}.yaml")] = dashboard_asset(dashboard)
    return assets


def zipped(assets: dict[PurePosixPath, Json]) -> bytes:
    """The ZIP that Superset imports, byte for byte the same for the same assets."""
    root, buffer = PurePosixPath("ai_unit_economics"), io.BytesIO()
    files = {PurePosixPath("metadata.yaml"): {"version": VERSION, "type": "assets"}} | assets
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for path, asset in files.items():
            text = yaml.safe_dump(asset, sort_keys=False, allow_unicode=True)
            archive.writestr(zipfile.ZipInfo(str(root / path)), text)
    return buffer.getvalue()
