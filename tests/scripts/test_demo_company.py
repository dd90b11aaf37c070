"""The invented company: same bytes for the same arguments, every source, every story of the README in the files."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from datetime import date
from pathlib import Path

import duckdb
import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts"))

import demo_company  # noqa: E402
from demo import prices, stories, world  # noqa: E402
from demo.stripe import Stripe  # noqa: E402

CALLS = 16_000
SOURCES = {
    "inference_events", "ai_bills", "crm_customers", "acquisition_spend", "workflow_outcomes", "feedback",
    "paired_evaluations", "ab_results", "quality_scores", "finetuning_jobs", "fx_rates", "openai_usage",
    "stripe_customers", "stripe_products", "stripe_prices", "stripe_subscriptions", "stripe_invoices",
    "stripe_invoice_line_items", "stripe_credit_notes", "stripe_charges", "stripe_refunds", "stripe_disputes",
    "stripe_meter_event_summaries", "stripe_credit_grants", "stripe_credit_balance_transactions", "revenue_accruals",
}  # fmt: skip


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """(landing folder, computed cost by month, provider, group and model tag)."""
    folder, ledgers, write_calls = tmp_path_factory.mktemp("landing"), [], demo_company.write_calls

    def remember(*arguments):
        ledger, runs = write_calls(*arguments)
        ledgers.append(ledger)
        return ledger, runs

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(demo_company, "write_calls", remember)
        demo_company.generate(folder, CALLS)
    return folder, ledgers[0]["cost"]


@pytest.fixture(scope="module")
def landing(company):
    return company[0]


@pytest.fixture(scope="module")
def db(landing):
    """One view per source over all its files, all columns as text, with the month of the file; bad lines left out."""
    con = duckdb.connect()
    for folder in sorted(landing.iterdir()):
        if folder.name != "openai_usage":
            con.execute(f'create table "{folder.name}" as {union_of(folder)}')
    con.execute(
        """
        create table calls as
        select *, try_cast(coalesce(input_tokens, '0') as bigint) as tokens_in, left(timestamp, 7) as month
        from (
            select
                *,
                row_number() over (
                    partition by coalesce(call_id, provider_response_id)
                    order by updated_at desc nulls last, file_month desc
                ) as version_number
            from inference_events
        )
        where version_number = 1
        """
    )
    return con


def union_of(folder: Path) -> str:
    readers = {"jsonl": "read_json", "csv": "read_csv", "parquet": "read_parquet"}
    parts = []
    for path in sorted(folder.iterdir()):
        kind = path.name.split(".")[1]
        options = {
            "jsonl": ", format = 'newline_delimited', ignore_errors = true, convert_strings_to_integers = false",
            "csv": ", all_varchar = true",
        }.get(kind, "")
        parts.append(
            f"select columns(*)::varchar, '{path.name[:7]}' as file_month from {readers[kind]}('{path}'{options})"
        )
    return " union all by name ".join(parts)


def one(db, sql):
    return db.execute(sql).fetchone()[0]


def digest(folder):
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def test_same_arguments_give_the_same_bytes_and_another_seed_does_not(tmp_path):
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        demo_company.generate(tmp_path / name, 1_500, seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b")
    assert digest(tmp_path / "a") != digest(tmp_path / "c")


def test_every_source_and_every_month_is_there_in_mixed_formats(landing):
    assert {folder.name for folder in landing.iterdir()} == SOURCES
    months = {path.name[:7] for path in (landing / "inference_events").iterdir()}
    assert months == set(world.MONTHS)
    suffixes = {path.name.split(".", 1)[1] for path in (landing / "inference_events").iterdir()}
    assert suffixes == {"jsonl", "jsonl.gz", "csv", "csv.gz", "parquet"}


@pytest.mark.parametrize("file_format", ["parquet", "jsonl"])
def test_calls_alone_in_one_format(tmp_path, file_format):
    demo_company.generate(tmp_path, 1_500, 7, file_format, "inference_events")
    assert [folder.name for folder in tmp_path.iterdir()] == ["inference_events"]
    assert {path.suffix for path in (tmp_path / "inference_events").iterdir()} == {f".{file_format}"}


def test_the_number_of_calls_is_about_what_was_asked_and_customers_do_not_change(db, tmp_path):
    assert abs(one(db, "select count(*) from calls") / CALLS - 1) < 0.03
    demo_company.generate(tmp_path, 2_000, 7, "mixed", "crm_customers")
    db.execute(f"create or replace temp table others as {union_of(tmp_path / 'crm_customers')}")
    assert one(db, "select count(distinct customer_id) from others") == one(
        db, "select count(distinct customer_id) from crm_customers"
    )
    assert 420 <= one(db, "select count(distinct customer_id) from crm_customers") <= 480


def test_five_bad_lines_one_per_reason(landing):
    lines = (landing / "inference_events" / "2025-10.jsonl").read_text().splitlines()
    assert tuple(lines[-5:]) == world.BAD_LINES


def test_story_a_a_vendor_cuts_its_price(db):
    """gpt-5.6-luna is used on both sides of 2026-07-30, when genai-prices cuts it by 80 %."""
    before, after = (
        prices.book_rates("openai", "gpt-5.6-luna", day, {})[0][0, 0] for day in (date(2026, 7, 29), date(2026, 7, 30))
    )
    assert after == pytest.approx(before / 5)
    assert one(db, "select count(*) from calls where model = 'gpt-5.6-luna' and timestamp < '2026-07-30'") > 10
    assert one(db, "select count(*) from calls where model = 'gpt-5.6-luna' and timestamp >= '2026-07-30'") > 10


def test_story_b_the_support_workflow_moves_to_smaller_models(db):
    drafts = "from calls where step = 'draft' and workflow = 'support_ticket'"
    share = f"select avg((model = 'claude-opus-4-1')::int) {drafts}"
    assert one(db, share + " and month <= '2026-02'") == 1
    assert 0.1 < one(db, share + " and month between '2026-03' and '2026-04'") < 0.9
    assert one(db, share + " and month >= '2026-05'") == 0
    cost = """
        select sum(cost_usd::double) / count(*) from calls
        where step = 'draft' and workflow = 'support_ticket' and status = 'success' and month
    """
    assert one(db, cost + " >= '2026-05'") < 0.4 * one(db, cost + " <= '2026-02'")


def test_story_c_power_users_of_the_flat_plan_are_under_water(db):
    scale = CALLS / world.DEFAULT_CALLS
    rows = db.execute(
        """
        select customer_id, sum(cost_usd::double) as cost from calls
        where month = '2026-01' and customer_id in (select customer_id from crm_customers where plan = 'pro')
        group by 1 order by 2 desc
        """
    ).fetchall()
    price = world.PLANS["pro"][4] * scale
    assert sum(cost > price for _, cost in rows) >= 3
    assert rows[len(rows) // 2][1] < 0.5 * price


def test_story_d_the_launch_brings_signups_that_do_not_stay(db):
    hype = "(select distinct customer_id from crm_customers where acquisition_channel = 'producthunt')"
    assert one(db, f"select count(*) from {hype}") == 150
    late = "select count(distinct customer_id) from calls where timestamp >= '2026-06-15' and customer_id in"
    assert one(db, f"{late} {hype}") <= 4
    spend = "select sum(amount::double) from acquisition_spend where channel"
    naive = one(db, f"{spend} = 'producthunt'") / 150
    assert naive < one(db, f"{spend} = 'google_ads'") / one(
        db, "select count(distinct customer_id) from crm_customers where acquisition_channel = 'google_ads'"
    )


def test_a_customer_runs_away_for_three_days(db):
    _, first, days, _ = world.RUNAWAY
    rows = db.execute(
        """
        select left(timestamp, 10) as day, count(*), count(distinct customer_id) from calls
        where request_id >= printf('req_%010x', 1000000000) and request_id like 'req_0%' group by 1 order by 1
        """
    ).fetchall()
    assert [day for day, _, _ in rows] == [f"{first:%Y-%m}-{first.day + day:02}" for day in range(days)]
    assert sum(calls for _, calls, _ in rows) > 10
    assert {customers for _, _, customers in rows} == {1}


def test_some_accounts_have_no_channel_and_no_text_says_nan(db, landing):
    nameless = "select count(distinct customer_id) from crm_customers where acquisition_channel is null"
    assert one(db, nameless) > 5
    for path in landing.rglob("*.csv"):
        assert ",nan," not in path.read_text().lower(), path
    for path in landing.rglob("*.jsonl"):
        assert "nan," not in path.read_text().lower(), path


def test_story_e_the_last_cohorts_are_young(db):
    assert one(db, "select count(distinct customer_id) from crm_customers where signed_up_at >= '2026-08-03'") > 40


def test_story_f_one_provider_sends_no_bill(db):
    assert one(db, "select count(*) from calls where provider = 'groq'") > 100
    billed = {row[0] for row in db.execute("select distinct provider from ai_bills").fetchall()}
    assert {"openai", "anthropic", "google", "azure", "cloudflare"} <= billed
    assert "groq" not in billed


def test_story_g_own_gpu(db):
    assert one(db, "select min(gpu_seconds::double) from calls where provider = 'self_hosted'") > 0
    assert one(db, "select count(*) from ai_bills where component = 'gpu_compute'") == 11


def test_story_h_fine_tuning(db):
    models = "select count(distinct model) from finetuning_jobs where model in (select model from calls)"
    assert one(db, models) == 2
    assert one(db, "select count(*) from ai_bills where component = 'fine_tuning'") == 2


def test_story_i_late_doubled_corrected_and_moved_rows(db):
    named = "(select *, coalesce(call_id, provider_response_id) as name from inference_events)"
    assert (
        one(db, "select count(*) from inference_events where updated_at is null and left(timestamp, 7) < file_month")
        > 20
    )
    twice = f"select count(*) from (select name from {named} group by name, file_month having count(*) > 1)"
    assert one(db, twice) > 20
    both = f"""
        select count(*) from {named} as early join {named} as later using (name)
        where early.file_month < later.file_month and early.updated_at < later.updated_at
    """
    assert one(db, both + " and early.output_tokens <> later.output_tokens") > 20
    assert one(db, both + " and left(early.timestamp, 10) <> left(later.timestamp, 10)") > 10


def test_story_j_billing_and_crm_have_every_case(db):
    statuses = {row[0] for row in db.execute("select distinct status from stripe_invoices").fetchall()}
    assert statuses == {"paid", "open", "draft", "void", "uncollectible"}
    annual = (
        "select count(*) from stripe_invoice_line_items where period_end::bigint - period_start::bigint > 300 * 86400"
    )
    assert one(db, annual) > 5
    assert one(db, "select count(*) from stripe_invoice_line_items where proration = 'true' and amount::bigint < 0") > 2
    assert one(db, "select count(*) from stripe_invoice_line_items where discount_amount::bigint > 0") > 2
    assert one(db, "select count(*) from stripe_subscriptions where trial_end is not null") > 5
    assert one(db, "select count(*) from stripe_credit_notes join stripe_refunds as r on r.id = refund_id") >= 1
    assert one(db, "select count(*) from stripe_credit_notes where refund_id is null") >= 2
    assert one(db, "select count(*) from stripe_charges where invoice_id is null and status = 'succeeded'") >= 3
    assert one(db, "select count(*) from stripe_invoices where livemode = 'false'") == 1
    currencies = {row[0] for row in db.execute("select distinct currency from stripe_invoices").fetchall()}
    assert currencies == {"usd", "eur", "jpy"}
    chain = """
        select count(*) from crm_customers as a
        join crm_customers as b on a.merged_into_customer_id = b.customer_id and b.merged_into_customer_id is not null
    """
    assert one(db, chain) >= 1
    assert one(db, "select count(distinct customer_id) from crm_customers where is_internal = 'true'") == 1
    assert one(db, "select count(*) from crm_customers where churned_at is not null") > 20


def test_story_k_bills_agree_with_the_calls_but_for_the_told_cases(company, db):
    latest = "(select * from ai_bills qualify row_number() over (partition by bill_id order by file_month desc) = 1)"
    billed = db.execute(
        f"""
        select left(period_start, 7), provider, sum(amount::double * coalesce(usd_per_unit::double, 1))
        from {latest} as bills
        left join fx_rates as r on r.currency = bills.currency and r.rate_date = (
            select max(rate_date) from fx_rates where rate_date < bills.period_end and currency = 'EUR'
        )
        where component in ('llm_api', 'embedding') and kind = 'usage' group by all
        """
    ).fetchall()
    computed = {}
    for (month, provider, _, _), usd in company[1].items():
        computed[month, provider] = computed.get((month, provider), 0) + usd
    off = {(month, seller): usd / computed[month, seller] for month, seller, usd in billed}
    off = {place: ratio for place, ratio in off.items() if abs(ratio - 1) > 0.005}
    assert {(seller, month) for month, seller in off} == set(world.BILL_RATIOS)
    assert ("2026-10", "google") not in {(month, seller) for month, seller, _ in billed}
    kinds = {row[0] for row in db.execute("select distinct kind from ai_bills").fetchall()}
    assert kinds == {"usage", "tax", "credit", "commitment", "adjustment"}
    assert one(db, "select count(*) - count(distinct bill_id) from ai_bills") == 1
    components = {row[0] for row in db.execute("select distinct component from ai_bills").fetchall()}
    assert {"vector_db", "gpu_compute", "other_ai", "other_cogs"} <= components


def test_story_l_evaluations_give_yes_test_and_no_and_one_is_stale(db):
    rows = db.execute(
        """
        select use_case, cheap_model, max(evaluated_at), count(*), avg((cheap_score::double - scale_min::double)
            / (scale_max::double - scale_min::double)) / avg((expensive_score::double - scale_min::double)
            / (scale_max::double - scale_min::double)) as retention
        from paired_evaluations group by 1, 2
        """
    ).fetchall()
    decisions = {"yes" if row[4] >= 0.95 else "test" if row[4] >= 0.75 else "no" for row in rows if row[3] >= 100}
    assert decisions == {"yes", "test", "no"}
    assert any(row[2] < "2026-07-31" for row in rows)
    assert any(row[3] < 100 for row in rows)
    assert one(db, "select count(*) from quality_scores") == 8
    assert one(db, "select count(distinct experiment_id) from ab_results") == 3


def test_the_log_has_every_kind_of_call(db):
    for condition in (
        "status = 'timeout'", "status = 'cancelled'", "is_billed = 'false'", "is_billed = 'true'", "attempt = '3'",
        "cache_hit = 'true' and tokens_in > 0", "call_type = 'embedding'", "call_type = 'retrieval'",
        "call_type = 'image'",
        "call_type = 'rerank'", "call_type = 'moderation'", "environment = 'staging'", "tags is not null",
        "customer_id is null and workspace_id is not null", "customer_id is null and workspace_id is null",
        "use_case is null", "service_tier = 'batch'", "service_tier = 'flex'", "service_tier = 'priority'",
        "web_search_requests is not null", "tokens_in > 200000", "cache_write_tokens is not null",
        "cache_write_1h_tokens is not null", "token_semantics = 'disjoint'", "model = 'wf-prod-mini-eu'",
        "call_id is null",
        "cost_usd::double = 0 and call_type = 'generation' and status = 'success' and cache_hit is null",
    ):  # fmt: skip
        assert one(db, f"select count(*) from calls where {condition}") > 0, condition
    assert 0 < one(db, "select avg((model = 'gpt5-mini-eu')::int) from calls") < 0.005


def test_the_seeds_say_what_the_company_knows():
    seeds = ROOT / "seeds" / "reference"

    def rows(name):
        with (seeds / f"{name}.csv").open() as handle:
            return list(csv.DictReader(handle))

    overrides = {
        (row["provider"], row["model"] or None, row["service_tier"] or None, row["discount_ratio"])
        for row in rows("price_overrides")
    }
    assert {(seller, model, tier, str(ratio)) for seller, model, tier, ratio, *_ in world.CONTRACT} <= overrides
    aliases = {(row["resolved_model"], row["valid_from_date"]) for row in rows("model_aliases")}
    assert aliases == {(model, since) for since, _, model in world.PRICED_AS["azure"]}
    assert {row["feature"] for row in rows("use_cases")} == {feature.name for feature in world.FEATURES}


@pytest.fixture(scope="module")
def told(warehouse):
    """The told accounts alone, at the size of 200 000 calls, landed and built."""
    stripe = Stripe(1)
    stripe.catalogue()
    stories.tell(stripe)
    spend = [{"spend_date": "2026-10-31", "channel": "partner", "amount": "1", "_seen": ""}]
    tables = stripe.tables | {"crm_customers": [account.crm_row() for account in stories.TOLD]}
    for table, rows in (tables | {"acquisition_spend": spend}).items():
        lines = [json.dumps({name: row[name] for name in row if name != "_seen"}) for row in rows]
        (warehouse.landing / table).mkdir(parents=True)
        (warehouse.landing / table / "all.jsonl").write_text("\n".join(lines), encoding="utf-8")
    warehouse.land()
    marts = ("+fct_revenue_daily", "+recurring_revenue_monthly", "+deferred_revenue_monthly")
    warehouse.dbt("build", "--exclude", "resource_type:test", "resource_type:unit_test", "--select", *marts,
                  "+int_revenue_incomplete_monthly")  # fmt: skip
    return warehouse


def by_month(told, customer):
    """Revenue of an account by month of 2026, to a millionth."""
    return dict(
        told.query(
            f"""select month(revenue_date), round(sum(revenue_usd), 6)::double from marts.fct_revenue_daily
            where customer_id = '{customer}' and year(revenue_date) = 2026 group by 1"""
        )
    )


def on_days(told, customer, *days):
    found = dict(
        told.query(
            f"""select strftime(revenue_date, '%m-%d'), round(revenue_usd, 6)::double from marts.fct_revenue_daily
            where customer_id = '{customer}'"""
        )
    )
    return [found.get(day) for day in days]


def mrr_of(told, customer):
    return dict(
        told.query(
            f"""select month(period_start_date), mrr_usd::double from intermediate.int_customer_mrr
            where period_grain = 'month' and customer_id = '{customer}'"""
        )
    )


def test_told_an_upgrade_and_a_downgrade_in_mid_period(told):
    # 11 April 14:24:36 leaves 1 676 124 of 2 592 000 seconds: -7.76 of 12 and 18.75 of 29.
    # 20 August 18:30:15 leaves 970 185 of 2 678 400: -10.50 of 29 and 4.35 of 12.
    expected = {3: 12, 4: 12 - 7.76 + 18.75, 5: 29, 6: 29, 7: 29, 8: 29 - 10.50 + 4.35, 9: 12, 10: 12}
    assert by_month(told, "acct_9101") == pytest.approx(expected)
    assert mrr_of(told, "acct_9101") == {3: 12, 4: 29, 5: 29, 6: 29, 7: 29, 8: 12, 9: 12, 10: 12}


def test_told_a_service_credit_churns_nobody(told):
    assert by_month(told, "acct_9102") == pytest.approx({5: 29, 6: 25, 7: 29, 8: 29, 9: 29, 10: 29})
    # 17 of 30 days are gone on the 18th: 4 x 17/30 comes off at once, the days to come are 25/30.
    days = on_days(told, "acct_9102", "06-17", "06-18", "06-19")
    assert days == pytest.approx([29 / 30, 25 / 30 - 4 * 17 / 30, 25 / 30], abs=1e-6)
    assert set(mrr_of(told, "acct_9102").values()) == {29}


def test_told_a_prepaid_pack_is_revenue_as_it_is_used_and_expires(told):
    # 90 paid for 100: 30 used are 27, 40 are 36, and what is left is 27.
    assert by_month(told, "acct_9103") == pytest.approx({6: 27, 7: 36, 10: 27})
    assert on_days(told, "acct_9103", "10-15") == [27]


def test_told_metered_use_in_arrears_with_an_accrual(told):
    # 1000 and 3000 answers share the 8 of August; the invoice of 10 replaces the 9 accrued; 6.20 are not invoiced yet.
    assert on_days(told, "acct_9104", "08-09", "08-10", "08-25") == [None, 2, 6]
    assert by_month(told, "acct_9104") == pytest.approx({8: 8, 9: 10, 10: 6.2})
    unbilled = "select unbilled_amount::double from marts.deferred_revenue_monthly where currency = 'USD'"
    assert told.query(f"{unbilled} and period_start_date = '2026-10-01'") == [(6.2,)]


def test_told_metered_use_in_arrears_without_an_accrual_is_incomplete(told):
    # 12 of the plan, and the 5 and 7 that the following month bills.
    assert by_month(told, "acct_9105") == pytest.approx({8: 17, 9: 19, 10: 12})
    incomplete = told.query(
        """select customer_id from intermediate.int_revenue_incomplete_monthly
        where period_start_date = '2026-10-01' and customer_id in ('acct_9104', 'acct_9105')"""
    )
    assert incomplete == [("acct_9105",)]


def test_told_a_dispute_and_an_invoice_given_up_take_back_what_was_served(told):
    for customer, before, after, months in (
        ("acct_9106", "07-20", "07-21", {6: 12, 7: 0}),
        ("acct_9107", "05-20", "05-21", {5: 0}),
    ):
        # 20 days of 12/31 are gone and come off on the 21st.
        assert on_days(told, customer, before, after) == pytest.approx([12 / 31, -240 / 31], abs=1e-6)
        assert by_month(told, customer) == pytest.approx(months, abs=1e-6)
    bad_debt = "select round(bad_debt_amount, 6)::double from marts.deferred_revenue_monthly where bad_debt_amount <> 0"
    assert told.query(bad_debt) == [(7.741935,)]


def test_told_tax_inside_a_price_and_a_coupon_are_no_revenue(told):
    assert by_month(told, "acct_9108") == pytest.approx({8: 10, 9: 10, 10: 10})
    assert by_month(told, "acct_9109") == pytest.approx({8: 21.75, 9: 21.75, 10: 21.75})
    assert mrr_of(told, "acct_9109") == {8: 21.75, 9: 21.75, 10: 21.75}


def test_told_accounts_have_no_calls(db):
    told_ids = ", ".join(f"'{account.customer_id}'" for account in stories.TOLD)
    assert one(db, f"select count(*) from calls where customer_id in ({told_ids})") == 0
    assert one(db, f"select count(*) from crm_customers where customer_id in ({told_ids})") == len(stories.TOLD)
    assert (
        one(db, f"select count(distinct customer_id) from crm_customers where customer_id not in ({told_ids})") == 445
    )
