"""Every billed dollar is somewhere: properties of bill allocation, true-up and fine-tuning over random months.

Hypothesis draws months: vendors' lines (usage, commitments, adjustments, credits, tax; one cent to thousands, negative
totals) and calls (none, one customer, many). Each month gets a vendor, customers and a feature of its own, so that all
of them land together and are built by the models in three builds. The tests know the bills, and nothing of how the
models share them out.

What would silently go wrong: money that vanishes or doubles between an invoice and the customers, a share pushed onto
somebody outside a line's scope, or an old share that stays when a late call changes it.
"""

import json
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from test_incremental import copy_of_marts, differences

RANDOM_MONTHS = 200
# What a bill can reach, with the data tests that ask for nothing else.
BILLS = ["--exclude-resource-type", "unit_test", "--indirect-selection", "buildable", "--select"]
BILLS += [f"+{mart}" for mart in ("cost_per_inference", "bill_reconciliation_monthly", "attribution_coverage_monthly")]
BILLS += ["+int_references_built"]
TOLERANCE = Decimal("0.000001")

# Sellers of the price book whose model has one price, for whom nobody else calls here; with a year of months each.
SELLERS = [
    ("anthropic", "claude-2"), ("avian", "Meta-Llama-3.1-405B-Instruct"), ("aws", "amazon.titan-text-express-v1"),
    ("azure", "phi-3-medium-128k-instruct"), ("cerebras", "gemma-4-31b"), ("cohere", "c4ai-aya-expanse-32b"),
    ("databricks", "databricks-gemma-3-12b"), ("deepseek", "deepseek-v3.2"), ("google", "gemini-1.0-pro-vision-001"),
    ("groq", "deepseek-r1-distill-llama-70b"), ("minimax", "M2-her"), ("mistral", "devstral-small"),
    ("moonshotai", "kimi-k2"), ("novita", "ming-image-0.1-design"), ("openrouter", "anubis-pro-105b-v1"),
    ("ovhcloud", "DeepSeek-R1-Distill-Llama-70B"), ("perplexity", "llama-3.1-sonar-large-128k-online"),
    ("x-ai", "grok-2-1212"), ("zai", "GLM-4-32B-0414-128K"), ("zhipuai", "GLM-4-AirX"),
]  # fmt: skip
MONTHS = [date(2025 + number // 12, number % 12 + 1, 1) for number in range(12)]
SHARED = ("gpu_compute", "vector_db", "other_ai", "other_cogs")


@dataclass
class Call:
    """A call of a random month: its day (1 to 28), customer, kind and tokens."""

    day: int
    customer: int
    kind: str  # priced, embedding, self_hosted, retrieval, cache_hit, failed
    tokens: int


@dataclass
class Line:
    """An invoice line of a random month, over days [first, last]; a shared one is tagged with the month's feature."""

    component: str
    kind: str
    cents: int
    first: int
    last: int
    tag: str  # none, model, customer


calls = st.builds(
    Call,
    day=st.integers(1, 28),
    customer=st.integers(0, 3),
    kind=st.sampled_from(["priced"] * 4 + ["embedding", "self_hosted", "retrieval", "cache_hit", "failed"]),
    tokens=st.integers(0, 5_000_000),
)
lines = st.builds(
    Line,
    component=st.sampled_from(["llm_api", "llm_api", "embedding", *SHARED]),
    kind=st.sampled_from(["usage"] * 4 + ["commitment", "adjustment", "credit", "tax"]),
    cents=st.one_of(st.just(1), st.integers(-50_000, 500_000), st.integers(-300, 300)),
    first=st.integers(1, 28),
    last=st.integers(1, 28),
    tag=st.sampled_from(["none", "none", "model", "customer"]),
)
months = st.tuples(st.lists(calls, max_size=8), st.lists(lines, max_size=6))


def drawn_months():
    """Random months as Hypothesis draws them, then one with 10 000 customers."""
    drawn = []

    @settings(
        max_examples=RANDOM_MONTHS, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(months)
    def draw(month):
        drawn.append(month)

    draw()
    crowd = [Call(1 + number % 28, number, "priced", 1000 + number) for number in range(10_000)]
    bills = [Line("llm_api", "usage", 123_457, 1, 28, "none"), Line("other_ai", "usage", 9_999, 3, 17, "none")]
    return [*drawn[:RANDOM_MONTHS], (crowd, bills)]


class Month:
    """A random month with the names and days that make it disjoint from the others."""

    def __init__(self, number, drawn):
        self.calls, self.lines = drawn
        self.key = f"w{number}"
        self.seller, self.model = SELLERS[number % len(SELLERS)]
        self.first_day = MONTHS[number // len(SELLERS) % len(MONTHS)]
        self.late = 0

    def day(self, number):
        return self.first_day + timedelta(days=number - 1)

    def call_rows(self, calls, prefix="c"):
        for number, call in enumerate(calls):
            seller, model = self.seller, self.model
            if call.kind == "self_hosted":
                seller, model = "self_hosted", "own-model"
            if call.kind == "retrieval":
                seller, model = "pinecone", "index"
            yield json.dumps({
                "request_id": f"{self.key}_{prefix}{number}", "timestamp": f"{self.day(call.day)}T12:00:00Z",
                "provider": seller, "model": model, "customer_id": f"{self.key}_{call.customer}", "feature": self.key,
                "call_type": call.kind if call.kind in ("embedding", "retrieval") else "generation",
                "status": "error" if call.kind == "failed" else "success", "cache_hit": call.kind == "cache_hit",
                "input_tokens": call.tokens, "output_tokens": 0 if call.kind == "embedding" else call.tokens // 7,
                "gpu_seconds": "0.25" if call.kind == "self_hosted" and call.tokens % 2 else None,
            })  # fmt: skip

    def bill_rows(self):
        for number, line in enumerate(self.lines):
            first, last = sorted((line.first, line.last))
            is_shared = line.component in SHARED
            yield json.dumps({
                "bill_id": f"{self.key}_b{number}", "provider": self.seller, "component": line.component,
                "kind": line.kind, "amount": str(Decimal(line.cents) / 100),
                "period_start": str(self.day(first)), "period_end": str(self.day(last) + timedelta(days=1)),
                "model": self.model.upper() if line.tag == "model" and not is_shared else None,
                "feature": self.key if is_shared else None,
                "customer_id": f"{self.key}_0" if line.tag == "customer" and is_shared else None,
            })  # fmt: skip

    def billed(self):
        """USD of the lines by component and nature: what any sum of shares has to come back to."""
        sums = defaultdict(Decimal)
        for line in self.lines:
            nature = line.kind if line.kind in ("credit", "tax") else "cost"
            sums[line.component, nature] += Decimal(line.cents) / 100
        return sums


@pytest.fixture(scope="module")
def world(warehouse):
    """The random months and the three fine-tuning jobs, landed and built."""
    drawn = [Month(number, month) for number, month in enumerate(drawn_months())]
    warehouse.land_lines("inference_events", [row for month in drawn for row in month.call_rows(month.calls)])
    warehouse.land_lines("ai_bills", [row for month in drawn for row in month.bill_rows()])
    land_training(warehouse)
    land_usage_report(warehouse)
    warehouse.dbt("build", *BILLS)
    return drawn


def land_training(warehouse):
    """Three jobs: more inferences than expected, exactly as many, and fewer; and a training bill without a job."""
    jobs, rows = [], []
    for job, cost, expected, served in (("over", "100", 3, 5), ("even", "1", 4, 4), ("under", "500", 50_000, 2)):
        job_row = {"job_id": job, "provider": "openai", "model": f"ft:{job}", "completed_at": "2025-02-10T09:00:00Z"}
        jobs.append(json.dumps(job_row | {"cost": cost, "expected_inferences": expected, "amortisation_months": 2}))
        rows += [
            json.dumps({"request_id": f"{job}_{n}", "timestamp": f"2025-02-1{n}T08:00:00Z", "provider": "self_hosted",
                        "model": f"FT:{job}", "customer_id": f"trainee_{n}", "input_tokens": 1, "output_tokens": 1,
                        "feature": "training"})
            for n in range(served)
        ]  # fmt: skip
    bill = {"bill_id": "lost", "provider": "openai", "component": "fine_tuning", "amount": "7"}
    warehouse.land_lines("finetuning_jobs", jobs)
    warehouse.land_lines("inference_events", rows)
    period = {"period_start": "2025-05-01", "period_end": "2025-06-01"}
    warehouse.land_lines("ai_bills", [json.dumps(bill | period)])


def land_usage_report(warehouse):
    """OpenAI bills 10 % more than our logs cost, and by its own count served 2 % more tokens than our logs hold."""
    call = {"request_id": "gap", "timestamp": "2025-03-01T10:00:00Z", "provider": "openai", "model": "ada",
            "input_tokens": 1_000_000, "output_tokens": 0, "customer_id": "gap", "feature": "gap"}  # fmt: skip
    bill = {"bill_id": "gap", "provider": "openai", "component": "llm_api", "amount": "0.44"}
    # The last day of all: no bill reaches past as_of_date, none is prepaid.
    end = call | {"request_id": "end", "timestamp": "2025-12-31T10:00:00Z", "input_tokens": 0}
    warehouse.land_lines("inference_events", [json.dumps(call), json.dumps(end)])
    period = {"period_start": "2025-03-01", "period_end": "2025-03-11"}
    warehouse.land_lines("ai_bills", [json.dumps(bill | period)])
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute(
            """insert into raw.openai_usage by name select timestamp '2025-03-01' as start_time,
            timestamp '2025-03-02' as end_time, 'ada' as model, 1020000 as input_tokens, 0 as output_tokens,
            1 as _load_id, 1 as _source_row"""
        )


def sums(warehouse, sql):
    return {tuple(row[:-1]): row[-1] for row in warehouse.query(sql)}


def assert_properties(warehouse, world):
    """What holds for every month, whatever was drawn."""
    reconciled = {
        (first_day, seller, component): values
        for first_day, seller, component, *values in warehouse.query(
            """select period_start_date, resolved_provider, component, sum(billed_cost_usd), sum(credit_usd),
            sum(tax_usd), sum(allocated_cost_usd + unattributed_cost_usd), sum(uncovered_computed_cost_usd)
            from marts.bill_reconciliation_monthly group by all"""
        )
    }
    charged = sums(
        warehouse,
        """
        unpivot (
            select
                case when feature like 'w%' then feature
                    when customer_id like 'w%\\_%' escape '\\' then split_part(customer_id, '_', 1)
                    else provider || '|' || date_trunc('month', usage_date)::date end as month_key,
                sum(llm_api_cost_usd + prompt_cache_cost_usd + embedding_cost_usd) as priced,
                sum(gpu_compute_cost_usd) as gpu_compute, sum(vector_db_cost_usd) as vector_db,
                sum(other_ai_cost_usd) as other_ai
            from marts.fct_usage_daily group by all
        ) on columns(* exclude month_key) into name component value cost""",
    )
    for month in world:
        billed = month.billed()
        uncovered = Decimal(0)
        for component in {component for component, _ in billed} | {"llm_api", "embedding"}:
            found = reconciled.get((month.first_day, month.seller, component), [Decimal(0)] * 5)
            assert found[0] == billed[component, "cost"], (month.key, component)
            assert found[1] == billed[component, "credit"], (month.key, component)
            assert found[2] == billed[component, "tax"], (month.key, component)
            assert abs(found[3] - found[0]) <= TOLERANCE, (month.key, component)
            uncovered += (found[4] or 0) if component in ("llm_api", "embedding") else 0
        # The month's own rows and its vendor's unattributed ones carry its bills, and nothing else does.
        left_over = charged.get((f"{month.seller}|{month.first_day}", "priced"), Decimal(0))
        priced = charged.get((month.key, "priced"), Decimal(0)) + left_over
        expected = billed["llm_api", "cost"] + billed["embedding", "cost"] + uncovered
        assert abs(priced - expected) <= TOLERANCE, (month.key, priced, expected)
        for component in SHARED[:3]:
            found = charged.get((month.key, component), Decimal(0))
            assert abs(found - billed[component, "cost"]) <= TOLERANCE, (month.key, component)
    # Every slice adds up to the same total, to the last digit.
    slices = warehouse.query(
        """select count(distinct total) from (select dimension, period_start_date, sum(ai_cost_usd) as total
        from marts.cost_per_inference where period_grain = 'month' group by all) group by period_start_date"""
    )
    assert {count for (count,) in slices} == {1}
    total = "select sum(ai_cost_usd) from marts."
    assert len({warehouse.query(f"{total}fct_usage_daily")[0][0]} | {
        warehouse.query(f"{total}cost_per_inference where period_grain = '{grain}' and dimension = '{name}'")[0][0]
        for grain in ("day", "month") for name in ("customer", "model", "feature", "all")
    }) == 1  # fmt: skip


def test_every_bill_is_carried_or_stands_unattributed(world, warehouse):
    assert len(world) == RANDOM_MONTHS + 1
    kinds = {line.kind for month in world for line in month.lines}
    assert kinds == {"usage", "commitment", "adjustment", "credit", "tax"}
    classes = {row[0] for row in warehouse.query("select variance_class from marts.bill_reconciliation_monthly")}
    assert {"no_bill", "no_usage", "unexplained", "price_difference", "usage_gap"} <= classes
    assert_properties(warehouse, world)


def test_a_usage_gap_is_nobodys_cost(world, warehouse):
    """0.40 is computed, 0.44 billed, and the provider counted 2 % more tokens: 0.04 is what our logs did not see."""
    row = warehouse.query(
        """select variance_class, computed_cost_usd, allocated_cost_usd, unattributed_cost_usd, covered_days
        from marts.bill_reconciliation_monthly where resolved_provider = 'openai' and component = 'llm_api'"""
    )
    assert row == [("usage_gap", Decimal("0.4"), Decimal("0.4"), Decimal("0.04"), 10)]
    days = warehouse.query(
        """select count(distinct usage_date), max(llm_api_cost_usd) from marts.fct_usage_daily
        where customer_id = 'unattributed' and provider = 'openai' and llm_api_cost_usd <> 0"""
    )
    assert days == [(10, Decimal("0.004"))]


def test_training_is_charged_to_the_exact_cent(world, warehouse):
    """Over: 33.33 twice and the rest; even: 0.25 each; under: 0.01 each, and 499.98 on the last day of the window."""
    charged = sums(
        warehouse,
        """select lower(model), customer_id, cast(usage_date as varchar), sum(fine_tuning_cost_usd)
        from marts.fct_usage_daily where fine_tuning_cost_usd <> 0 group by all""",
    )
    third = Decimal("33.333333333333")
    expected = {("ft:over", f"trainee_{n}", f"2025-02-1{n}"): third for n in range(2)}
    expected["ft:over", "trainee_2", "2025-02-12"] = Decimal("33.333333333334")
    expected |= {("ft:even", f"trainee_{n}", f"2025-02-1{n}"): Decimal("0.25") for n in range(4)}
    expected |= {("ft:under", f"trainee_{n}", f"2025-02-1{n}"): Decimal("0.01") for n in range(2)}
    expected["ft:under", "unattributed", "2025-04-09"] = Decimal("499.98")
    # The bill of May has no job completed in May: nobody's, evenly over its 31 days.
    lost = {key: charged.pop(key) for key in list(charged) if key[0] == "unattributed"}
    assert charged == expected
    assert len(lost) == 31
    assert abs(sum(lost.values()) - 7) <= TOLERANCE


def test_an_invoice_line_can_be_followed_to_its_customers(world, warehouse, tmp_path):
    """A shared line and a trued-up one of the month with 10 000 customers end where the analysis says they end."""
    # Compiled aside and once: with another var dbt reads the whole project again, and once more for the next test.
    name, any_line = "follow_an_invoice_line", ["--vars", "{bill_id: bill-to-follow}"]
    warehouse.dbt("compile", "--quiet", "--select", name, "--target-path", str(tmp_path), *any_line)
    [compiled] = tmp_path.glob(f"compiled/**/{name}.sql")
    for number, amount in enumerate((Decimal("1234.57"), Decimal("99.99"))):
        bill = f"{world[-1].key}_b{number}"
        sql = compiled.read_text(encoding="utf-8").replace("bill-to-follow", bill)
        found = warehouse.query(f"select sum(carried_usd), count(distinct customer_id) from ({sql})")
        # Beyond 1.25 times the computed cost the first line is nobody's, and no customer's part.
        computed = warehouse.query(
            f"""select sum(computed_cost_usd) from intermediate.int_calls_priced where feature = '{world[-1].key}'"""
        )[0][0]
        expected = amount if number else min(amount, computed * Decimal("1.25"))
        assert abs(found[0][0] - expected) <= TOLERANCE * 10
        assert found[0][1] > 5_000


def test_late_calls_and_corrected_bills_leave_no_old_share(world, warehouse, tmp_path):
    late, corrected = [], []
    for month in world[::7]:
        kinds = ("priced", "self_hosted", "retrieval", "embedding")
        more = [Call(5 + number, number, kind, 40_000) for number, kind in enumerate(kinds)]
        late += list(month.call_rows(more, prefix="late"))
    for month in world[3::11]:
        for line in month.lines:
            line.cents += 1_000
        corrected += list(month.bill_rows())
    warehouse.land_lines("inference_events", late)
    if corrected:
        warehouse.land_lines("ai_bills", corrected)
    warehouse.dbt("build", *BILLS)
    assert_properties(warehouse, world)
    kept = copy_of_marts(warehouse, tmp_path / "incremental.duckdb")
    warehouse.dbt("run", "--full-refresh", *BILLS[4:])
    assert not differences(warehouse, kept)
