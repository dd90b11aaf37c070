"""How the CRM of the demo company lists its accounts."""

from __future__ import annotations

import json
from datetime import date

import pandas as pd

from demo.accounts import UNMATCHED_PAYERS, has_keyless_payer, stripe_id, upgrade_day
from demo.stories import TOLD
from demo.world import END, day_number, stamp
from demo.writer import Writer


def crm_payer(customer: pd.Series, number: int) -> str | None:
    """The payer as the CRM names it: wherever Stripe does not say, but for UNMATCHED_PAYERS, and here and there."""
    if has_keyless_payer(customer):
        return None if customer.customer_id in UNMATCHED_PAYERS else stripe_id(customer)
    return stripe_id(customer) if customer.usd and number % 4 == 0 else None


CRM_COLUMNS = ["customer_id", "customer_name", "workspace_ids", "stripe_customer_id", "signed_up_at",
    "acquisition_channel", "campaign", "segment", "business_model",
               "acquisition_motion", "plan", "seats", "is_internal", "merged_into_customer_id", "churned_at",
               "updated_at"]  # fmt: skip


def write_crm(writer: Writer, customers: pd.DataFrame) -> None:
    """Accounts as first seen, then every change as a newer row."""
    rows, end = [], day_number(END)
    for number, customer in enumerate(customers.itertuples(index=False)):
        workspaces = [f"ws_{customer.customer_id[5:]}"] + (
            [f"ws_{customer.customer_id[5:]}b"] if customer.seats > 30 else []
        )
        row = {
            "customer_id": customer.customer_id, "customer_name": customer.name,
            "workspace_ids": json.dumps(workspaces) if number % 9 == 0 else ";".join(workspaces),
            "stripe_customer_id": crm_payer(customer, number),
            "signed_up_at": stamp(customer.signed),
            "acquisition_channel": customer.channel,
            "campaign": "launch-day" if customer.channel == "producthunt" else None, "segment": customer.segment,
            "business_model": customer.business_model, "acquisition_motion": customer.motion,
            "plan": customer.plan, "seats": customer.seats,
            "is_internal": bool(customer.is_internal), "updated_at": stamp(customer.signed),
            "_seen": stamp(customer.signed)}  # fmt: skip
        rows.append(row)
        changes = []
        if upgrade_day(customer):
            changes.append((upgrade_day(customer), {"plan": "pro"}))
        if customer.merged_into:
            changes.append(
                (day_number(date(2026, 4, 9)) + number % 60, {"merged_into_customer_id": customer.merged_into})
            )
        if customer.pays_to < end:
            changes.append((customer.pays_to, {"churned_at": stamp(customer.pays_to)}))
        for when, change in sorted(changes, key=lambda pair: pair[0]):
            row = {**row, **change, "updated_at": stamp(when + 0.4), "_seen": stamp(when + 0.4)}
            rows.append(row)
    rows += [told.crm_row() for told in TOLD]
    writer.by_month("crm_customers", rows, CRM_COLUMNS)
