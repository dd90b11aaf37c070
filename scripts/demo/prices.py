"""What the calls of the demo company cost: genai-prices at the day of each call, less the contract terms."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
from genai_prices import data_snapshot
from genai_prices.types import ModelInfo, ModelPrice, TieredPrices

from demo.world import CONTRACT, FREE, MODELS, PRICED_AS, TIERS, TIERS_FROM, UNPRICED, month_end, month_start


@cache
def find_model(provider: str, name: str) -> ModelInfo:
    """The package's model of a seller's model name."""
    return data_snapshot.get_snapshot().find_provider_model(name, None, provider, None)[1]


STANDARD_RATES: dict[int, tuple] = {}  # by the package's own price object, which lives as long as the package


def book_rates(provider: str, name: str, on: date, context: dict[str, str]) -> tuple[np.ndarray, float, float]:
    """USD per token (2 context tiers x 5 buckets), the input above which the long tier holds, USD per web search."""
    book = find_model(provider, name).get_prices(datetime(on.year, on.month, on.day, 12, tzinfo=UTC), context)
    if context:
        return rates_of(book)  # a copy, made for this context
    if id(book) not in STANDARD_RATES:
        STANDARD_RATES[id(book)] = rates_of(book)
    return STANDARD_RATES[id(book)]


def rates_of(book: ModelPrice) -> tuple[np.ndarray, float, float]:
    """See `book_rates`."""
    rates, threshold = np.zeros((2, len(Prices.BUCKETS))), np.inf
    for bucket, field in enumerate(Prices.BUCKETS):
        price = getattr(book, field) if getattr(book, field) is not None else (book.input_mtok or 0)
        tiered = isinstance(price, TieredPrices)
        rates[:, bucket] = (
            [float(price.base) / 1e6, float(price.tiers[-1].price) / 1e6] if tiered else float(price) / 1e6
        )
        threshold = price.tiers[-1].start if tiered else threshold
    return rates, threshold, float(getattr(book, "web_searches_kcount", None) or 0) / 1000


class Prices:
    """USD per token of one month by (model, day, service tier, long context, bucket), from genai-prices."""

    BUCKETS = ("input_mtok", "cache_read_mtok", "cache_write_mtok", "cache_write_1h_mtok", "output_mtok")

    def __init__(self, month: str) -> None:
        self.days = (month_end(month) - month_start(month)).days
        self.list = np.zeros((len(MODELS), self.days, len(TIERS), 2, 5))
        self.threshold = np.full((len(MODELS), self.days), np.inf)  # input tokens above which the long tier holds
        self.fee = np.zeros(len(MODELS))  # USD per web search
        self.discount = np.zeros((len(MODELS), self.days, len(TIERS)))
        for number, key in enumerate(MODELS):
            if key not in UNPRICED + FREE:
                for day in range(self.days):
                    self._fill(number, key, month_start(month) + timedelta(day), day)

    def _fill(self, number: int, key: str, on: date, day: int) -> None:
        provider, name, _ = MODELS[key]
        for since, real_provider, real_name in PRICED_AS.get(key, ()):
            if str(on) >= since:
                provider, name = real_provider, real_name
        for tier_number, tier in enumerate(TIERS):
            context = (
                {"standard": {}, "batch": {"processing": "batch"}}.get(tier, {"service_tier": tier})
                if on >= TIERS_FROM
                else {}
            )
            self.list[number, day, tier_number], self.threshold[number, day], self.fee[number] = book_rates(
                provider, name, on, context
            )
            for seller, only_model, only_tier, discount, since, until in CONTRACT:
                if (
                    seller == provider
                    and only_model in (None, name, MODELS[key][1])
                    and only_tier in (None, tier)
                    and since <= str(on) < (until or "9999")
                ):
                    self.discount[number, day, tier_number] = discount

    def cost(
        self, calls: dict[str, np.ndarray], day: np.ndarray, *, contract: bool = True, cache: bool = True
    ) -> np.ndarray:
        """USD per call, 0 where nothing is charged; `contract`, `cache` false: without those terms, as a log may."""
        model, tier = calls["model"], calls["tier"]
        long = (calls["tokens_in"] > self.threshold[model, day]).astype(int)
        price = self.list[model, day, tier, long]
        cached, short, hour = calls["cached"], calls["write_5m"], calls["write_1h"]
        if not cache:
            cached, short, hour = cached * 0, short * 0, hour * 0
        tokens = np.stack(
            [calls["tokens_in"] - cached - short - hour, cached, short, hour, calls["tokens_out"]], axis=1
        )
        tokens_usd = (price * tokens).sum(axis=1) * (1 - self.discount[model, day, tier] if contract else 1)
        total = tokens_usd + calls["web"] * self.fee[model]
        charged = ~calls["hit"] & np.where(calls["billed"] >= 0, calls["billed"] == 1, np.isin(calls["status"], (0, 3)))
        return np.where(charged, total, 0.0)
