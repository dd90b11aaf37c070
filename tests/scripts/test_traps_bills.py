"""Traps of bills, CRM and spend that a unit test of one model cannot hold: what is landed and read in earnest.

The other traps are unit tests of the models, under the same names (`T30_…`).
"""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
NATIVE = ["focus_charges", "hubspot_companies", "hubspot_contacts", "hubspot_deals", "salesforce_accounts"]
NATIVE += ["salesforce_leads", "salesforce_opportunities", "ad_reporting_campaigns"]
FOLDERS = ["focus_sample", "fivetran_hubspot", "fivetran_salesforce", "fivetran_ads"]


@pytest.fixture(scope="module")
def built(warehouse, real_data):
    """Real exports of a cloud's bill, two CRMs and ad platforms in one warehouse, with what reads them."""
    for folder in FOLDERS:
        for source in sorted((real_data / folder / "landing").iterdir()):
            target = warehouse.landing / source.name
            target.mkdir(parents=True, exist_ok=True)
            for file in source.iterdir():
                (target / file.name).symlink_to(file)
    warehouse.land()
    tests = ["assert_focus_charges_are_in_or_out", "assert_landed_rows_are_all_accounted_for"]
    tests += ["assert_bill_months_are_lines_or_compared", "assert_bill_lines_keep_every_amount"]
    marts = ["+landed_rows_monthly", "+dim_customers", "+fct_acquisition_spend_daily", "+int_bill_lines_monthly"]
    warehouse.dbt(
        "build", "--exclude-resource-type", "unit_test", "--indirect-selection", "cautious", "--select", *marts, *tests
    )
    return warehouse


def test_T44_null_text_is_no_value_in_focus(built):
    """4568 cells of the sample are the unquoted word NULL: none of them is a value, and no row is bad."""
    assert built.query("select count(*) from raw.quarantine") == [(0,)]
    assert built.query("select count(*), sum(billed_cost), sum(list_cost) from raw.focus_charges") == [
        (500, Decimal("5.988393743200"), Decimal("6.131072765400"))
    ]
    texts = "select column_name from duckdb_columns() where table_name = 'focus_charges' and data_type = 'VARCHAR'"
    words = " + ".join(f"count(*) filter (where {name} = 'NULL')" for (name,) in built.query(texts) if name != "_extra")
    assert built.query(f"select {words} from raw.focus_charges") == [(0,)]


def test_a_cloud_bill_without_ai_is_out_of_scope_and_accounted_for(built):
    assert built.query(
        "select outcome, reason, sum(row_count) from marts.landed_rows_monthly"
        " where source_name = 'focus_charges' group by outcome, reason"
    ) == [("skipped", "out_of_scope", 500)]
    assert built.query("select count(*) from intermediate.int_bills_landed") == [(0,)]


def test_every_native_row_has_an_outcome(built):
    landed = dict(built.query("select source, sum(rows_landed) from raw.loads group by source"))
    told = dict(built.query("select source_name, sum(row_count) from marts.landed_rows_monthly group by source_name"))
    assert told == landed
    assert set(NATIVE) == set(told)


def test_T37_eaten_contacts_are_merged_and_deleted_accounts_are_none(built):
    """Of 11 contacts without a company one ate three (one of them landed); 4 of 5 Salesforce accounts are deleted."""
    accounts = built.query(
        "select regexp_extract(customer_id, '^(hubspot:contact|hubspot|salesforce)'), count(*)"
        " from marts.dim_customers where is_in_crm group by 1 order by 1"
    )
    assert accounts == [("hubspot", 12), ("hubspot:contact", 10), ("salesforce", 1)]
    survivors = built.query(
        "select distinct resolved_customer_id from intermediate.int_customers_resolved"
        " where customer_id in ('hubspot:contact:76340251', 'hubspot:contact:46897301', 'hubspot:contact:76226001')"
    )
    assert survivors == [("hubspot:contact:78971951",)]


def test_T30_platforms_spend_is_in_the_accounts_currency(built):
    """231.33 + 530.62 + 1.013488 + 444.792: micros were divided, currency was not."""
    assert built.query("select sum(spend_usd), count(distinct channel) from marts.fct_acquisition_spend_daily") == [
        (Decimal("1207.755488000000"), 4)
    ]


def test_T31_known_gaps_of_the_feeds_are_listed():
    """What a provider's own feed leaves out has a name; what is left over is a class of variance, nobody's cost."""
    with (PROJECT / "seeds" / "reference" / "known_feed_gaps.csv").open(encoding="utf-8", newline="") as lines:
        gaps = {(row["provider"], row["feed"]): row["gap"] for row in csv.DictReader(lines) if row["source"]}
    assert "Priority Tier" in gaps["anthropic", "anthropic_cost_report"]
    assert {"openai_costs", "openai_usage", "anthropic_usage_report"} <= {feed for _, feed in gaps}


def test_T10_the_price_book_has_a_source_and_a_date(built):
    """Every price says whose list it is and which release of the book; a bill that differs from it is a class apart."""
    unsourced = "count(*) filter (where book_provider is null or book_version is null)"
    assert built.query(f"select count(*) > 0, {unsourced} from raw.model_prices") == [(True, 0)]
