"""Every model of the price book, priced by SQL on random usage, against the package's own ``calc_price``.

What would silently go wrong: a price from the wrong day, hour, context tier or service tier, or a bucket priced twice.
Not checked here: which model a name means (the package's matching is used as it is) and price overrides (unit tests).
"""

import json
import random
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal

import duckdb
import pytest
from genai_prices import Usage
from genai_prices.data_snapshot import get_snapshot
from genai_prices.types import StartDateConstraint, TieredPrices, TimeOfDateConstraint
from test_land import SPEC, Workspace, lines

import land
import price_book

CASES_PER_MODEL = 9
PICO = Decimal("1e-12")
NOW = datetime.now(UTC)


def sellers():
    """Yield every (seller, model) of the book, and the models that one seller sells at another's price."""
    book = get_snapshot()
    by_id = {provider.id: provider for provider in book.providers}
    for provider in book.providers:
        for model in provider.models:
            yield provider, model
        for other in provider.fallback_model_providers or ():
            for model in by_id[other].models:
                yield provider, model


def conditions(model):
    own = model.prices if isinstance(model.prices, list) else []
    return [c.constraint for c in [*own, *(model.price_variants or [])]]


def instants(model, chance):
    """Moments around every start date and daily window, and some at random."""
    starts = [c.start_date for c in conditions(model) if isinstance(c, StartDateConstraint)] or [date(2026, 3, 1)]
    windows = [
        edge for c in conditions(model) if isinstance(c, TimeOfDateConstraint) for edge in (c.start_time, c.end_time)
    ]
    for start in starts:
        midnight = datetime.combine(start, time(0), UTC)
        yield from (midnight - timedelta(microseconds=1), midnight)
        for edge in windows:
            moment = datetime.combine(start, edge.replace(tzinfo=UTC))
            yield from (moment - timedelta(microseconds=1), moment, moment + timedelta(days=chance.randint(1, 99)))
    while True:
        yield datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=chance.randint(0, 100_000_000))


def sizes(model, chance):
    """Total inputs around every context tier, and some at random."""
    prices = [c.prices for c in model.prices] if isinstance(model.prices, list) else [model.prices]
    prices += [v.prices for v in model.price_variants or []]
    tiered = [p for price in prices for p in vars(price).values() if isinstance(p, TieredPrices)]
    for start in sorted({tier.start for price in tiered for tier in price.tiers}):
        yield from (start, start + 1)
    while True:
        yield chance.choice([0, 1, chance.randint(2, 3_000), chance.randint(3_000, 2_000_000)])


def tiers(model):
    """The names a log can give to the model's price variants, with the context that selects them in the package."""
    yield "standard", None
    for variant in model.price_variants or []:
        yield next(iter(variant.when.values())), dict(variant.when)


def random_case(provider, model, number, chance, moment, total_input, tier):
    cached = chance.choice([0, chance.randint(0, total_input)])
    written_5m = chance.choice([0, chance.randint(0, total_input - cached)])
    written_1h = chance.choice([0, 0, chance.randint(0, total_input - cached - written_5m)])
    uncached = total_input - cached - written_5m - written_1h
    cached_audio = chance.choice([0, 0, 0, chance.randint(0, cached)])
    audio = cached_audio + chance.choice([0, 0, chance.randint(0, uncached)])
    image = chance.choice([0, 0, 0, chance.randint(0, uncached - (audio - cached_audio))])
    output = chance.choice([0, chance.randint(1, 100_000)])
    reasoning = chance.choice([0, chance.randint(0, output)])
    output_audio = chance.choice([0, 0, 0, chance.randint(0, output - reasoning)])
    output_image = chance.choice([0, 0, 0, chance.randint(0, output - reasoning - output_audio)])
    return {
        "request_id": f"case-{number}",
        "timestamp": moment.strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
        "provider": provider.id,
        "model": model.id,
        "service_tier": tier,
        "input_tokens": total_input,
        "output_tokens": output,
        "cached_input_tokens": cached,
        "cache_write_tokens": written_5m,
        "cache_write_1h_tokens": written_1h,
        "reasoning_tokens": reasoning,
        "input_audio_tokens": audio,
        "input_image_tokens": image,
        "cache_audio_read_tokens": cached_audio,
        "output_audio_tokens": output_audio,
        "output_image_tokens": output_image,
        "web_search_requests": chance.choice([0, 0, 0, chance.randint(1, 20)]),
    }


def package_price(provider, model, case, context):
    """The package's price, or None where a used bucket has no price: there the package says 0, we say unpriced."""
    moment = datetime.fromisoformat(case["timestamp"])
    in_context = context if any(model is own for own in provider.models) else None
    prices = model.get_prices(moment, in_context)
    uses = {
        "input_mtok": case["input_tokens"],
        "output_mtok": case["output_tokens"],
        "web_searches_kcount": case["web_search_requests"],
    }
    priced = {key for key, value in vars(prices).items() if value is not None}
    if any(amount and key not in priced for key, amount in uses.items()):
        return None
    # Nothing is free: no price of tokens or requests, or units that no call states and no token either.
    if not priced & (price_book.COVERED_KEYS - {"web_searches_kcount"}):
        return None
    tokens = case["input_tokens"] + case["output_tokens"]
    if tokens == 0 and any(unit in key for key in priced for unit in ("_hours", "_kpages", "chars", "images")):
        return None
    usage = Usage(
        input_tokens=case["input_tokens"],
        output_tokens=case["output_tokens"],
        cache_read_tokens=case["cached_input_tokens"],
        cache_write_tokens=case["cache_write_tokens"] + case["cache_write_1h_tokens"],
        cache_write_1h_tokens=case["cache_write_1h_tokens"],
        output_reasoning_tokens=case["reasoning_tokens"],
        input_audio_tokens=case["input_audio_tokens"],
        input_image_tokens=case["input_image_tokens"],
        cache_audio_read_tokens=case["cache_audio_read_tokens"],
        cache_image_read_tokens=0,
        output_audio_tokens=case["output_audio_tokens"],
        output_image_tokens=case["output_image_tokens"],
        web_searches=case["web_search_requests"],
    )
    return model.calc_price(usage, provider, genai_request_timestamp=moment, price_context=context).total_price


@pytest.fixture(scope="module")
def cases():
    chance = random.Random(20)
    made, expected = [], []
    for provider, model in sellers():
        if price_book.resolution(provider.id, model.id)["book_model"] != model.id:
            continue  # the package reads this id as another model
        if get_snapshot().find_provider_model(model.id, None, provider.id, None)[1] is not model:
            continue
        edges = 4 * len(conditions(model)) + 2 * len(list(tiers(model)))
        # A call of the future is a bad row, whatever the book says of its price.
        moments = (moment for moment in instants(model, chance) if moment < NOW)
        totals = sizes(model, chance)
        for index in range(CASES_PER_MODEL + edges):
            tier, context = list(tiers(model))[index % len(list(tiers(model)))]
            case = random_case(provider, model, len(made), chance, next(moments), next(totals), tier)
            made.append(case)
            expected.append(package_price(provider, model, case, context))
    return made, expected


def test_sql_prices_every_model_as_the_package_does(cases, warehouse):
    made, expected = cases
    assert len(made) >= 20_000
    warehouse.land_lines("inference_events", [json.dumps(case) for case in made])
    warehouse.dbt("seed")
    warehouse.dbt("run", "--select", "+fct_inference_calls")

    with duckdb.connect(str(warehouse.path), read_only=True) as connection:
        rows = connection.execute("select request_id, computed_cost_usd, list_cost_usd from marts.fct_inference_calls")
        computed = {request_id: (cost, list_cost) for request_id, cost, list_cost in rows.fetchall()}
    assert len(computed) == len(made)

    differences = []
    for case, price in zip(made, expected, strict=True):
        cost, list_cost = computed[case["request_id"]]
        wrong = (cost is None) != (price is None) or (price is not None and abs(list_cost - price) > PICO)
        if wrong:
            differences.append((case["provider"], case["model"], case["timestamp"], price, list_cost))
    assert not differences, f"{len(differences)} of {len(made)} differ, first {differences[:5]}"
    assert sum(price is not None and price > 0 for price in expected) > 15_000


def test_seller_names_go_by_the_seed_then_by_their_beginning():
    sellers = price_book.Sellers(
        [
            {"provider": "azure.ai.openai", "resolved_provider": "azure"},
            {"provider": "vertex_ai-*", "resolved_provider": "google"},
        ]
    )
    assert sellers.of("azure.ai.openai") == "azure"
    assert sellers.of("vertex_ai-anthropic_models") == "google"
    assert sellers.of("openai") == "openai"
    assert sellers.of("") == ""
    # The package alone reads azure.ai.openai as openai.
    assert price_book.resolution("azure.ai.openai", "gpt-4o", sellers)["resolved_provider"] == "azure"


def test_a_seller_is_the_same_however_it_is_written():
    """An invoice says Azure OpenAI, a log azure_openai; the package's own matching takes the first for OpenAI."""
    sellers = price_book.Sellers(price_book._seed(None, "provider_aliases.csv"))
    for name in ("azure_openai", "azure openai", "azure-openai", "azure openai service"):
        assert price_book.resolution(name, "gpt-4o", sellers)["resolved_provider"] == "azure"
    assert sellers.of("vertex ai") == "google"
    assert sellers.of("some seller") == "some seller"
    for name in ("google", "google vertex", "google ai studio"):
        found = price_book.resolution(name, "google/gemini-2.5-flash", sellers)
        assert (found["resolved_provider"], found["book_model"]) == ("google", "gemini-2.5-flash")
    assert price_book.resolution("azure", "google/gemini-2.5-flash", sellers)["book_model"] is None


def test_every_alias_target_that_a_name_can_reach_is_resolved():
    names = {("gw", "house"), ("openai", "house"), ("gw", ""), ("gw", "gpt-4o")}
    aliases = [
        {"provider": "gw", "model": "", "resolved_provider": "openai", "resolved_model": ""},
        {"provider": "", "model": "House", "resolved_provider": "", "resolved_model": "gpt-4o-mini"},
        {"provider": "", "model": "", "resolved_provider": "nobody", "resolved_model": ""},
    ]
    assert price_book._alias_targets(names, aliases, price_book.NO_ALIASES) == {
        ("openai", "house"),
        ("openai", ""),
        ("openai", "gpt-4o"),
        ("gw", "gpt-4o-mini"),
        ("openai", "gpt-4o-mini"),
    }


def test_targets_of_scenarios_are_names_to_resolve():
    scenarios = [
        {"lever": "Model_Swap", "value": "Groq/meta/llama-3"},
        {"lever": "model_swap", "value": "gpt-5"},
        {"lever": "price", "value": "1/2"},
    ]
    assert price_book._swap_targets(scenarios) == {("groq", "meta/llama-3")}


@pytest.fixture
def names_of(tmp_path, monkeypatch):
    """A function that lands rows of a source and gives every (provider, model) that they name."""

    def names(source, *rows):
        monkeypatch.setattr(land.price_book, "refresh", lambda *_: [])
        monkeypatch.setattr(land, "read_spec", lambda: SPEC)
        workspace = Workspace(tmp_path / "landing", tmp_path / "warehouse.duckdb")
        workspace.put(f"{source}/a.jsonl", lines(*rows))
        workspace.land()
        with duckdb.connect(str(workspace.warehouse)) as connection:
            return price_book._names_landed(connection)

    return names


CHARGE = {
    "billed_cost": 3.3,
    "billing_currency": "USD",
    "charge_category": "Usage",
    "charge_period_start": "2026-03-01",
    "charge_period_end": "2026-03-02",
    "provider_name": "Amazon Web Services",
}


@pytest.mark.parametrize(
    "said",
    [
        {"sku_price_details": {"ModelId": " Opus "}, "x_ModelId": "other"},
        {"sku_price_details": {"model_id": "Opus"}},
        {"sku_price_details": {"ModelId": "None"}, "x_ModelId": "Opus"},
        {"sku_price_details": ["no object"], "x_model_id": "Opus"},
        {"X_MODEL_ID": "Opus"},
    ],
)
def test_the_model_of_a_charge_is_listed_however_its_column_is_spelt(names_of, said):
    assert names_of("focus_charges", CHARGE | said) == {("amazon web services", "Opus")}


def test_a_charge_without_a_model_lists_its_seller(names_of):
    assert names_of("focus_charges", CHARGE) == {("amazon web services", "")}


@pytest.mark.parametrize(
    ("source", "bucket"),
    [
        ("openai_usage", {"start_time": 1772323200, "end_time": 1772409600}),
        ("anthropic_usage_report", {"starting_at": "2026-03-01T00:00:00Z", "ending_at": "2026-03-02T00:00:00Z"}),
    ],
)
def test_the_model_of_a_usage_report_is_listed_as_its_staging_has_it(names_of, source, bucket):
    provider = source.split("_")[0]
    model = "ft:gpt-4o-mini-2024-07-18:Acme::AbC"
    assert names_of(source, bucket | {"model": f" {model}"}) == {(provider, model)}


def test_a_name_that_is_no_value_is_not_asked_for():
    """As staging reads it: a client that writes None names neither a seller nor a model."""
    connection = duckdb.connect()
    connection.execute(price_book.JSON_VALUES)
    document = json.dumps(
        {"ls_provider": "None", "inside": json.dumps({"gen_ai.system": "openai", "llm.system": "NaN"})}
    )
    found = connection.execute(
        "select json_values(?, ['ls_provider', 'gen_ai.system', 'llm.system'])", [document]
    ).fetchone()
    assert found == (["openai"],)
