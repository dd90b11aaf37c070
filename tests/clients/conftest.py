"""A published release for clients to read."""

import datetime
import decimal
import os
import sys
from pathlib import Path

import duckdb
import pytest
import yaml

PROJECT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(PROJECT / "tests" / "scripts"), str(PROJECT / "tests" / "clients")]

import small_release  # noqa: E402
from test_releases import Build  # noqa: E402

import publish  # noqa: E402

MONTHS = [datetime.date(2026, month, 1) for month in (1, 2, 3)]
EVERY_MONTH = """select period_start_date, cast(sum(ai_cost_usd) as decimal(38, 12)) from marts.customer_margins_monthly
group by period_start_date order by period_start_date"""
COST = decimal.Decimal("0.123456789012")


def stories():
    """Marts with awkward decimals: rows as dicts."""
    customers = {"a": ("smb", False), "b": ("enterprise", False), "internal": ("internal", True)}
    days = [first + datetime.timedelta(days=day) for first in MONTHS for day in (0, 9, 27)]
    used = [
        {"usage_date": day, "customer_id": customer, "feature": feature, "successful_inference_count": place + 1}
        | {"ai_cost_usd": COST * (place + 3), "call_count": place + 2}
        for place, day in enumerate(days)
        for customer in customers
        for feature in ("chat", "search")
    ]
    earned = [
        {"revenue_date": day, "customer_id": customer, "product_id": "p", "revenue_usd": 9, "ai_revenue_usd": COST * 50}
        for day in days
        for customer in ("a", "b")
    ]
    margins = [
        {"period_start_date": month, "customer_id": customer, "ai_cost_usd": COST * (place + 7), "revenue_usd": 30}
        for place, month in enumerate(MONTHS)
        for customer in customers
    ]
    spans = [("a", "free", MONTHS[0], MONTHS[1]), ("a", "pro", MONTHS[1], None), ("b", "pro", MONTHS[0], None)]
    return {
        "fct_usage_daily": used,
        "fct_revenue_daily": earned,
        "customer_margins_monthly": margins,
        "dim_customers": [
            {"customer_id": key, "customer_name": key.title(), "segment": segment, "is_internal": is_internal}
            for key, (segment, is_internal) in customers.items()
        ],
        "dim_customer_plans": [
            dict(zip(("customer_id", "plan", "valid_from_date", "valid_to_date"), span, strict=True)) for span in spans
        ],
    }


def described(connection, database):
    """Set the comments that the marts' pages hold."""
    for folder in ("core", "marts"):
        for page in (PROJECT / "models" / folder).rglob("*.yml"):
            for model in yaml.safe_load(page.read_text(encoding="utf-8")).get("models", []):
                mart = f"{database}.marts.{model['name']}"
                connection.execute(f"comment on table {mart} is {publish.literal(model['description'])}")
                for column in model["columns"]:
                    text = publish.literal(column["description"])
                    connection.execute(f'comment on column {mart}."{column["name"]}" is {text}')


@pytest.fixture(scope="session")
def workplace(tmp_path_factory):
    """A folder with `warehouse/published` in it, as the project's; env CLIENTS_PUBLISHED_PATH: with that release."""
    folder = tmp_path_factory.mktemp("clients")
    published = folder / "warehouse" / "published"
    published.parent.mkdir()
    if given := os.environ.get("CLIENTS_PUBLISHED_PATH"):
        published.symlink_to(Path(given).resolve())
        return folder
    made = small_release.write(folder / "made", stories())
    build = Build(folder / "warehouse")
    with duckdb.connect(str(build.path)) as connection:
        connection.execute(f"attach '{made / publish.FILE_NAME}' as made (read_only)")
        views = "select view_name from duckdb_views() where schema_name = 'marts'"
        for (view,) in connection.execute(views).fetchall():
            connection.execute(f"drop view marts.{view}")
        for mart in small_release.contract():
            connection.execute(f"create or replace table marts.{mart} as from made.marts.{mart}")
        described(connection, build.path.stem)
    publish.publish(build.path, published)
    return folder


@pytest.fixture(scope="session")
def published(workplace):
    """A query of the published file by duckdb itself."""
    connection = duckdb.connect(str(workplace / "warehouse" / "published" / publish.FILE_NAME), read_only=True)
    yield lambda sql: connection.execute(sql).fetchall()
    connection.close()


@pytest.fixture(scope="session")
def costs(published):
    """What every client is asked: AI cost by month. Month -> dollars."""
    answer = dict(published(EVERY_MONTH))
    assert any(answer.values())
    return answer
