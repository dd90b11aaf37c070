"""The published release as the page reads it: one frame per named query, customers under pseudonyms when asked."""

from __future__ import annotations

import hashlib
import hmac
import re
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb
import pandas as pd

from publishing.folder import FILE_NAME
from publishing.people import kept_secret

if TYPE_CHECKING:
    from collections.abc import Callable

QUERIES = Path(__file__).parent / "queries"
PSEUDONYM_KEY_NAME = "pseudonym_key"
# Columns whose text people outside this project wrote: a customer's name may stand in any of them.
FREE_TEXT = {
    "channel",
    "cheap_model",
    "customer_id",
    "customer_name",
    "expensive_model",
    "feature",
    "model_tag",
    "plan",
    "resolved_provider",
    "saving_action",
    "saving_evidence",
    "scenario",
    "scope",
    "step",
    "subject",
    "use_case",
    "workflow",
}


class NoRelease(Exception):
    """There is no release to show: the message says what to do."""


class Release:
    """A release, opened for reading. NoRelease when the folder holds none."""

    def __init__(self, published: Path) -> None:
        self.published, path = published, published / FILE_NAME
        if not path.is_file():
            raise NoRelease(f"{path}: nothing published yet; run `make build`")
        self.connection = duckdb.connect(str(path), read_only=True)
        self.connection.execute("set enable_progress_bar = false")
        self.connection.execute("set TimeZone = 'UTC'")
        self.connection.execute("set disabled_optimizers = 'statistics_propagation'")  # as macro disable_optimizers
        self.connection.execute(f"create temp table page_dates as {query('page_dates')}")
        self.pseudonymise: Callable[[str], str] | None = None

    def close(self) -> None:
        """Let go of the file."""
        self.connection.close()

    def hide_customers(self) -> None:
        """From now on every frame names customers by pseudonyms, under the key kept beside the release.

        ValueError when the file of the key is empty.
        """
        customers = self.connection.execute(query("customers")).fetchall()
        self.pseudonymise = pseudonymiser(customers, kept_secret(self.published / PSEUDONYM_KEY_NAME))

    def frame(self, name: str) -> pd.DataFrame:
        """The rows of queries/<name>.sql."""
        frame = filled(self.connection.execute(query(name)).df())
        if self.pseudonymise:
            for column in FREE_TEXT.intersection(frame.columns):
                hidden = {text: self.pseudonymise(text) for text in frame[column].unique()}
                frame[column] = frame[column].map(hidden)
        return frame


def filled(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame without nulls in flags and words: a flag that is null is not set, a word is empty."""
    for column in frame.columns:
        kinds = {type(value) for value in frame[column] if value is not None and value is not pd.NA}
        if kinds == {bool} or frame[column].dtype == "boolean":
            frame[column] = frame[column].eq(other=True).fillna(value=False).astype(bool)
        elif frame[column].dtype == object:
            frame[column] = frame[column].fillna(value="")
    return frame


def query(name: str) -> str:
    """The text of queries/<name>.sql."""
    return (QUERIES / f"{name}.sql").read_text(encoding="utf-8")


def pseudonym(customer_id: str, key: bytes) -> str:
    """A name that stays the same from page to page; who has not the key cannot try ids against it."""
    return "Customer " + hmac.new(key, customer_id.encode(), hashlib.sha256).hexdigest()[:8]


def pseudonymiser(customers: list[tuple[str, str]], key: bytes) -> Callable[[str], str]:
    """A function that puts pseudonyms for the ids and names (id, name) of customers wherever a text holds them."""
    known: dict[str, str] = {}
    for customer_id, customer_name in customers:
        known.setdefault(customer_name.lower(), pseudonym(customer_id, key))
        known[customer_id.lower()] = pseudonym(customer_id, key)

    def hide(text: str) -> str:
        lower = text.lower()
        if lower in known:
            return known[lower]
        # The longest first: a name may hold another one.
        for name in sorted((name for name in known if name in lower), key=len, reverse=True):
            whole_word = rf"(?<![^\W_]){re.escape(name)}(?![^\W_])"
            text = re.sub(whole_word, known[name], text, flags=re.IGNORECASE)
        return text

    return hide
