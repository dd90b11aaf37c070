"""Land the public price book and resolve the model names of the logs.

The price book is the PyPI package ``genai-prices``. Its Python rules (dated prices, daily windows, context
tiers, price variants of a service tier) are unrolled once into plain rows of ``raw.model_prices``, so that SQL
can price any call with one join and no rule of its own. Model names are resolved by the package's own matching
into ``raw.model_resolutions``, once per distinct (provider, model); what dated aliases make of them on a day is SQL
(int_names_resolved).

Prices are US dollars per million tokens, fees US dollars per single request or search.
Source: https://pypi.org/project/genai-prices
"""

import csv
import json
import re
import sys
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

from landing.cells import NO_VALUE_WORDS, one_of
from landing.spec import Named, read_spec

SECONDS_A_DAY = 86_400
# Beside the folder of the running script as it was called, because a linked folder of scripts has seeds of its own, or
# beside this one; never the working directory.
CALLED = Path(sys.argv[0]).absolute().parent.parent
PROJECT = CALLED if (CALLED / "seeds" / "reference").is_dir() else Path(__file__).parents[1]
SEEDS = PROJECT / "seeds" / "reference"

# The values behind some keys, in JSON text or in JSON text inside of a text.
JSON_VALUES = rf"""
    create or replace temp macro json_values(document, keys) as list_filter(
        regexp_extract_all(
            document,
            '(?:' || array_to_string(list_transform(keys, lambda key: regexp_escape(key)), '|')
            || ')\\*"\s*:\s*\\*"([^"\\]+)',
            1
        ),
        lambda value: not {one_of("trim(value)", NO_VALUE_WORDS)}
    )
"""
# The value of a JSON object's member of that name, which may be spelt in any way (macros/engine/named_value.sql).
NAMED_VALUE = """
    create or replace temp macro named_value(document, name) as list_filter(
        map_entries(json_transform(
            case when left(ltrim(document), 1) = '{' then document end, '"MAP(VARCHAR, VARCHAR)"'
        )),
        lambda entry: translate(lower(entry.key), '-_. ', '') = name
            and lower(trim(entry.value)) not in ('', 'none', 'null')
    )[1].value
"""

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


def refresh(connection: duckdb.DuckDBPyConnection, seeds: Path | None = None) -> list[str]:
    """Bring ``raw.model_prices`` and ``raw.model_resolutions`` up to date in one transaction; return summary lines.

    A seed table that lies in ``seeds`` is read there, any other in this project.
    """
    connection.execute("begin")
    try:
        lines = [_land_prices(connection), _resolve_models(connection, seeds)]
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


def _resolve_models(connection: duckdb.DuckDBPyConnection, seeds: Path | None) -> str:
    """Resolve every (provider, model) that is named anywhere, all that aliases can make of it, and every seller alone.

    A name the book does not know gets a row without a model; a row with an empty model says who the seller is.
    """
    sellers = Sellers(_seed(seeds, "provider_aliases.csv"))
    names = _names_landed(connection)
    names |= _swap_targets(_seed(seeds, "scenarios.csv"))
    names |= {(provider, "") for provider, _ in names}
    names |= _alias_targets(names, _seed(seeds, "model_aliases.csv"), sellers)
    names |= {(provider, "") for provider, _ in names}
    rows = [resolution(provider, model, sellers) for provider, model in sorted(names - {("", "")})]
    # Evaluations go on by the package's names: they are names too.
    models = {(str(row["provider"]), str(row["book_model"])) for row in rows if row["book_model"]} - names
    rows += [resolution(provider, model, sellers) for provider, model in sorted(models)]
    _replace(connection, "model_resolutions", rows)
    named = [row for row in rows if row["model"]]
    unknown = sum(row["book_model"] is None and row["provider"] != "self_hosted" for row in named)
    return f"model names: {len(named)} seen, {unknown} without a price in the book"


def _names_landed(connection: duckdb.DuckDBPyConnection) -> set[tuple[str, str]]:
    """Every (provider, model) that a landed row names, as the sources' YAML says where; `names` there."""
    connection.execute(JSON_VALUES)
    connection.execute(NAMED_VALUE)
    asked = [_names_of(table.name, named) for table in read_spec().values() for named in table.names]
    return set(connection.execute(" union ".join(asked)).fetchall())


def _names_of(table: str, named: Named) -> str:
    """The pairs of one table. Of lists: each provider as it stands, up to its first dot (`openai.chat`), or none."""
    if not named.are_lists:
        return f"select lower(trim(coalesce({named.provider}, ''))), coalesce(trim({named.model}), '') from raw.{table}"
    return f"""
        select distinct lower(trim(named.provider)), trim(named.model)
        from (
            select
                unnest(
                    [''] || providers || list_transform(providers, lambda name: split_part(name, '.', 1))
                ) as provider,
                model
            from (
                select distinct
                    list_filter({named.provider}, lambda name: name is not null) as providers,
                    unnest({named.model}) as model
                from raw.{table}
            )
        ) as named
        where trim(named.model) <> ''"""


def _seed(folder: Path | None, name: str) -> list[dict[str, str]]:
    """Rows of a reference seed, each value trimmed; none without the file."""
    path = next((path for path in (folder and folder / name, SEEDS / name) if path and path.is_file()), None)
    if path is None:
        return []
    with path.open(encoding="utf-8-sig", newline="") as lines:
        return [{key: (value or "").strip() for key, value in row.items()} for row in csv.DictReader(lines)]


class Sellers:
    """The seed ``provider_aliases``: whom a provider's name means; a name that ends in ``*`` is a beginning.

    People write blanks and hyphens where programs write ``_``: a name that is not listed is looked up with these too.
    """

    def __init__(self, rows: list[dict[str, str]]) -> None:
        named = {row["provider"].lower(): row["resolved_provider"].lower() for row in rows}
        self.exact = {name: seller for name, seller in named.items() if not name.endswith("*")}
        self.beginnings = sorted((n.rstrip("*"), seller) for n, seller in named.items() if n.endswith("*"))

    def of(self, provider: str) -> str:
        """The seller of that name: as listed, else by the longest beginning, else the name itself."""
        for name in (provider, re.sub(r"[\s-]+", "_", provider)):
            begun = [seller for beginning, seller in self.beginnings if name and name.startswith(beginning)]
            if name in self.exact or begun:
                return self.exact.get(name) or begun[-1]
        return provider


NO_ALIASES = Sellers([])


def _alias_targets(
    names: set[tuple[str, str]], aliases: list[dict[str, str]], sellers: Sellers
) -> set[tuple[str, str]]:
    """What the aliases, of whatever date, make of the names; an empty half means as named (int_names_resolved)."""
    targets: set[tuple[str, str]] = set()
    by_model: dict[str, list[dict[str, str]]] = {}
    for alias in aliases:
        if alias["provider"] or alias["model"]:
            by_model.setdefault(alias["model"].lower(), []).append(alias)
    for provider, model in names:
        for alias in by_model.get("", []) + (by_model.get(model.lower(), []) if model else []):
            if alias["provider"].lower() in ("", provider, sellers.of(provider)):
                targets.add((alias["resolved_provider"].lower() or provider, alias["resolved_model"] or model))
    return targets


def _swap_targets(scenarios: list[dict[str, str]]) -> set[tuple[str, str]]:
    """The models that scenarios swap to (int_scenarios_read): nobody else may have named them yet."""
    values = [row.get("value", "") for row in scenarios if row.get("lever", "").lower() == "model_swap"]
    halves = [value.split("/", 1) for value in values if "/" in value]
    return {(provider.strip().lower(), model.strip()) for provider, model in halves}


def resolution(provider: str, model: str, sellers: Sellers = NO_ALIASES) -> dict[str, object]:
    """Resolve one name; ``book_provider`` is whose list prices it (azure sells openai models)."""
    seller = sellers.of(provider)
    found = _find(get_snapshot(), seller, model, sellers) if model else None
    row: dict[str, object] = {"provider": provider, "model": model}
    if found is None:
        known = find_provider_by_id(get_snapshot().providers, seller) if seller else None
        named = known.id if known else (seller if seller != provider else None)
        return row | {"resolved_provider": named, "book_provider": None, "book_model": None}
    sold_by, entry = found
    owner = next(p for p in (sold_by, *get_snapshot().providers) if any(entry is m for m in p.models))
    return row | {"resolved_provider": sold_by.id, "book_provider": owner.id, "book_model": entry.id}


def _find(book: DataSnapshot, provider: str, model: str, sellers: Sellers) -> tuple[Provider, ModelInfo] | None:
    """The package's matching; a ``seller/model`` spelling is split by the package's own rule for LiteLLM names."""
    prefix = sellers.of(model.split("/", 1)[0].lower()) if "/" in model else ""
    prefix_seller = find_provider_by_id(book.providers, prefix) if prefix else None
    seller = find_provider_by_id(book.providers, provider) if provider else prefix_seller
    attempts: list[tuple[str | None, str]] = [(provider or None, model)]
    if prefix_seller and seller and seller.id == prefix_seller.id:
        attempts += [("litellm", model), (prefix_seller.id, model.split("/", 1)[1])]
    for provider_id, name in attempts:
        try:
            return book.find_provider_model(name.strip(), None, provider_id, None)
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
