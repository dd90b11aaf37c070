"""Files of a billing export, a CRM and a call log, landed and built, against figures worked out by hand.

What would silently go wrong: a rule that holds in a unit test and is lost between two models: a cent by a currency, a
day by a refund, a customer by a merge, a cohort by a join. One company; every case has months and customers of its own.
"""

import calendar
import json
from decimal import Decimal

import pytest

PRODUCT = "prod_assist"  # all of its revenue is earned by AI (seed product_ai_share)
NO_AI = "prod_setup"  # none of it


def call(number, customer, timestamp, output_tokens, **fields):
    """A call of gpt-5, whose output costs 10 USD per million tokens."""
    row = {"request_id": f"r{number}-{customer}", "timestamp": timestamp, "provider": "openai", "model": "gpt-5"}
    return (
        row
        | {
            "input_tokens": 0,
            "output_tokens": output_tokens,
            "customer_id": customer,
            "product_id": PRODUCT,
        }
        | fields
    )


class Company:
    """Rows by raw table."""

    def __init__(self):
        self.rows = {}

    def add(self, table, **row):
        self.rows.setdefault(table, []).append(row)

    def account(self, customer, signed_up, **fields):
        self.add("crm_customers", customer_id=customer, signed_up_at=f"{signed_up}T12:00:00Z", **fields)

    def payer(self, customer, **fields):
        self.add("stripe_customers", id=f"cus_{customer}", **({"metadata": {"customer_id": customer}} | fields))

    def invoice(self, number, customer, first, last, amount, *, product=PRODUCT, currency="usd", **fields):
        """An invoice of one line, made on its first day."""
        lines = fields.pop("lines", [(amount, first, last, product)])
        total = sum(line[0] for line in lines)
        invoice = {"id": number, "customer_id": f"cus_{customer}", "status": "paid", "currency": currency}
        self.add("stripe_invoices", **(invoice | {"created": f"{first}T00:00:00Z", "total": total, "tax": 0} | fields))
        for index, (cents, start, end, sold) in enumerate(lines):
            self.add(
                "stripe_invoice_line_items",
                id=f"{number}_{index}",
                invoice_id=number,
                amount=cents,
                currency=currency,
                product_id=sold,
                period_start=f"{start}T00:00:00Z",
                period_end=f"{end}T00:00:00Z",
                type="subscription",
            )


def margins(company):
    """March 2026: 50 USD, 500 inferences, 25 USD and 200 USD, 8 000 inferences, 400 USD."""
    for customer, dollars, inferences in (("small", 50, 500), ("large", 200, 8000)):
        company.account(customer, "2026-03-01", segment=customer)
        company.payer(customer)
        company.invoice(f"in_{customer}", customer, "2026-03-01", "2026-04-01", dollars * 100)
        for number in range(inferences):
            company.rows["inference_events"].append(call(number, customer, "2026-03-10T10:00:00Z", 5000))


def cohort(company):
    """January 2025: 50 000 USD, 10 000 signups, 800 active and 80 paying on day 90, which is 10 April."""
    company.add("acquisition_spend", spend_date="2025-01-10", channel="Launch ", amount="50000")
    for number in range(10000):
        customer = f"signup{number:05}"
        company.account(customer, "2025-01-10", acquisition_channel="launch")
        if number < 80:
            company.payer(customer)
            company.invoice(f"in_{customer}", customer, "2025-04-01", "2025-05-01", 100, product=NO_AI)
        if number >= 9200:
            company.rows["inference_events"].append(
                call(0, customer, "2025-04-08T10:00:00Z", 10, cache_hit=True, model="gpt-4o-mini")
            )


def efficiency(company):
    """June and July 2026: 5 000 000 USD a year, inference cost 95 000 USD and 52 000 USD a month."""
    company.account("giant", "2026-06-01")
    company.payer("giant")
    for month, following, dollars in (("06", "07", 95000), ("07", "08", 52000)):
        company.invoice(f"in_giant{month}", "giant", f"2026-{month}-01", f"2026-{following}-01", 41666667)
        when = f"2026-{month}-30T10:00:00Z" if month == "06" else "2026-07-31T10:00:00Z"
        company.rows["inference_events"].append(call(month, "giant", when, dollars * 100000))


def billing_traps(company):
    """One customer per trap, in months that no other case uses."""
    # An annual plan of 365 USD refunded 335 USD on day 30.
    company.payer("annual")
    company.invoice("in_annual", "annual", "2023-01-01", "2024-01-01", 36500, product=NO_AI)
    company.add("stripe_charges", id="ch_annual", customer_id="cus_annual", invoice_id="in_annual", amount=36500,
                status="succeeded", currency="usd", created="2023-01-01T00:00:00Z")  # fmt: skip
    company.add("stripe_refunds", id="re_annual", charge_id="ch_annual", amount=33500, currency="usd",
                created="2023-01-30T10:00:00Z", status="succeeded")  # fmt: skip
    # The same with a credit note of the same money, tax of 19 % on it, in euros; the rate is four days old.
    company.add("fx_rates", rate_date="2025-08-01", currency="EUR", usd_per_unit="1.1")
    company.add("fx_rates", rate_date="2025-08-20", currency="EUR", usd_per_unit="2")
    company.payer("euro")
    company.invoice("in_euro", "euro", "2025-08-05", "2025-08-15", 10000, currency="eur", product=NO_AI,
                    total=11900, tax=1900)  # fmt: skip
    company.add("stripe_charges", id="ch_euro", customer_id="cus_euro", invoice_id="in_euro", amount=11900,
                status="succeeded", currency="eur", created="2025-08-05T00:00:00Z")  # fmt: skip
    company.add("stripe_refunds", id="re_euro", charge_id="ch_euro", amount=5950, currency="eur",
                created="2025-08-10T10:00:00Z", status="succeeded")  # fmt: skip
    company.add("stripe_credit_notes", id="cn_euro", invoice_id="in_euro", amount=5950, currency="eur",
                created="2025-08-10T10:00:00Z", status="issued")  # fmt: skip
    # Yen have no decimals, dinars three; a leap day is a day.
    company.add("fx_rates", rate_date="2024-02-27", currency="JPY", usd_per_unit="0.0066")
    company.add("fx_rates", rate_date="2024-02-27", currency="KWD", usd_per_unit="3.25")
    company.payer("yen")
    company.invoice("in_yen", "yen", "2024-02-28", "2024-03-01", 1000, currency="jpy", product=NO_AI)
    company.payer("dinar")
    company.invoice("in_dinar", "dinar", "2024-02-28", "2024-02-28", 1000, currency="kwd", product=NO_AI)
    # Void, draft, test mode and a failed charge are nothing; a trial of 0 is no row; bad debt is taken back.
    company.payer("nothing")
    for status in ("void", "draft"):
        company.invoice(f"in_{status}", "nothing", "2024-05-01", "2024-05-02", 900, status=status)
    company.invoice("in_test", "nothing", "2024-05-01", "2024-05-02", 900, livemode=False)
    company.invoice("in_trial", "nothing", "2024-05-01", "2024-05-15", 0)
    company.add("stripe_charges", id="ch_failed", customer_id="cus_nothing", amount=900, status="failed",
                created="2024-05-01T00:00:00Z")  # fmt: skip
    company.payer("debtor")
    company.invoice("in_bad", "debtor", "2024-05-01", "2024-05-11", 1000, status="uncollectible", product=NO_AI)
    # A charge without invoice, half of it paid back two months later: a month of negative revenue.
    company.payer("shopper")
    company.add("stripe_charges", id="ch_shop", customer_id="cus_shopper", amount=800, status="succeeded",
                currency="usd", created="2024-06-01T00:00:00Z")  # fmt: skip
    company.add("stripe_refunds", id="re_shop", charge_id="ch_shop", amount=300, currency="usd",
                created="2024-08-02T00:00:00Z", status="succeeded")  # fmt: skip
    # An upgrade in mid-month: what is left of the old plan comes back as a negative line.
    company.payer("mover")
    old, new = "2024-09-01", "2024-09-16"
    company.invoice("in_old", "mover", old, "2024-10-01", 3000, product=NO_AI)
    company.invoice("in_new", "mover", new, "2024-10-01", 0, lines=[
        (-1500, new, "2024-10-01", NO_AI), (4500, new, "2024-10-01", NO_AI)])  # fmt: skip
    # Merged twice, and billed under the first name; a payer the CRM does not know; an account without a bill.
    company.account("first", "2024-01-01", merged_into_customer_id="second")
    company.account("second", "2024-01-01", merged_into_customer_id="third")
    company.account("third", "2024-01-01", customer_name="Third Ltd")
    company.payer("first")
    company.invoice("in_first", "first", "2024-11-01", "2024-11-02", 100, product=NO_AI)
    company.payer("foreign", metadata={}, name="Foreign Inc")
    company.invoice("in_foreign", "foreign", "2024-11-01", "2024-11-02", 200, product=NO_AI)
    company.account("quiet", "2024-01-02")
    # The company's own account pays itself.
    company.account("own", "2024-01-01", is_internal=True)
    company.payer("own")
    company.invoice("in_own", "own", "2024-12-01", "2024-12-02", 77700, product=NO_AI)
    # Paid once, left, and came back on day 90 after 1 February 2024, which is 1 May 2024.
    company.account("boomerang", "2024-02-01", churned_at="2024-03-01T00:00:00Z")
    company.payer("boomerang")
    company.invoice("in_boom1", "boomerang", "2024-02-01", "2024-02-02", 100, product=NO_AI)
    company.invoice("in_boom2", "boomerang", "2024-05-01", "2024-05-02", 100, product=NO_AI)


@pytest.fixture(scope="module")
def built(warehouse):
    company = Company()
    company.rows["inference_events"] = []
    for part in (margins, cohort, efficiency, billing_traps):
        part(company)
    for table, rows in company.rows.items():
        folder = warehouse.landing / table
        folder.mkdir(parents=True)
        (folder / "export.jsonl").write_text("\n".join(map(json.dumps, rows)) + "\n", encoding="utf-8")
    warehouse.land()
    # Every reconciliation of the project runs over this company too.
    warehouse.dbt("build", "--exclude-resource-type", "unit_test")
    return warehouse


def numbers(built, sql):
    """Rows with decimals rounded to nine places, where hand-worked figures end."""
    return [
        tuple(round(value, 9) if isinstance(value, Decimal) else value for value in row) for row in built.query(sql)
    ]


def revenue(built, customer):
    rows = built.query(
        f"""select strftime(revenue_date, '%Y-%m'), count(*), sum(revenue_usd) from marts.fct_revenue_daily
        where customer_id = '{customer}' group by 1 order by 1"""
    )
    return {month: (days, round(dollars, 9)) for month, days, dollars in rows}


def test_nothing_is_quarantined(built):
    assert built.query("select count(*) from raw.quarantine") == [(0,)]


def test_margins_are_50_and_minus_100_and_together_minus_70_percent(built):
    customers = numbers(
        built,
        """select customer_id, revenue_usd, successful_inference_count, ai_cost_usd, inference_margin_ratio,
        cost_per_inference_usd, has_negative_margin from marts.customer_margins_monthly
        where period_start_date = '2026-03-01' order by 1 desc""",
    )
    assert customers == [
        ("small", 50, 500, 25, Decimal("0.5"), Decimal("0.05"), False),
        ("large", 200, 8000, 400, -1, Decimal("0.05"), True),
    ]
    company = numbers(
        built,
        """select revenue_usd, ai_cost_usd, inference_margin_ratio, gross_margin_ratio from marts.gross_margin_monthly
        where period_start_date = '2026-03-01' and dimension = 'all'""",
    )
    assert company == [(250, 425, Decimal("-0.7"), Decimal("-0.7"))]


COHORT = """select spend_usd, signup_count, active_survivor_count, paying_survivor_count, naive_cac_usd,
    adjusted_cac_usd, hype_premium, is_mature from marts.acquisition_cohorts_monthly
    where cohort_month_date = '2025-01-01' and channel = 'launch'"""


def test_cohort_costs_5_and_625_and_by_activity_62_50(built, tmp_path):
    cohort_row = (50000, 10000, 800, 80, 5)
    assert numbers(built, COHORT) == [(*cohort_row, 625, 125, True)]
    # Compiled aside: with another var dbt reads the whole project again, and once more for the next test.
    mart, by_activity = "acquisition_cohorts_monthly", ["--vars", "{survivor_rule: active}"]
    built.dbt("compile", "--quiet", "--select", mart, "--target-path", str(tmp_path), *by_activity)
    [compiled] = tmp_path.glob(f"compiled/**/{mart}.sql")
    active = COHORT.replace(f"marts.{mart}", f"({compiled.read_text(encoding='utf-8')})")
    assert numbers(built, active) == [(*cohort_row, Decimal("62.5"), Decimal("12.5"), True)]


def test_inference_efficiency_is_4386_and_8013(built):
    months = built.query(
        """select strftime(period_start_date, '%m'), round(ier, 3), zone, is_complete
        from marts.inference_efficiency_monthly
        where dimension = 'customer' and dimension_value = 'giant' and not is_forecast order by 1"""
    )
    assert months == [("06", Decimal("4.386"), "warning", True), ("07", Decimal("8.013"), "at_floor", True)]


def test_annual_plan_refunded_on_day_30_leaves_30_dollars_of_the_year(built):
    # A negative copy of the schedule. What it takes off the days gone by stands on day 30.
    months = {f"2023-{month:02}": calendar.monthrange(2023, month)[1] for month in range(1, 13)}
    expected = {month: (days, round(Decimal(30 * days) / 365, 9)) for month, days in months.items()}
    assert revenue(built, "annual") == expected


def test_credit_note_and_refund_of_the_same_money_reduce_once(built):
    # 100 EUR net over ten days from 5 August at 1.1; 50 EUR net given back on the 10th: half of every day, that of the
    # days gone by on the 10th.
    assert revenue(built, "euro") == {"2025-08": (10, 55)}


def test_currencies_without_decimals_and_with_three(built):
    assert revenue(built, "yen") == {"2024-02": (2, Decimal("6.6"))}
    assert revenue(built, "dinar") == {"2024-02": (1, Decimal("3.25"))}


def test_void_draft_test_mode_and_failed_are_nothing_and_bad_debt_is_taken_back(built):
    assert revenue(built, "nothing") == {}
    # Uncollectible without a date: at the last end of its lines nothing of it was paid.
    assert revenue(built, "debtor") == {"2024-05": (11, 0)}
    bad_debt = "select bad_debt_amount from marts.deferred_revenue_monthly where period_start_date = '2024-05-01'"
    assert numbers(built, f"{bad_debt} and currency = 'USD'") == [(10,)]
    assert built.query("select first_paid_date from marts.dim_customers where customer_id = 'debtor'") == [(None,)]


def test_refund_of_a_charge_makes_a_negative_month(built):
    assert revenue(built, "shopper") == {"2024-06": (1, 8), "2024-08": (1, -3)}
    margin = """select revenue_usd, gross_margin_ratio, has_no_revenue, is_loss_making
        from marts.customer_margins_monthly where customer_id = 'shopper' and period_start_date = '2024-08-01'"""
    assert numbers(built, margin) == [(-3, None, True, True)]


def test_prorations_are_negative_lines(built):
    # 1 a day, then 1 - 1 + 3 a day.
    assert revenue(built, "mover") == {"2024-09": (30, 60)}


def test_merged_unknown_quiet_and_own_accounts(built):
    assert revenue(built, "third") == {"2024-11": (1, 1)}
    assert revenue(built, "cus_foreign") == {"2024-11": (1, 2)}
    customers = built.query(
        """select customer_id, customer_name, is_in_crm from marts.dim_customers
        where customer_id in ('first', 'second', 'third', 'cus_foreign', 'quiet') order by 1"""
    )
    assert customers == [
        ("cus_foreign", "Foreign Inc", False),
        ("quiet", "quiet", True),
        ("third", "Third Ltd", True),
    ]
    assert revenue(built, "own") == {"2024-12": (1, 777)}
    company = "select count(*) from marts.gross_margin_monthly where period_start_date = '2024-12-01'"
    assert built.query(company) == [(0,)]


def test_a_churned_customer_who_is_back_on_day_90_survives(built):
    cohort_row = """select signup_count, paid_count, paying_survivor_count from marts.acquisition_cohorts_monthly
        where cohort_month_date = '2024-02-01' and channel = 'unattributed'"""
    assert built.query(cohort_row) == [(1, 1, 1)]


def test_deferred_is_zero_when_everything_is_served(built):
    closing = (
        "select currency, closing_amount from marts.deferred_revenue_monthly where period_start_date = '2026-07-01'"
    )
    assert sorted(numbers(built, closing)) == [("EUR", 0), ("JPY", 0), ("KWD", 0), ("USD", 0)]
