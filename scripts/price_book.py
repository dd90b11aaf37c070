"""Land the public price book and resolve the model names of the logs.

The price book is the PyPI package ``genai-prices``. Its Python rules (dated prices, daily windows, context
tiers, price variants of a service tier) are unrolled once into plain rows of ``raw.model_prices``, so that SQL
can price any call with one join and no rule of its own. Model names are resolved by the package's own matching
into ``raw.model_resolutions``, once per distinct (provider, model).

Prices are US dollars per million tokens, fees US dollars per single request or search.
Source: https://pypi.org/project/genai-prices
"""

import csv
import json
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

import duckdb
import genai_prices
from genai_prices.data_snapshot import DataSnapshot, find_provider_by_id, get_snapshot
from genai_prices.types import (
    ConditionalPrice,
    ModelInfo,
    PriceVariant,
    Provider,
    StartDateConstraint,
    TieredPrices,
    TimeOfDateConstraint,
)

SECONDS_A_DAY = 86_400
LOGGED_NAMES = """
    select lower(trim(coalesce(provider, ''))), model from raw.inference_events
    union
    select lower(trim(provider)), coalesce(trim(model), '') from raw.ai_bills
    union
    select lower(trim(coalesce(provider, ''))), trim(model) from raw.finetuning_jobs
    union
    select lower(trim(coalesce(cheap_provider, ''))), trim(cheap_model) from raw.paired_evaluations
    union
    select '', trim(model) from raw.ab_results
    union
    select 'openai', trim(split_part(line_item, ',', 1)) from raw.openai_costs where trim(line_item) <> ''
    union
    select 'openai', lower(trim(model)) from raw.openai_usage where trim(model) <> ''
    union
    select 'anthropic', trim(model) from raw.anthropic_cost_report where trim(model) <> ''
    union
    select 'anthropic', lower(trim(model)) from raw.anthropic_usage_report where trim(model) <> ''
    union
    select
        replace(replace(lower(trim(coalesce(service_provider_name, provider_name))), 'microsoft', 'azure'),
            'google cloud', 'google'),
        coalesce(trim(coalesce(sku_price_details ->> '$.ModelId', _extra ->> '$.x_ModelId')), '')
    from raw.focus_charges
"""
MODEL_ALIASES = Path("seeds/reference/model_aliases.csv")

# Our column <- the package's price keys, the first that is set.
PRICE_COLUMNS: dict[str, tuple[str, ...]] = {
    "input_usd_per_mtok": ("input_mtok",),
    "cache_read_usd_per_mtok": ("cache_read_mtok",),
    "cache_write_5m_usd_per_mtok": ("cache_write_5m_mtok", "cache_write_mtok"),
    "cache_write_1h_usd_per_mtok": ("cache_write_1h_mtok",),
    "output_usd_per_mtok": ("output_mtok",),
    "reasoning_usd_per_mtok": ("output_reasoning_mtok",),
    "input_audio_usd_per_mtok": ("input_audio_mtok",),
    "input_image_usd_per_mtok": ("input_image_mtok",),
    "cache_audio_read_usd_per_mtok": ("cache_audio_read_mtok",),
    "output_audio_usd_per_mtok": ("output_audio_mtok",),
    "output_image_usd_per_mtok": ("output_image_mtok",),
}
FEE_COLUMNS: dict[str, str] = {"web_search_usd": "web_searches_kcount", "request_usd": "requests_kcount"}
COVERED_KEYS = {key for keys in PRICE_COLUMNS.values() for key in keys} | set(FEE_COLUMNS.values())


class Segment(NamedTuple):
    """A stretch of time in which a model's prices do not change: dates [from, to), seconds of the day [from, to)."""

    from_date: date | None
    to_date: date | None
    from_second: int
    to_second: int

    @property
    def instant(self) -> datetime:
        """A moment inside the segment."""
        day = self.from_date or (self.to_date - timedelta(days=1) if self.to_date else date(2000, 1, 1))
        return datetime.combine(day, time(0), UTC) + timedelta(seconds=self.from_second)


def refresh(connection: duckdb.DuckDBPyConnection, aliases: Path = MODEL_ALIASES) -> list[str]:
    """Bring ``raw.model_prices`` and ``raw.model_resolutions`` up to date in one transaction; return summary lines."""
    connection.execute("begin")
    try:
        lines = [_land_prices(connection), _resolve_models(connection, aliases)]
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    return lines


# --------------------------------------------------------------------------------------------------- prices


def _land_prices(connection: duckdb.DuckDBPyConnection) -> str:
    version = genai_prices.__version__
    landed = connection.execute("select min(book_version), max(book_version) from raw.model_prices").fetchone()
    if landed == (version, version):
        return f"price book genai-prices {version}: unchanged"
    rows = list(price_rows())
    _replace(connection, "model_prices", rows)
    return f"price book genai-prices {version}: {len(rows)} price rows"


def price_rows() -> Iterator[dict[str, object]]:
    """Yield one row per seller, model, service tier, time segment and context tier of the whole book."""
    for provider in get_snapshot().providers:
        for model in provider.models:
            for tier in ("standard", *_tier_names(model)):
                for segment in _segments(model):
                    yield from _segment_rows(provider, model, tier, segment)


def _tier_names(model: ModelInfo) -> list[str]:
    """Names a log can give to a price variant: every value of its condition, when all are equal (``batch``)."""
    names = {next(iter(set(v.when.values()))) for v in model.price_variants or () if len(set(v.when.values())) == 1}
    return sorted(names)


def _tier_context(model: ModelInfo, tier: str) -> dict[str, str]:
    return {key: tier for variant in model.price_variants or () for key in variant.when}


def _is_known(model: ModelInfo, tier: str, instant: datetime) -> bool:
    """Whether the book has prices of its own for the tier at that instant."""
    if tier == "standard":
        return True
    return any(
        set(variant.when.values()) == {tier} and (variant.constraint is None or variant.constraint.active(instant))
        for variant in model.price_variants or ()
    )


def _segments(model: ModelInfo) -> Iterator[Segment]:
    conditions: list[ConditionalPrice | PriceVariant] = list(model.price_variants or ())
    if isinstance(model.prices, list):
        conditions += model.prices
    starts = {c.constraint.start_date for c in conditions if isinstance(c.constraint, StartDateConstraint)}
    seconds = {0, SECONDS_A_DAY}
    for condition in conditions:
        if isinstance(condition.constraint, TimeOfDateConstraint):
            seconds |= {_second(condition.constraint.start_time), _second(condition.constraint.end_time)}
    for from_date, to_date in pairwise([None, *sorted(starts), None]):
        for from_second, to_second in pairwise(sorted(seconds)):
            yield Segment(from_date, to_date, from_second, to_second)


def _second(value: time) -> int:
    utc = datetime.combine(date(2000, 1, 2), value if value.tzinfo else value.replace(tzinfo=UTC)).astimezone(UTC)
    return utc.hour * 3600 + utc.minute * 60 + utc.second


def _is_daily_window(model: ModelInfo, instant: datetime) -> bool:
    """Whether the standard price at that instant is one of a daily window, such as an off-peak discount."""
    if not isinstance(model.prices, list):
        return False
    for condition in reversed(model.prices):
        if condition.constraint is None or condition.constraint.active(instant):
            return isinstance(condition.constraint, TimeOfDateConstraint)
    return False


def _segment_rows(provider: Provider, model: ModelInfo, tier: str, segment: Segment) -> Iterator[dict[str, object]]:
    instant = segment.instant
    if not _is_known(model, tier, instant):
        return
    context = None if tier == "standard" else _tier_context(model, tier)
    prices = {key: value for key, value in vars(model.get_prices(instant, context)).items() if value is not None}
    thresholds = sorted({t.start for price in prices.values() if isinstance(price, TieredPrices) for t in price.tiers})
    # The package compares with `>`: a tier that starts at 200 000 holds from 200 001 input tokens.
    for tokens_from, tokens_to in pairwise([0, *(start + 1 for start in thresholds), None]):
        at_size = {key: _at_size(price, tokens_from) for key, price in prices.items()}
        yield {
            "book_provider": provider.id,
            "model": model.id,
            "service_tier": tier,
            "valid_from_date": segment.from_date,
            "valid_to_date": segment.to_date,
            "from_second": segment.from_second,
            "to_second": segment.to_second,
            "is_daily_window": _is_daily_window(model, instant),
            "input_tokens_from": tokens_from,
            "input_tokens_to": tokens_to,
            **{column: _first(at_size, keys) for column, keys in PRICE_COLUMNS.items()},
            **{column: _per_unit(at_size.get(key)) for column, key in FEE_COLUMNS.items()},
            "other_prices": _other_prices(at_size),
            "book_version": genai_prices.__version__,
        }


def _at_size(price: Decimal | TieredPrices, input_tokens: int) -> Decimal:
    if isinstance(price, Decimal):
        return price
    reached = [tier.price for tier in price.tiers if input_tokens > tier.start]
    return reached[-1] if reached else price.base


def _first(prices: dict[str, Decimal], keys: tuple[str, ...]) -> Decimal | None:
    return next((prices[key] for key in keys if key in prices), None)


def _per_unit(price_per_thousand: Decimal | None) -> Decimal | None:
    return None if price_per_thousand is None else price_per_thousand / 1000


def _other_prices(prices: dict[str, Decimal]) -> str | None:
    others = {key: str(price) for key, price in sorted(prices.items()) if key not in COVERED_KEYS}
    return json.dumps(others) if others else None


# ---------------------------------------------------------------------------------------------- resolutions


def _resolve_models(connection: duckdb.DuckDBPyConnection, aliases: Path) -> str:
    """Resolve every (provider, model) of logs, bills, jobs, evaluations and the alias seed, and every provider alone.

    A name the book does not know gets a row without a model; a row with an empty model says who the seller is.
    """
    names = set(connection.execute(LOGGED_NAMES).fetchall())
    names |= _alias_targets(aliases, names)
    names |= {(provider, "") for provider, _ in names if provider}
    rows = [resolution(provider, model) for provider, model in sorted(names)]
    _replace(connection, "model_resolutions", rows)
    named = [row for row in rows if row["model"]]
    unknown = sum(row["book_model"] is None and row["provider"] != "self_hosted" for row in named)
    return f"model names: {len(named)} seen, {unknown} without a price in the book"


def _alias_targets(aliases: Path, names: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """What the aliases turn the names into; an alias without a model renames a provider, with all its models."""
    if not aliases.is_file():
        return set()
    targets: set[tuple[str, str]] = set()
    with aliases.open(encoding="utf-8-sig", newline="") as lines:
        for row in csv.DictReader(lines):
            provider = (row["provider"] or "").strip().lower()
            resolved_provider = (row["resolved_provider"] or row["provider"] or "").strip().lower()
            if row["resolved_model"]:
                targets.add((resolved_provider, row["resolved_model"].strip()))
            elif not row["model"]:
                targets |= {(resolved_provider, model) for logged, model in names if logged == provider}
    return targets


def resolution(provider: str, model: str) -> dict[str, object]:
    """Resolve one name; ``book_provider`` is whose list prices it (azure sells openai models)."""
    found = _find(get_snapshot(), provider, model) if model else None
    row: dict[str, object] = {"provider": provider, "model": model}
    if found is None:
        known = find_provider_by_id(get_snapshot().providers, provider) if provider else None
        return row | {"resolved_provider": known and known.id, "book_provider": None, "book_model": None}
    seller, entry = found
    owner = next(p for p in (seller, *get_snapshot().providers) if any(entry is m for m in p.models))
    return row | {"resolved_provider": seller.id, "book_provider": owner.id, "book_model": entry.id}


def _find(book: DataSnapshot, provider: str, model: str) -> tuple[Provider, ModelInfo] | None:
    """The package's matching; a ``seller/model`` spelling is split by the package's own rule for LiteLLM names."""
    prefix_seller = find_provider_by_id(book.providers, model.split("/", 1)[0]) if "/" in model else None
    attempts = [provider or None]
    if prefix_seller and provider in ("", prefix_seller.id):
        attempts.append("litellm")
    for provider_id in attempts:
        try:
            return book.find_provider_model(model.strip(), None, provider_id, None)
        except LookupError:
            continue
    return None


def _replace(connection: duckdb.DuckDBPyConnection, table: str, rows: list[dict[str, object]]) -> None:
    """Replace the rows of a raw table, exactly: values travel as JSON text and are cast to the table's own types."""
    connection.execute(f"delete from raw.{table}")
    if not rows:
        return
    columns = list(rows[0])
    fields = ", ".join(f"record ->> '{column}' as {column}" for column in columns)
    records = json.dumps([{key: None if v is None else str(v) for key, v in row.items()} for row in rows])
    connection.execute(
        f"insert into raw.{table} by name select {fields} "  # column names are constants of this module
        "from (select unnest(cast(? as json[])) as record)",
        [records],
    )
