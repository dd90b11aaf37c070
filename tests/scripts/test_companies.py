"""Small companies of every kind: whatever is missing or sparse, valid files make a green build, a release and a page.

What would silently go wrong: a data test that fails on correct data holds the release back, and a part of the page that
meets a null for the first time costs the whole page. Each example is a whole run of the job: COMPANIES sets how many
are drawn beside the two that failed once.
"""

import datetime
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import answers
import pytest
from hypothesis import HealthCheck, Phase, example, given, settings
from hypothesis import strategies as st

from reporting.page import UNDRAWN

PROJECT = Path(__file__).resolve().parents[2]
DAY = datetime.date(2026, 1, 5)  # a Monday
# Weeks and a month without a call, and none in the last whole week; one 86 days after the first customer's signup.
SPARSE = [0, 1, 9, 30, 31, 47, 60, 86, 103]


def on(day, clock="10:00:00"):
    return f"{DAY + datetime.timedelta(days=day)}T{clock}Z"


def calls(days, customers):
    """One to three calls a day, every model and customer in turn; retries, failures and cache hits among them."""
    for place, day in enumerate(days):
        for number in range(1 + place % 3):
            customer = customers[(place + number) % len(customers)]
            yield {
                "request_id": f"r{day}-{number}",
                "timestamp": on(day, f"1{number}:00:00"),
                "provider": "openai",
                "model": ["gpt-5", "gpt-5-mini"][place % 2],
                "input_tokens": 1000 * (1 + number),
                "output_tokens": 100,
                "status": "error" if (place + number) % 7 == 6 else "success",
                **({"customer_id": customer, "user_id": f"{customer}@example.com"} if customer else {}),
                **({"workflow_run_id": f"w{day}", "workflow": "ticket", "step": "draft"} if place % 2 else {}),
            }


def billing(customers):
    """An invoice of two months for each customer, made by the billing system."""
    yield "stripe_products", {"id": "prod_assist"}
    for number, customer in enumerate(filter(None, customers)):
        yield "stripe_customers", {"id": f"cus_{number}", "metadata": {"customer_id": customer}}
        line = {"id": f"in_{number}", "customer_id": f"cus_{number}", "status": "paid", "currency": "usd"}
        yield "stripe_invoices", line | {"created": on(number), "total": 6000, "tax": 0, "amount_paid": 6000}
        line = {"id": f"il_{number}", "invoice_id": f"in_{number}", "amount": 6000, "currency": "usd"}
        yield (
            "stripe_invoice_line_items",
            line | {"product_id": "prod_assist", "period_start": on(number), "period_end": on(number + 59)},
        )


def evaluations(count):
    for number in range(count):
        pair = {"evaluation_id": f"e{number}", "task_id": f"t{number}", "evaluated_at": on(number), "use_case": "chat"}
        models = {"expensive_model": "gpt-5", "cheap_model": "gpt-5-mini"}
        yield "paired_evaluations", pair | models | {"expensive_score": 0.9, "cheap_score": 0.9 - number % 2 / 10}
        yield "quality_scores", {"release_id": f"v{number}", "released_at": on(30 * number), "score": 0.5 + number / 10}


def company(days=(), customers=("c",), billed=False, crm=False, bills=False, spend=False, evaluated=0, others=False):
    """Rows by source."""
    rows = [("inference_events", row) for row in calls(days, customers)]
    rows += billing(customers) if billed else []
    rows += evaluations(evaluated)
    for number, customer in enumerate(filter(None, customers if crm else ())):
        rows.append(("crm_customers", {"customer_id": customer, "signed_up_at": on(number), "channel": "search"}))
    if spend:
        rows.append(("acquisition_spend", {"spend_date": str(DAY), "channel": "search", "amount": "100.00"}))
    for component in ("llm_api", "gpu_compute", "other_cogs") if bills else ():
        bill = {"bill_id": component, "provider": "openai", "component": component, "amount": "12.50"}
        # A snapshot that no call names and the book does not list: what is beyond the cap is nobody's, under its name.
        bill |= {"model": "gpt-5-2025-08-07"} if component == "llm_api" else {}
        rows.append(
            ("ai_bills", bill | {"period_start": str(DAY), "period_end": str(DAY + datetime.timedelta(days=20))})
        )
    if others:
        rows.append(("workflow_outcomes", {"workflow_run_id": "w1", "outcome": "completed", "resolved_at": on(1)}))
        rows.append(("feedback", {"feedback_id": "f", "kind": "thumbs_up", "created_at": on(2), "request_id": "r1-0"}))
        rows.append(("fx_rates", {"rate_date": str(DAY), "currency": "EUR", "usd_per_unit": "1.1"}))
    return rows


COMPANIES = st.builds(
    company,
    days=st.one_of(st.just(()), st.lists(st.integers(0, 120), min_size=1, max_size=20, unique=True).map(sorted)),
    customers=st.lists(st.sampled_from(["c", "d", "all", "internal", None, "O'Neil & <b>Co"]), min_size=1, unique=True),
    billed=st.booleans(),
    crm=st.booleans(),
    bills=st.booleans(),
    spend=st.booleans(),
    evaluated=st.sampled_from([0, 1, 3]),
    others=st.booleans(),
)


@pytest.fixture
def folder(session_folder):
    """Always the same paths: others would make dbt read the whole project again."""
    return session_folder / "current"


@given(rows=COMPANIES)
@example(rows=company(days=SPARSE, customers=("c", None), bills=True, crm=True))
@example(rows=company(billed=True, crm=True))
@settings(
    max_examples=int(os.environ.get("COMPANIES", "1")),
    derandomize=True,
    deadline=None,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
def test_a_small_company_gets_a_green_build_and_a_page(folder, rows):
    shutil.rmtree(folder, ignore_errors=True)
    for source, row in rows:
        path = folder / "landing" / source / "rows.jsonl"
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")
    (folder / "landing").mkdir(parents=True, exist_ok=True)
    environment = os.environ | {
        "DBT_TARGET_PATH": str(folder.parent / "target"),
        "DBT_LOG_PATH": str(folder.parent / "logs"),
        "DBT_PROFILES_DIR": str(PROJECT),
    }
    paths = [
        "--landing",
        folder / "landing",
        "--warehouse",
        folder / "build.duckdb",
        "--published",
        folder / "published",
    ]
    command = [sys.executable, PROJECT / "scripts" / "run.py", *paths]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    summary = json.loads(done.stdout)
    assert done.returncode == 0, f"{summary['reason']}\n{done.stderr[-3000:]}"
    assert summary["refused"] == []
    page = (folder / "published" / "report.html").read_text(encoding="utf-8")
    assert "What these figures rest on" in page
    assert UNDRAWN not in page
    release = answers.opened(folder / "published" / "ai_unit_economics.duckdb")
    assert answers.wrong(release, month_count=1) == []
    release.close()
    script = [sys.executable, PROJECT / "scripts" / "summary.py", "--warehouse", folder / "build.duckdb"]
    subprocess.run(script, check=True, capture_output=True)
