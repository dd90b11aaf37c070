"""Why cost per inference moved: over random pairs of months the ten effects make the change, and each is what it says.

Hypothesis draws pairs of months: calls of models that are repriced in mid-month, tiered, renamed, unknown or our own,
retried, cached or never answered. Each pair is a customer and a feature of its own, several share a plan, and all of
them land together and are built once. Every effect is worked out again here from the single calls, in fractions, by
the words of decisions.md and not by the models' way: from the top down instead of from the tiers up. The pairs are
others in every run; a failure prints its BRIDGE_SEED, which draws them again.

What would silently go wrong: an effect that takes what belongs to its neighbour. The sum still holds, and the sentence
on the page names the wrong cause.
"""

import json
import os
import random
from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st

RANDOM_PAIRS = 200
SEED = int(os.environ.get("BRIDGE_SEED", random.randrange(10**6)))
TOLERANCE = Fraction(1, 10**9)
MONTHS = [date(2026, month, 1) for month in (6, 7, 8, 9, 10)]
PLANS = 7
BUCKETS = ("uncached_input", "cache_read", "cache_write", "output")
# gpt-5.6-luna is repriced on 30 July, has a dearer context tier, and tiers of service from 14 October; gpt-5 is logged
# under two names; a machine of our own, and a model that nobody has a price of.
MODELS = [
    ("openai", "gpt-5.6-luna"), ("openai", "gpt-5.6-luna"), ("openai", "gpt-5"), ("openai", "gpt-5-2025-08-07"),
    ("anthropic", "claude-sonnet-4-5"), ("azure", "gpt-5"), ("self_hosted", "own-model"), ("openai", "nobody-knows-it"),
]  # fmt: skip
BUILD = ["build", "--exclude-resource-type", "unit_test", "--indirect-selection", "buildable"]
# More calls have no price here than a company could bear.
BUILD += ["--exclude", "assert_unpriced_share_is_bearable", "--select", "+cpi_bridge_monthly"]
BUILD += ["+fct_inference_costs", "+fct_inference_calls"]


@dataclass
class Call:
    """A call of a random month: when, of which model, what became of it, and its tokens by bucket."""

    day: int
    model: int
    kind: str
    tier: str
    tokens: tuple[int, int, int, int]
    searches: int


def token_counts():
    """Of one bucket: none, few, or enough to cross a context tier."""
    return st.one_of(st.just(0), st.integers(1, 5000), st.integers(100_000, 400_000))


calls = st.builds(
    Call,
    day=st.integers(1, 30),
    model=st.integers(0, len(MODELS) - 1),
    kind=st.sampled_from(["served"] * 5 + ["failed", "retried", "cache_hit", "embedding", "moderation"]),
    tier=st.sampled_from(["standard", "standard", "batch", "priority"]),
    tokens=st.tuples(token_counts(), token_counts(), token_counts(), token_counts()),
    searches=st.sampled_from([0, 0, 0, 2]),
)
pairs = st.tuples(st.lists(calls, max_size=6), st.lists(calls, max_size=6))


def drawn_pairs():
    drawn = []
    print(f"BRIDGE_SEED={SEED}")

    @seed(SEED)
    @settings(
        max_examples=RANDOM_PAIRS, database=None, deadline=None, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(pairs)
    def draw(pair):
        drawn.append(pair)

    draw()
    return drawn[:RANDOM_PAIRS]


def call_rows(number, pair):
    """The log of a pair: months that follow each other, customer and feature of its own, a plan shared with others."""
    for side, month_calls in enumerate(pair):
        first_day = MONTHS[number % (len(MONTHS) - 1) + side]
        for place, call in enumerate(month_calls):
            provider, model = MODELS[call.model]
            row = {
                "request_id": f"p{number}_{side}_{place}", "provider": provider, "model": model,
                "timestamp": f"{first_day + timedelta(days=call.day - 1)}T12:00:00Z",
                "customer_id": f"p{number}", "feature": f"f{number}", "service_tier": call.tier,
                "token_semantics": "disjoint", "input_tokens": call.tokens[0], "cached_input_tokens": call.tokens[1],
                "cache_write_tokens": call.tokens[2], "output_tokens": call.tokens[3],
                "web_search_requests": call.searches, "cache_hit": call.kind == "cache_hit",
                "call_type": call.kind if call.kind in ("embedding", "moderation") else "generation",
                "status": "timeout" if call.kind == "failed" else "success", "is_billed": True,
                "gpu_seconds": "0.5" if provider == "self_hosted" else None,
            }  # fmt: skip
            if call.kind == "retried":
                yield row | {"status": "error"}
                row["attempt"] = 2
            yield row


def bills():
    """Every month a vendor of calls, a GPU, a vector database, and a vendor that no call names."""
    for place, first_day in enumerate(MONTHS):
        end = (first_day + timedelta(days=31)).replace(day=1)
        period = {"period_start": str(first_day), "period_end": str(end)}
        lines = [("llm_api", "openai", 3), ("gpu_compute", "rented", 7), ("vector_db", "pinecone", 2)]
        for component, provider, dollars in [*lines, ("llm_api", "unseen", 1)]:
            bill = {"bill_id": f"{provider}-{place}", "provider": provider, "component": component}
            yield bill | period | {"amount": str(dollars + place)}


@pytest.fixture(scope="module")
def world(warehouse):
    """The pairs, landed and built; the calls as the warehouse prices them, and what each cost in the end."""
    drawn = drawn_pairs()
    rows = [row for number, pair in enumerate(drawn) for row in call_rows(number, pair)]
    warehouse.land_lines("inference_events", map(json.dumps, rows))
    accounts = [
        {"customer_id": f"p{number}", "signed_up_at": "2026-01-01T00:00:00Z", "plan": f"plan{number % PLANS}"}
        for number in range(len(drawn))
    ]
    warehouse.land_lines("crm_customers", map(json.dumps, accounts))
    warehouse.land_lines("ai_bills", map(json.dumps, bills()))
    warehouse.dbt(*BUILD)
    return drawn


def priced_calls(warehouse):
    """Every call with its money in fractions: (dimension, value, month) -> calls; what no call carries aside."""
    names = ["month", "customer_id", "call_type", "model", "tier", "is_successful", "is_cached", "computed", "fee"]
    names += [f"{bucket}_{kind}" for bucket in BUCKETS for kind in ("tokens", "cost")] + ["shared", "effective"]
    rows = warehouse.query(
        """select date_trunc('month', calls.usage_date)::date, customer_id, call_type,
            resolved_provider || ' ' || resolved_model, service_tier || ' ' || context_tier,
            is_successful, is_response_cache_hit, coalesce(computed_cost_usd, 0), coalesce(request_fee_usd, 0),
            uncached_input_tokens, coalesce(uncached_input_cost_usd, 0), cache_read_tokens,
            coalesce(cache_read_cost_usd, 0), cache_write_5m_tokens + cache_write_1h_tokens,
            coalesce(cache_write_cost_usd, 0), output_tokens, coalesce(output_cost_usd, 0),
            shared_usd, effective_usd
        from marts.fct_inference_calls as calls
        inner join (
            select call_id,
                gpu_compute_cost_usd + vector_db_cost_usd + other_ai_cost_usd + fine_tuning_cost_usd as shared_usd,
                coalesce(llm_api_cost_usd, 0) + coalesce(prompt_cache_cost_usd, 0) + coalesce(embedding_cost_usd, 0)
                    as effective_usd
            from marts.fct_inference_costs
        ) as costs using (call_id)"""
    )
    groups = defaultdict(list)
    for row in rows:
        call = dict(zip(names, row, strict=True))
        money = {name: Fraction(value) for name, value in call.items() if name.endswith(("cost", "computed", "fee"))}
        call |= money | {name: Fraction(call[name]) for name in ("shared", "effective")}
        number = int(call["customer_id"][1:])
        values = {"customer": f"p{number}", "feature": f"f{number}", "plan": f"plan{number % PLANS}", "all": "all"}
        for dimension, value in values.items():
            groups[dimension, value, call["month"]].append(call)
    return groups


def is_served(call):
    return call["is_successful"] and not call["is_cached"]


def is_support(call):
    return call["call_type"] in ("embedding", "moderation")


def per_delivered(calls, cost):
    return Fraction(sum(map(cost, calls))) / sum(call["is_successful"] for call in calls)


def by(calls, key):
    sorted_calls = defaultdict(list)
    for call in calls:
        sorted_calls[key(call)].append(call)
    return sorted_calls


def divided(effects, name, scale, then, now, within):
    """Bennet: {what: (share, value)} of two months. A share's change at the mean value is the effect; what one month
    alone has comes and goes at the value it has. `within` explains the values of what both have, at the mean share."""
    for what in then.keys() | now.keys():
        (share_then, value_then), (share_now, value_now) = then.get(what, (0, None)), now.get(what, (0, None))
        if value_then is None or value_now is None:
            effects[name] += scale * (share_now - share_then) * (value_now if value_then is None else value_then)
            continue
        effects[name] += scale * (share_now - share_then) * (value_then + value_now) / 2
        within(what, scale * (share_then + share_now) / 2, value_then, value_now)


def token_lots(served):
    """(model, bucket, tier) -> [tokens, cost], and model -> served."""
    lots, counts = defaultdict(lambda: [Fraction(0), Fraction(0)]), Counter()
    for call in served:
        counts[call["model"]] += 1
        for bucket in BUCKETS:
            lot = lots[call["model"], bucket, call["tier"]]
            lot[0] += call[f"{bucket}_tokens"]
            lot[1] += call[f"{bucket}_cost"]
    return {key: lot for key, lot in lots.items() if lot[0]}, counts


def shares(lots, prefix):
    """What lies directly under a prefix of (model, bucket, tier): {name: (share of tokens, price of a token)}."""
    under, depth = defaultdict(lambda: [Fraction(0), Fraction(0)]), len(prefix)
    for key, (tokens, cost) in lots.items():
        if key[:depth] == prefix:
            under[key[depth]][0] += tokens
            under[key[depth]][1] += cost
    total = sum(tokens for tokens, _ in under.values())
    return {name: (tokens / total, cost / tokens) for name, (tokens, cost) in under.items()}, total


def expected_effects(then, now):
    """The ten effects of two months of calls, by decisions.md, CPI bridge, from the top down."""
    effects = Counter(dict.fromkeys(EFFECTS, Fraction(0)))
    for sign, calls in ((-1, then), (1, now)):
        effects["retries"] += sign * per_delivered(calls, lambda call: (
            0 if is_support(call) or is_served(call) else call["computed"] - call["fee"]
        ))  # fmt: skip
        effects["support_and_fees"] += sign * per_delivered(
            calls, lambda call: call["computed"] if is_support(call) else call["fee"]
        )
        effects["shared"] += sign * per_delivered(calls, lambda call: call["shared"])
        effects["true_up"] += sign * per_delivered(calls, lambda call: call["effective"] - call["computed"])
    served = [[call for call in calls if is_served(call)] for calls in (then, now)]
    ratios = [
        Fraction(len(answers)) / sum(call["is_successful"] for call in calls)
        for answers, calls in zip(served, (then, now), strict=True)
    ]
    costs = [
        sum(call["computed"] - call["fee"] for call in answers) / len(answers) if answers else None
        for answers in served
    ]
    known = [cost for cost in costs if cost is not None]
    if not known:
        return effects
    effects["response_cache"] = (ratios[1] - ratios[0]) * sum(known) / len(known)
    if len(known) == 1:
        return effects
    (lots_then, counts_then), (lots_now, counts_now) = map(token_lots, served)

    def models(lots, counts):
        return {
            model: (
                Fraction(count, sum(counts.values())),
                sum(cost for (of, _, _), (_, cost) in lots.items() if of == model) / count,
            )
            for model, count in counts.items()
        }

    def tokens(model, scale, _cost_then, _cost_now):
        (buckets_then, total_then), (buckets_now, total_now) = shares(lots_then, (model,)), shares(lots_now, (model,))
        each_then, each_now = total_then / Fraction(counts_then[model]), total_now / Fraction(counts_now[model])
        prices = [
            sum(share * price for share, price in buckets.values())
            for buckets in (buckets_then, buckets_now)
            if buckets
        ]
        if prices:
            effects["tokens_per_inference"] += scale * (each_now - each_then) * sum(prices) / len(prices)
        if len(prices) == 2:
            divided(
                effects, "token_composition", scale * (each_then + each_now) / 2, buckets_then, buckets_now,
                lambda bucket, part, *_: tiers((model, bucket), part),
            )  # fmt: skip

    def tiers(key, scale):
        divided(
            effects, "service_tier", scale, shares(lots_then, key)[0], shares(lots_now, key)[0],
            lambda _tier, part, price_then, price_now: effects.update(price=part * (price_now - price_then)),
        )  # fmt: skip

    both = models(lots_then, counts_then), models(lots_now, counts_now)
    divided(effects, "model_mix", sum(ratios) / 2, *both, tokens)
    return effects


EFFECTS = (
    "price", "service_tier", "token_composition", "tokens_per_inference", "model_mix", "response_cache", "retries",
    "support_and_fees", "shared", "true_up",
)  # fmt: skip


def bridges(warehouse):
    """(dimension, value, month) -> (effects, change), as the mart has them."""
    found = defaultdict(dict)
    changes = {}
    for *key, effect, dollars, before, after in warehouse.query(
        """select dimension, dimension_value, period_start_date, effect, effect_usd, previous_cpi_usd, cpi_usd
        from marts.cpi_bridge_monthly"""
    ):
        found[tuple(key)][effect] = Fraction(dollars)
        changes[tuple(key)] = Fraction(after) - Fraction(before)
    return {key: (effects, changes[key]) for key, effects in found.items()}


def month_before(day):
    return (day - timedelta(days=1)).replace(day=1)


def test_effects_make_the_change(world, warehouse):
    found = bridges(warehouse)
    assert {dimension for dimension, _, _ in found} == {"all", "customer", "plan", "feature"}
    for key, (effects, change) in found.items():
        assert set(effects) == set(EFFECTS), key
        assert abs(sum(effects.values()) - change) <= TOLERANCE, key


def test_every_effect_is_what_the_calls_say(world, warehouse):
    """Of `all`, true_up and shared hold also what no call carries: their sum with the others is tested above."""
    groups, found = priced_calls(warehouse), bridges(warehouse)
    delivered = {key for key, calls in groups.items() if any(call["is_successful"] for call in calls)}
    expected = {key for key in delivered if (key[0], key[1], month_before(key[2])) in delivered}
    assert {key for key in found if key[1] != "unattributed"} == expected
    assert len({value for dimension, value, _ in expected if dimension == "customer"}) > RANDOM_PAIRS / 3
    seen = Counter()
    for key in sorted(expected):
        effects = expected_effects(groups[key[0], key[1], month_before(key[2])], groups[key])
        for effect in EFFECTS[: 8 if key[0] == "all" else 10]:
            assert abs(found[key][0][effect] - effects[effect]) <= TOLERANCE, (key, effect)
            seen[effect] += abs(effects[effect]) > TOLERANCE
    assert min(seen[effect] for effect in EFFECTS) > 0, seen
