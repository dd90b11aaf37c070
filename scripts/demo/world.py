"""The invented company of `demo_company.py` as tables: plans, models, features, bills, evaluations; its calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

# fmt: off
MONTHS = [f"{2025 + (8 + i) // 12}-{(8 + i) % 12 + 1:02d}" for i in range(14)]
START, END = date(2025, 9, 1), date(2026, 11, 1)
DEFAULT_CALLS = 200_000
DAY_US = 86_400_000_000

# plan: segment, business model, motion, product, USD a month, share of signups, usage weight, its spread, seats,
#       churn a month
PLANS = {
    "free": ("individual", "free", "low_touch_b2c", "prod_write", 0, 0.46, 0.25, 1.0, (1, 1), 0.60),
    "starter": ("individual", "low_value_b2c", "low_touch_b2c", "prod_write", 3, 0.16, 0.5, 1.0, (1, 1), 0.035),
    "pro": ("individual", "low_value_b2c", "low_touch_b2c", "prod_write", 7, 0.16, 0.8, 1.5, (1, 2), 0.025),
    "team": ("smb", "high_value_b2b", "low_touch_b2b", "prod_assist", 12, 0.13, 3.0, 0.9, (3, 12), 0.018),
    "business": ("mid_market", "high_value_b2b", "high_touch_b2b", "prod_assist", 29, 0.06, 8.0, 0.8, (10, 40),
    0.010),
    "enterprise": ("enterprise", "enterprise", "high_touch_b2b", "prod_assist", 79, 0.04, 18.0, 0.7, (50, 300),
    0.003),
}
PRODUCTS = {"prod_assist": "Wrenfold Assist", "prod_write": "Wrenfold Write", "prod_desk": "Wrenfold Desk",
    "prod_setup": "Onboarding"}
DESK_USD = 5  # the helpdesk with AI answers, a second recurring line of half the B2B customers
EARLY_ACCOUNTS, HYPE_MONTH, HYPE_ACCOUNTS = 60, "2026-02", 150
SIGNUPS = [12, 13, 14, 14, 15, 16, 16, 17, 18, 18, 19, 20, 21, 22]
CHANNELS = {  # channel: share of signups, media USD a month, currency
    "google_ads": (0.28, 75, "USD"), "linkedin": (0.17, 90, "EUR"), "content": (0.22, 15, "USD"),
    "partner": (0.13, 25, "USD"), "outbound": (0.12, 20, "USD"), None: (0.08, 0, "USD"),
}
FX_START = {"EUR": 1.12, "GBP": 1.30, "JPY": 0.0068}

#         key: provider, model as logged, reasoning tokens per visible output token
MODELS = {
    "sonnet4": ("anthropic", "claude-sonnet-4-20250514", 0), "sonnet45": ("anthropic", "claude-sonnet-4-5", 0),
    "sonnet46": ("anthropic", "claude-sonnet-4-6", 0), "opus41": ("anthropic", "claude-opus-4-1", 0),
    "opus45": ("anthropic", "claude-opus-4-5", 0),
    "haiku45": ("anthropic", "claude-haiku-4-5", 0), "gpt5": ("openai", "gpt-5", 2.2), "gpt5mini": ("openai",
    "gpt-5-mini", 0.5),
    "luna": ("openai", "gpt-5.6-luna", 1.4), "gpt41mini": ("openai", "gpt-4.1-mini", 0), "azure": ("azure",
    "wf-prod-mini-eu", 0),
    "flash": ("google", "gemini-2.5-flash", 0.2), "geminipro": ("google", "gemini-2.5-pro", 0.8),
    "llama": ("groq", "llama-3.1-8b-instant", 0), "own": ("self_hosted", "wrenfold-llama-3.1-8b", 0),
    "ft1": ("openai", "ft:gpt-4o-mini-2024-07-18:wrenfold:tagger:B7xQ2", 0),
    "ft2": ("openai", "ft:gpt-4o-mini-2024-07-18:wrenfold:tagger:C4mRt", 0), "typo": ("openai", "gpt5-mini-eu", 0.5),
    "image": ("openai", "gpt-image-1", 0), "embed": ("openai", "text-embedding-3-small", 0),
    "moderate": ("openai", "omni-moderation-latest", 0), "rerank": ("cloudflare", "@cf/baai/bge-reranker-base", 0),
    "index": ("pinecone", "support-kb", 0),
}
UNPRICED = ("own", "index")  # their cost comes from bills
FREE = ("moderate",)
PRICED_AS = {  # dated: what a logged name really is (model_aliases.csv says the first two)
    "azure": [("2025-09-01", "azure", "gpt-4o-mini"), ("2026-04-01", "azure", "gpt-4.1-mini")],
    "typo": [("2025-09-01", "openai", "gpt-5-mini")],
}
CONTRACT = [  # provider, model as logged or resolved, or None, tier or None, discount, from, to (exclusive)
    # On a deployment name of the company's own: the seed that says so is shipped, and must touch nobody else's calls.
    ("azure", "wf-prod-mini-eu", None, 0.15, "2026-01-01", None),
]
TIERS = ["standard", "batch", "flex", "priority"]
STATUSES = ["success", "error", "timeout", "cancelled"]


@dataclass(frozen=True)
class Step:
    """One kind of call in a workflow."""

    name: str
    call_type: str
    tokens_in: int
    tokens_out: int
    models: dict[str, dict[str, float]]  # first month -> share of each model
    share: float = 1.0  # of the runs that take the step
    cacheable: float = 0.0  # share of the input that is a stable prefix


@dataclass(frozen=True)
class Feature:
    """A feature with its workflow; one run makes the calls of its steps."""

    name: str
    workflow: str
    product: str
    team: str
    use_case: str | None  # None: left to the use_cases seed
    audience: str  # write, assist, platform
    weight: float
    steps: tuple[Step, ...]
    start: date = START
    hit_ratio: float = 0.0  # answered by the response cache
    outcome: bool = False


def always(*models: str) -> dict[str, dict[str, float]]:
    """Equal shares of the models in every month."""
    return {MONTHS[0]: {model: 1 / len(models) for model in models}}


CHAT_MODELS = {  # luna comes in July 2026 and its vendor cuts the price by 80 % on 2026-07-30
    "2025-09": {"gpt5": 0.5, "sonnet4": 0.25, "opus41": 0.25},
    "2025-10": {"gpt5": 0.5, "sonnet45": 0.25, "opus41": 0.25},
    "2026-01": {"gpt5": 0.55, "sonnet45": 0.25, "opus45": 0.194, "typo": 0.006},
    "2026-03": {"gpt5": 0.55, "sonnet46": 0.2, "opus45": 0.2, "gpt5mini": 0.044, "typo": 0.006},
    "2026-07": {"gpt5": 0.25, "sonnet46": 0.12, "opus45": 0.13, "gpt5mini": 0.044, "typo": 0.006, "luna": 0.45},
}
DRAFT_MODELS = {  # the migration of the spring: from a large model to smaller ones
    "2025-09": {"opus41": 1.0}, "2026-03": {"opus41": 0.75, "sonnet46": 0.15, "gpt5mini": 0.1},
    "2026-04": {"opus41": 0.3, "opus45": 0.15, "sonnet46": 0.25, "haiku45": 0.15, "gpt5mini": 0.15},
    "2026-05": {"opus45": 0.35, "sonnet46": 0.25, "haiku45": 0.25, "gpt5mini": 0.15},
}
LONG_MODELS = {
    "2025-09": {"sonnet4": 0.4, "geminipro": 0.3, "opus41": 0.3}, "2025-10": {"sonnet45": 0.4, "geminipro": 0.3,
    "opus41": 0.3},
    "2026-03": {"sonnet46": 0.6, "geminipro": 0.2, "flash": 0.2},
}
FEATURES = (
    Feature("faq_bot", "faq", "prod_assist", "assist-core", None, "assist", 0.24, (
        Step("moderate", "moderation", 110, 0, always("moderate")),
        Step("answer", "generation", 950, 190, always("azure"), cacheable=0.5)), hit_ratio=0.36),
    Feature("support_agent", "support_ticket", "prod_assist", "assist-rag", "rag", "assist", 0.32, (
        Step("route", "classification", 340, 18, {"2025-09": {"llama": 0.5, "flash": 0.5}}, share=0.6),
        Step("embed", "embedding", 70, 0, always("embed")),
        Step("search", "retrieval", 70, 0, always("index")),
        Step("rerank", "rerank", 1600, 0, always("rerank"), share=0.75),
        Step("draft", "generation", 3500, 880, DRAFT_MODELS, cacheable=0.55),
        Step("review", "generation", 1250, 330, always("gpt5"), share=0.3)), outcome=True),
    Feature("tagger", "tagging", "prod_assist", "assist-core", None, "assist", 0.10, (
        Step("tag", "classification", 320, 22, {"2025-09": {"gpt41mini": 1.0}, "2026-02": {"ft1": 1.0},
            "2026-08": {"ft2": 1.0}}),)),
    Feature("ticket_summary", "summary", "prod_desk", "assist-core", "summarisation", "assist", 0.10, (
        Step("summarise", "generation", 1300, 280, {"2025-09": {"flash": 1.0}, "2025-12": {"own": 1.0}}),)),
    Feature("weekly_digest", "digest", "prod_desk", "platform", "summarisation", "assist", 0.06, (
        Step("digest", "generation", 2500, 500, always("gpt5mini")),)),
    Feature("playbooks", "playbook", "prod_assist", "assist-rag", "chat", "assist", 0.03, (
        Step("advise", "generation", 1900, 350, {"2025-09": {"gpt5": 1.0}, "2025-11": {"haiku45": 1.0}},
            cacheable=0.75),)),
    Feature("voice_of_customer", "voc_report", "prod_assist", "assist-rag", "rag", "assist", 0.05, (
        Step("embed", "embedding", 300, 0, always("embed")),
        Step("report", "generation", 3300, 900, always("sonnet46"), cacheable=0.3)), start=date(2026, 8, 17)),
    Feature("writing_assistant", "compose", "prod_write", "write", "chat", "write", 0.80, (
        Step("draft", "generation", 1150, 430, CHAT_MODELS, cacheable=0.4),
        Step("refine", "generation", 1500, 390, CHAT_MODELS, share=0.4, cacheable=0.4))),
    Feature("long_document", "document_summary", "prod_write", "write", "summarisation", "write", 0.22, (
        Step("outline", "generation", 2400, 420, LONG_MODELS), Step("summary", "generation", 2900, 700,
            LONG_MODELS)), outcome=True),
    Feature("code_helper", "snippet", "prod_write", "write", "code", "write", 0.14, (
        Step("code", "generation", 1400, 650, always("gpt5"), cacheable=0.3),)),
    Feature("image_maker", "image", "prod_write", "write", "image", "write", 0.03, (
        Step("paint", "image", 90, 1056, always("image")),)),
    Feature("kb_index", "indexing", "prod_assist", "platform", "indexing", "platform", 0.012, (
        Step("embed", "embedding", 900, 0, always("embed")),)),
)
STEPS = [(feature, step) for feature in FEATURES for step in feature.steps]
# A script of a customer that calls in a loop: feature, first day, days, times the customer's usual day
RUNAWAY = ("code_helper", date(2026, 10, 20), 3, 30)
INFERENCE_TYPES = ("generation", "classification", "image")
BATCH_FROM, TIERS_FROM = "2026-01", date(2026, 10, 12)

# Vendor bills beside the computed amounts: provider and month -> billed ÷ computed, and lines that are not plain usage
BILLED = ("openai", "anthropic", "google", "azure", "cloudflare")  # groq never sends one
BILL_RATIOS = {("anthropic", "2026-04"): 1.07, ("openai", "2025-12"): 1.09}  # a price difference, a usage gap
USAGE_REPORT = {"2025-12": 1.09, "2026-01": 1.0}  # the provider's own usage report, of the gap month and the next
BILL_MISSING = {("google", "2026-10")}  # has not come yet
BILL_CORRECTED = ("openai", "2026-02")  # 10 % too high, replaced a month later under the same bill_id
BILL_LINES = [  # provider, month, kind, share of the usage line, text
    ("google", "2026-01", "credit", -0.25, "promotional credit"), ("openai", "2026-05", "adjustment", -0.04,
        "adjustment of April"),
    ("anthropic", "2026-06", "commitment", 0.08, "shortfall against the commitment"),
]
FIXED_BILLS = [  # provider, component, USD a month, first month, months per line, feature, text
    ("runpod", "gpu_compute", 6, "2025-12", 1, None, "A100 hours"),
    ("pinecone", "vector_db", 6, "2025-09", 1, None, "serverless index"),
    ("langfuse", "other_ai", 4, "2025-09", 3, None, "tracing, quarterly"),
    ("brave", "other_ai", 2, "2026-08", 1, "voice_of_customer", "search API"),
    ("aws", "other_cogs", 35, "2025-09", 1, None, "hosting"),
    ("helpscout", "other_cogs", 15, "2025-09", 1, None, "support seats"),
]
JOBS = [  # job, model, completed, USD, expected inferences, months
    ("ftjob-tagger-1", "ft1", "2026-01-20T15:04:00Z", 18, 3600, 6),
    ("ftjob-tagger-2", "ft2", "2026-07-24T09:30:00Z", 21, 4200, 6),
]
EVALUATIONS = [  # use case, expensive, cheap, month, pairs, mean expensive, mean cheap ÷ expensive
    ("chat", "gpt5", "gpt5mini", "2026-09", 240, 0.88, 0.975), ("chat", "sonnet46", "luna", "2026-10", 180,
        0.90, 0.86),
    ("rag", "opus41", "gpt5mini", "2026-02", 260, 0.89, 0.96), ("rag", "sonnet46", "haiku45", "2026-09", 150,
        0.88, 0.97),
    ("code", "gpt5", "gpt5mini", "2026-08", 160, 0.86, 0.70), ("summarisation", "sonnet46", "flash", "2026-09",
        200, 0.91, 0.98),
    ("classification", "flash", "llama", "2026-10", 24, 0.93, 0.97),
]
RELEASES = [  # release, day, score, n, standard deviation, cumulative users, source of the gain, USD
    ("r1", "2025-09-02", 0.742, 600, 0.24, 900, "prompt", 60), ("r2", "2025-11-04", 0.761, 600, 0.23, 1400,
        "manual_labels", 310),
    ("r3", "2026-01-13", 0.783, 700, 0.23, 2100, "user_signal", 110), ("r4", "2026-03-03", 0.779, 700, 0.24,
        3900, "base_model", 50),
    ("r5", "2026-05-05", 0.801, 800, 0.22, 4600, "user_signal", 105), ("r6", "2026-07-07", 0.812, 800, 0.22,
        5600, "user_signal", 95),
    ("r7", "2026-09-01", 0.818, 900, 0.21, 6900, "manual_labels", 240), ("r8", "2026-10-13", 0.826, 900, 0.21,
        7600, "user_signal", 90),
]
BAD_LINES = (  # one per reason of the quarantine
    '{"request_id":"req_bad1","timestamp":"2025-10-07T09:00:00Z","model":"gpt-5","input_tokens":120,"output_tok',
    '{"request_id":"req_bad2","timestamp":"2025-10-07T09:00:01Z","model":"gpt-5","input_tokens":-3,"output_tokens":40}',
    '{"request_id":"req_bad3","timestamp":"2025-10-07T09:00:02Z","model":"gpt-5","input_tokens":120,"output_tokens":40,"status":"odd"}',
    '{"request_id":"req_bad4","timestamp":"2025-10-07T09:00:03Z","model":"gpt-5","input_tokens":10.7,"output_tokens":40}',
    '{"timestamp":"2025-10-07T09:00:04Z","model":"gpt-5","input_tokens":120,"output_tokens":40}',
)
SUFFIXES = (".jsonl.gz", ".jsonl", ".csv", ".csv.gz", ".parquet")

# fmt: on


def month_start(month: str) -> date:
    """First day of a month `YYYY-MM`."""
    return date.fromisoformat(month + "-01")


def month_end(month: str) -> date:
    """First day after it."""
    return (month_start(month) + timedelta(32)).replace(day=1)


def micros(on: date) -> int:
    """Microseconds since 1970."""
    return (on - date(1970, 1, 1)).days * DAY_US


def stamp(value: float | datetime) -> str:
    """ISO text of a day number since 1970 (with a fraction) or of a time."""
    moment = value if isinstance(value, datetime) else datetime(1970, 1, 1) + timedelta(seconds=round(value * 86400))
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def day_number(on: date) -> int:
    """Days since 1970."""
    return (on - date(1970, 1, 1)).days
