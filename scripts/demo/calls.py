"""The calls of the demo company, month by month."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pandas as pd
from rich.console import Console
from rich.progress import track

from demo.prices import Prices
from demo.world import (
    BAD_LINES,
    BATCH_FROM,
    DAY_US,
    END,
    FEATURES,
    INFERENCE_TYPES,
    MODELS,
    MONTHS,
    RELEASES,
    RUNAWAY,
    STATUSES,
    STEPS,
    SUFFIXES,
    TIERS,
    TIERS_FROM,
    UNPRICED,
    USAGE_REPORT,
    Feature,
    Step,
    day_number,
    micros,
    month_end,
    month_start,
)
from demo.writer import Writer

#               column: SQL over the frame of a month, kind (text, number, json)
CALL_COLUMNS = {
    "request_id": ("'req_' || printf('%010x', run)", "text"),
    "call_id": ("case when not no_call_id then 'call_' || printf('%011x', number) end", "text"),
    "attempt": ("attempt", "number"),
    "provider_response_id": (
        "case when has_response_id then left(cast(provider as varchar), 2) || printf('_%014x', number * 7919) end",
        "text"),
    "timestamp": ("make_timestamp(t)", "text"),
    "provider": ("provider", "text"), "model": ("model", "text"),
    "input_tokens": ("tokens_in - case when disjoint then cached + write_5m + write_1h else 0 end", "number"),
    "output_tokens": ("tokens_out", "number"),
    "cached_input_tokens": ("nullif(cached, 0)", "number"), "cache_write_tokens": ("nullif(write_5m, 0)", "number"),
    "cache_write_1h_tokens": ("nullif(write_1h, 0)", "number"), 
    "reasoning_tokens": ("nullif(reasoning, 0)", "number"),
    "output_image_tokens": ("case when call_type = 'image' then tokens_out end", "number"),
    "token_semantics": ("case when disjoint then 'disjoint' end", "text"),
    "service_tier": ("case when tier <> 'standard' then tier end", "text"),
    "call_type": ("call_type", "text"), "status": ("status", "text"),
    "is_billed": ("case billed when 0 then false when 1 then true end", "number"),
    "cache_hit": ("case when hit then true end", "number"),
    "customer_id": ("case when who = 0 then customer end", "text"),
    "user_id": ("case when who < 2 then 'u_' || substr(cast(customer as varchar), 6) || '_' || person end", "text"),
    "workspace_id": ("case when who < 2 then 'ws_' || substr(cast(customer as varchar), 6) end", "text"),
    "team": ("team", "text"), "feature": ("feature", "text"), "use_case": ("nullif(use_case, '')", "text"),
    "workflow": ("workflow", "text"), "workflow_run_id": ("'run_' || printf('%010x', run)", "text"),
    "step": ("step", "text"),
    "product_id": ("product", "text"), "latency_ms": ("latency", "number"),
    "gpu_seconds": ("case when gpu_ms > 0 then cast(gpu_ms * 0.001 as decimal(12, 3)) end", "number"),
    "web_search_requests": ("nullif(web, 0)", "number"),
    "cost_usd": ("case when logged >= 0 then cast(logged as decimal(16, 9)) end", "number"),
    "prompt_hash": (
        "case when call_type in ('generation', 'classification') then printf('p%015x', prompt * 1000003 + 11) end",
        "text"),
    "prefix_hash": ("case when prefix > 0 then printf('x%07x', prefix * 40503) end", "text"),
    "prompt_version": ("prompt_version", "text"),
    "environment": ("case when who = 3 then 'staging' when number % 2 = 0 then 'production' end", "text"),
    "tags": (
        """case when number % 10 = 0 then '{"sdk":"2.4","region":"' || if(number % 3 = 0, 'eu', 'us') || '"}' end""",
        "json"),
    "updated_at": ("case when updated > 0 then make_timestamp(updated) end", "text"),
}  # fmt: skip


def calls_per_run(feature: Feature) -> float:
    """Expected calls of a run, retries included."""
    return sum(step.share for step in feature.steps) * 1.02


def run_weights(customers: pd.DataFrame, month: str) -> dict[str, np.ndarray]:
    """Relative number of runs of each feature by customer in the month (platform features: one weight, customer -1)."""
    first, last = day_number(month_start(month)), day_number(month_end(month))
    weights = {}
    writes, pro, weight = (
        customers["product"].eq("prod_write").to_numpy(),
        customers.plan.eq("pro").to_numpy(),
        customers.weight.to_numpy(),
    )
    signed, active_to = customers.signed.to_numpy(), customers.active_to.to_numpy()
    for feature in FEATURES:
        since = max(first, day_number(feature.start))
        overlap = np.clip(np.minimum(active_to, last) - np.maximum(signed, since), 0, None) / 30
        if feature.audience == "platform":
            weights[feature.name] = np.array([feature.weight * weight.sum() / 4])
        else:
            share = np.where(writes == (feature.audience == "write"), feature.weight, 0)
            share = share * np.where((feature.name == "code_helper") & ~pro, 0.3, 1)
            weights[feature.name] = weight * overlap * share
    return weights


def mix_of(step: Step, month: str) -> tuple[np.ndarray, np.ndarray]:
    """Numbers and shares of the models a step uses in the month."""
    mix = [models for since, models in step.models.items() if since <= month][-1]
    return np.array([list(MODELS).index(key) for key in mix]), np.array(list(mix.values()))


def run_times(rng: np.random.Generator, since: np.ndarray, until: np.ndarray, month: str) -> np.ndarray:
    """Microseconds since 1970 between two day numbers, fewer at weekends and at night."""
    first, days = day_number(month_start(month)), (month_end(month) - month_start(month)).days
    load = np.cumsum([0] + [0.35 if (month_start(month) + timedelta(d)).weekday() > 4 else 1 for d in range(days)])
    low, high = (np.interp(edge - first, np.arange(days + 1), load) for edge in (since, until))
    moment = np.interp(low + rng.random(len(low)) * (high - low), load, np.arange(days + 1))
    hour = np.interp(moment % 1, [0, 0.08, 0.2, 0.75, 0.9, 1], [0, 6.5, 9, 17, 20, 24]) / 24
    day = np.minimum(np.floor(moment), days - 1)
    return np.maximum((first + day) * DAY_US + (hour * DAY_US * 0.99999), since * DAY_US).astype(np.int64)


def take(calls: dict[str, np.ndarray], rows: np.ndarray) -> dict[str, np.ndarray]:
    """The rows of every column."""
    return {name: values[rows] for name, values in calls.items()}


def join(parts: list[dict[str, np.ndarray]]) -> dict[str, np.ndarray]:
    """The parts below each other."""
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def step_calls(rng: np.random.Generator, code: int, runs: dict[str, np.ndarray], month: str) -> dict[str, np.ndarray]:
    """First attempts of one step over the runs of its feature."""
    feature, step = STEPS[code]
    kept = take(runs, np.flatnonzero(rng.random(len(runs["run"])) < step.share))
    size, models = len(kept["run"]), list(MODELS)
    numbers, shares = mix_of(step, month)
    model = rng.choice(numbers, size, p=shares / shares.sum())
    provider = np.array([MODELS[key][0] for key in models])[model]
    tokens_in = np.maximum(8, step.tokens_in * rng.lognormal(0, 0.35, size)).astype(np.int64)
    if feature.name == "long_document":
        tokens_in = np.where(rng.random(size) < 0.003, rng.integers(201_000, 240_000, size), tokens_in)
    visible = (
        step.tokens_out * (rng.lognormal(0, 0.4, size) if step.call_type != "image" else 1.0) * np.ones(size)
    ).astype(np.int64)
    reasoning = (
        visible * np.array([ratio for _, _, ratio in MODELS.values()])[model] * rng.lognormal(0, 0.3, size)
    ).astype(np.int64)
    prefix_tokens = (tokens_in * step.cacheable * rng.uniform(0.85, 1, size)).astype(np.int64)
    luck, claude = rng.random(size), provider == "anthropic"
    hourly = feature.name == "playbooks"  # writes its prefix for an hour and hardly ever reads it
    read = prefix_tokens * (luck < np.where(claude, 0.15 if hourly else 0.72, 0.6)) * (provider != "groq")
    write = (
        prefix_tokens
        * (claude | (model == models.index("luna")))
        * (luck >= np.where(claude, 0.15 if hourly else 0.78, 0.9))
    )
    status = np.zeros(size, np.int8)
    if step.call_type in INFERENCE_TYPES:
        draw = rng.random(size)
        status = np.select([draw < 0.016, draw < 0.024, draw < 0.028], [1, 2, 3], 0).astype(np.int8)
    hit = (rng.random(size) < feature.hit_ratio) & (step.call_type == "generation")
    status[hit] = 0
    common = rng.random(size) < {"faq_bot": 0.8, "support_agent": 0.05}.get(feature.name, 0.01)  # asked before
    prompt = (
        np.where(
            common,
            kept["customer"].astype(np.int64) * 5000 + np.minimum(rng.zipf(1.4, size), 60),
            kept["run"] + 10_000_000,
        )
        * len(STEPS)
        + code
    )
    tier = np.zeros(size, np.int8)
    if feature.name == "weekly_digest" and month >= BATCH_FROM:
        tier[:] = 1
    if feature.name in ("writing_assistant", "support_agent"):
        late = (kept["t"] >= micros(TIERS_FROM)) & np.isin(model, [models.index("gpt5mini"), models.index("gpt5")])
        tier = np.where(late & (rng.random(size) < 0.12), 2 if feature.name == "writing_assistant" else 3, tier).astype(
            np.int8
        )
    searches = (
        np.where(rng.random(size) < 0.2, rng.integers(1, 4, size), 0)
        if step.name == "report"
        else np.zeros(size, np.int64)
    )
    latency = (350 + (visible + reasoning) * 11 * rng.lognormal(0, 0.25, size)).astype(np.int64)
    calls = {
        **kept, "t": kept["t"] + 400_000 * feature.steps.index(step) + rng.integers(0, 200_000, size),
            "code": np.full(size, code, np.int16), "model": model.astype(np.int16),
        "tokens_in": tokens_in, "cached": read, "write_5m": write * (not hourly), "write_1h": write * hourly,
        "tokens_out": visible + reasoning, "reasoning": reasoning,
        "tier": tier, "status": status, "billed": np.full(size, -1, np.int8), "hit": hit,
        "attempt": np.ones(size, np.int8), "web": searches,
        "gpu_ms": (visible * 7 + 600) * (provider == "self_hosted"), "latency": np.where(hit, 12, latency),
        "prompt": prompt,
        "prefix": (code + 1 + (1000 * (kept["customer"].astype(np.int64) + 2) if hourly else 0)) * (prefix_tokens > 0),
    }  # fmt: skip
    return join(with_retries(rng, calls)) if step.call_type in INFERENCE_TYPES else calls


def with_retries(rng: np.random.Generator, calls: dict[str, np.ndarray]) -> list[dict[str, np.ndarray]]:
    """The first attempts, then attempts 2 and 3 of what failed and the second success of what only seemed to fail."""
    attempts, waiting = (
        [calls],
        take(calls, np.flatnonzero(np.isin(calls["status"], (1, 2)) & (rng.random(len(calls["t"])) < 0.9))),
    )
    twice = take(calls, np.flatnonzero((calls["status"] == 0) & ~calls["hit"] & (rng.random(len(calls["t"])) < 0.003)))
    for attempt in (2, 3):
        size = len(waiting["t"])
        again = {
            **waiting,
            "attempt": np.full(size, attempt, np.int8),
            "t": waiting["t"] + waiting["latency"] * 1000 + 900_000 * attempt,
        }
        again["status"] = (rng.random(size) < 0.15).astype(np.int8)
        attempts.append(again)
        waiting = take(again, np.flatnonzero(again["status"] == 1))
    attempts.append(
        {**twice, "attempt": np.full(len(twice["t"]), 2, np.int8), "t": twice["t"] + twice["latency"] * 1000 + 50_000}
    )
    for part in attempts:
        failed, stopped, size = np.isin(part["status"], (1, 2)), part["status"] == 3, len(part["t"])
        charged = np.where(
            (part["status"] == 2) & (rng.random(size) < 0.25), 1, np.where(rng.random(size) < 0.6, 0, -1)
        )
        part["billed"] = np.where(failed, charged, -1).astype(np.int8)
        kept = np.where(
            failed & (part["billed"] != 1), 0, np.where(stopped, part["tokens_out"] // 2, part["tokens_out"])
        )
        part["reasoning"], part["tokens_out"] = np.minimum(part["reasoning"], kept), kept
        for bucket in ("cached", "write_5m", "write_1h"):
            part[bucket] = np.where(failed, 0, part[bucket])
    return attempts


def month_runs(
    rng: np.random.Generator,
    feature: Feature,
    weights: np.ndarray,
    count: int,
    customers: pd.DataFrame,
    month: str,
    first_run: int,
) -> dict[str, np.ndarray]:
    """When and for whom the runs of a feature happen in the month."""
    customer = (
        np.searchsorted(np.cumsum(weights) / weights.sum(), rng.random(count)).astype(np.int16)
        if len(weights) > 1
        else np.full(count, -1, np.int16)
    )
    first, last = day_number(max(month_start(month), feature.start)), day_number(month_end(month))
    since, until = np.full(count, first, float), np.full(count, last, float)
    if len(weights) > 1:
        since, until = (
            np.maximum(customers.signed.to_numpy()[customer], first),
            np.minimum(customers.active_to.to_numpy()[customer], last),
        )
    t = np.minimum(
        run_times(rng, since, until, month), last * DAY_US - 120_000_000
    )  # room for the later steps and retries
    person = np.minimum(rng.geometric(0.25, count), customers.seats.to_numpy()[customer]).astype(np.int32)
    luck = rng.random(count)  # who: 0 customer, 1 workspace only, 2 nobody, 3 staging
    who = np.select([customer < 0, luck < 0.006, luck < 0.022, luck < 0.052], [2, 2, 3, 1], 0).astype(np.int8)
    return {"run": first_run + np.arange(count), "t": t, "customer": customer, "person": person, "who": who}


def runaway_calls(
    customers: pd.DataFrame, weights: dict[str, np.ndarray], factor: float, month: str, seed: int
) -> dict[str, np.ndarray]:
    """The calls of a customer of the flat plan whose script runs in a loop, drawn aside from those of the others."""
    name, first, days, times = RUNAWAY
    since, month_days = micros(first), (month_end(month) - month_start(month)).days
    pro = customers[customers.plan.eq("pro") & (customers.active_to >= day_number(END))]
    customer = pro[pro.signed < day_number(first) - 60].weight.nlargest(7).index[-1]  # the first after the power users
    runs = factor * sum(weights[feature.name][customer] for feature in FEATURES if feature.audience != "platform")
    count, rng = max(2, round(runs / month_days * times * days)), np.random.default_rng([seed, 9])
    block = {
        "run": 10**9 + np.arange(count),
        "t": np.sort(rng.integers(since, since + days * DAY_US, count)),
        "customer": np.full(count, customer, np.int16),
        "person": np.ones(count, np.int32),
        "who": np.zeros(count, np.int8),
    }
    return join([step_calls(rng, code, block, month) for code, (owner, _) in enumerate(STEPS) if owner.name == name])


def logged_cost(
    rng: np.random.Generator, calls: dict[str, np.ndarray], day: np.ndarray, prices: Prices, month: str
) -> np.ndarray:
    """What the application believes: no contract, no cache prices at Azure, an old luna price, 0 for early streams."""
    logged = prices.cost(calls, day, contract=False)
    models, feature = list(MODELS), np.array([feature.name for feature, _ in STEPS])[calls["code"]]
    if month < "2026-01":
        blind = prices.cost(calls, day, contract=False, cache=False)
        logged = np.where(calls["model"] == models.index("azure"), blind, logged)
        logged = np.where((feature == "writing_assistant") & (rng.random(len(day)) < 0.3), 0, logged)
    if month == "2026-08":
        logged = np.where((calls["model"] == models.index("luna")) & (day < 20), logged * 5, logged)
    return np.where(np.isin(calls["model"], [models.index(key) for key in UNPRICED]), -1, logged)


def month_frame(calls: dict[str, np.ndarray], logged: np.ndarray, customers: pd.DataFrame, month: str) -> pd.DataFrame:
    """The month's calls as a frame of small columns; words are categories, ids are made when written."""
    frame = pd.DataFrame(
        {name: calls[name] for name in calls if name not in ("code", "customer", "model", "tier", "status")}
        | {"logged": logged}
    )
    word = pd.Categorical.from_codes
    spread = {
        "feature": lambda f, s: f.name, "workflow": lambda f, s: f.workflow, "product": lambda f, s: f.product,
        "team": lambda f, s: f.team,
        "use_case": lambda f, s: f.use_case or "", "step": lambda f, s: s.name, "call_type": lambda f, s: s.call_type,
    }  # fmt: skip
    for name, pick in spread.items():
        values = [pick(*pair) for pair in STEPS]
        words = sorted(set(values))
        frame[name] = word(np.array([words.index(value) for value in values], np.int8)[calls["code"]], words)
    sellers = sorted({provider for provider, _, _ in MODELS.values()})
    frame["provider"] = word(
        np.array([sellers.index(provider) for provider, _, _ in MODELS.values()], np.int8)[calls["model"]], sellers
    )
    frame["model"] = word(calls["model"], [name for _, name, _ in MODELS.values()])
    frame["tier"], frame["status"] = word(calls["tier"], TIERS), word(calls["status"], STATUSES)
    frame["customer"] = word(calls["customer"], customers.customer_id.tolist())
    api = ~frame.provider.isin(["self_hosted", "pinecone"]) & frame.status.isin(["success", "cancelled"]) & ~frame.hit
    frame["has_response_id"] = api
    frame["number"] = MONTHS.index(month) * 10**8 + np.arange(len(frame))
    frame["no_call_id"] = api & (month < "2025-11") & (frame.number % 3 == 0)
    frame["disjoint"] = frame.provider.eq("anthropic") & (month >= "2026-01")
    frame["prompt_version"] = pd.Categorical(
        ["v" + [release[0][1:] for release in RELEASES if release[1] <= month + "-15"][-1]] * len(frame)
    )
    frame["updated"] = np.int64(0)
    return frame


def arrivals(rng: np.random.Generator, frame: pd.DataFrame, is_last: bool) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(what the month's file holds, what only the next file brings): late, doubled, corrected and moved rows."""
    free = np.flatnonzero(
        ~frame.no_call_id
        & frame.status.eq("success")
        & ~frame.hit
        & frame.call_type.isin(["generation", "classification"])
    )
    few = max(2, len(frame) // 1500)
    late, twice, again, fixed, moved = np.split(rng.choice(free, 5 * few, replace=False), 5)
    if is_last:
        return pd.concat([frame, frame.iloc[twice]]), frame.iloc[:0]
    early = frame.iloc[np.concatenate([fixed, moved])].copy()
    early["updated"] = early["t"] + 60_000_000
    early["tokens_out"], early["reasoning"] = early["tokens_out"] * 6 // 10, early["reasoning"] * 6 // 10
    early.iloc[few:, early.columns.get_loc("t")] -= (
        2 * DAY_US
    )  # first logged two days too early, moved by the correction
    final = frame.iloc[np.concatenate([fixed, moved])].copy()
    final["updated"] = final["t"] + 5 * DAY_US
    now = frame.drop(index=np.concatenate([late, fixed, moved]))
    return pd.concat([now, frame.iloc[twice], early]), pd.concat([frame.iloc[late], frame.iloc[again], final])


def add_usage(ledger: dict, calls: dict[str, np.ndarray], cost: np.ndarray, day: np.ndarray, month: str) -> None:
    """Adds computed cost by (month, provider, group, model tag), and OpenAI's tokens by day for its usage report."""
    for number, (key, (provider, name, _)) in enumerate(MODELS.items()):
        rows = calls["model"] == number
        group = "embedding" if key in ("embed", "rerank") else "llm_api"
        tag = name if name.startswith("ft:") else None
        place = (month, provider, group, tag)
        ledger["cost"][place] = ledger["cost"].get(place, 0.0) + float(cost[rows].sum())
        if month in USAGE_REPORT and provider == "openai" and key != "typo":
            charged = rows & (calls["status"] == 0) & ~calls["hit"]
            sums = {
                field: np.bincount(day[charged], calls[field][charged], 31)
                for field in ("tokens_in", "cached", "tokens_out")
            }
            ledger["usage"][month, name] = {**sums, "requests": np.bincount(day[charged], minlength=31)}


def write_calls(
    writer: Writer, customers: pd.DataFrame, calls: int, seed: int, file_format: str
) -> tuple[dict, pd.DataFrame]:
    """Writes inference_events month by month; returns the ledger for the bills and the runs of the workflows."""
    weights = {month: run_weights(customers, month) for month in MONTHS}
    expected = sum(
        weights[month][feature.name].sum() * calls_per_run(feature)
        for month in MONTHS
        for feature in FEATURES
        if month_end(month) > feature.start
    )
    factor, ledger, runs, first_run = calls / expected, {"cost": {}, "usage": {}, "calls": 0}, [], 0
    carried = None
    for index, month in enumerate(track(MONTHS, description="calls", console=Console(stderr=True))):
        rng, parts = np.random.default_rng([seed, 2, index]), []
        prices = Prices(month)
        for feature in FEATURES:
            weight = weights[month][feature.name]
            count = max(2, round(factor * weight.sum())) if weight.sum() > 0 and month_end(month) > feature.start else 0
            if count:
                block = month_runs(rng, feature, weight, count, customers, month, first_run)
                first_run += count
                parts += [
                    step_calls(rng, code, block, month) for code, (owner, _) in enumerate(STEPS) if owner is feature
                ]
                if feature.outcome or feature.audience != "platform":
                    runs.append(
                        pd.DataFrame(
                            {
                                "month": index,
                                "feature": FEATURES.index(feature),
                                **{name: block[name] for name in ("run", "t", "customer", "who")},
                            }
                        )
                    )
        rows = join(parts)
        rows = take(rows, np.argsort(rows["t"], kind="stable"))
        day = np.minimum((rows["t"] - micros(month_start(month))) // DAY_US, prices.days - 1)
        add_usage(ledger, rows, prices.cost(rows, day), day, month)
        frame = month_frame(rows, logged_cost(rng, rows, day, prices, month), customers, month)
        here, carry = arrivals(rng, frame, index == len(MONTHS) - 1)
        if month == str(RUNAWAY[1])[:7]:
            loop = runaway_calls(customers, weights[month], factor, month, seed)
            day = (loop["t"] - micros(month_start(month))) // DAY_US
            add_usage(ledger, loop, prices.cost(loop, day), day, month)
            looped = month_frame(loop, logged_cost(rng, loop, day, prices, month), customers, month)
            looped["number"] += len(frame)
            here = pd.concat([here, looped])
            ledger["calls"] += len(looped)
        if writer.wants("inference_events"):
            suffix = {"parquet": ".parquet", "jsonl": ".jsonl"}.get(file_format, SUFFIXES[index % len(SUFFIXES)])
            whole = here if carried is None else pd.concat([here, carried])
            writer.frame(
                whole,
                CALL_COLUMNS,
                writer.path("inference_events", month, suffix),
                BAD_LINES if month == "2025-10" else (),
            )
        ledger["calls"] += len(frame)
        carried = carry
        if writer.only == "inference_events":
            runs.clear()
    return ledger, pd.concat(runs) if runs else pd.DataFrame()
