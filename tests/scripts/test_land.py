"""Landing: every row of every file is in its raw table or in quarantine with a reason, once, with exact values.

What would go wrong silently without these tests: a reader that drops or shifts rows, a float between a file's digits
and the warehouse's, a time zone dropped, a file landed twice after a kill.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import random
import signal
import subprocess
import sys
import time
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

import land
from landing import files

SCRIPTS = Path(land.__file__).parent
SPEC = land.read_spec()
EVENT = {"request_id": "r", "timestamp": "2026-03-01T10:00:00Z", "model": "m", "input_tokens": 10, "output_tokens": 5}
EVENTS = "inference_events"


class Workspace:
    """A landing folder and the warehouse it is landed into."""

    def __init__(self, landing: Path, warehouse: Path) -> None:
        self.landing = landing
        self.warehouse = warehouse
        self.landing.mkdir(exist_ok=True)

    def put(self, name: str, content: bytes | str) -> Path:
        """Write a file below the landing folder."""
        path = self.landing / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def land(self) -> int:
        """Land the folder; the exit code."""
        return land.land(self.landing, self.warehouse)

    def rows(self, query: str, *values: object) -> list[tuple]:
        """Rows of a query on the warehouse."""
        with duckdb.connect(str(self.warehouse), read_only=True) as connection:
            connection.execute("set TimeZone = 'UTC'")
            return connection.execute(query, list(values)).fetchall()

    def events(self, columns: str) -> list[tuple]:
        """Columns of the landed calls in landing order."""
        return self.rows(f"select {columns} from raw.inference_events order by _load_id, _source_row")

    def quarantined(self) -> list[tuple]:
        """Line and reason of the quarantined rows."""
        return self.rows("select line, reason from raw.quarantine order by load_id, line")


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """An empty landing folder; the price book, which has tests of its own, is left out."""
    monkeypatch.setattr(land.price_book, "refresh", lambda *_: [])
    monkeypatch.setattr(land, "read_spec", lambda: SPEC)
    return Workspace(tmp_path / "landing", tmp_path / "warehouse.duckdb")


def event(**changes: object) -> dict:
    return EVENT | changes


def lines(*rows: dict | str) -> str:
    return "".join((row if isinstance(row, str) else json.dumps(row)) + "\n" for row in rows)


def as_csv(*rows: dict) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, fieldnames=list(dict.fromkeys(key for row in rows for key in row)))
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def put_parquet(workspace: Workspace, name: str, select: str) -> None:
    path = workspace.put(name, b"")
    path.unlink()
    duckdb.execute(f"copy ({select}) to '{path}' (format parquet)")


def event_select(**columns: str) -> str:
    """A SELECT of one event whose columns are SQL expressions."""
    base = {
        "request_id": "'r'",
        "timestamp": "timestamp '2026-03-01 10:00:00'",
        "model": "'m'",
        "input_tokens": "10",
        "output_tokens": "5",
    }
    return "select " + ", ".join(f'{value} as "{name}"' for name, value in (base | columns).items())


def assert_every_row_is_accounted_for(workspace: Workspace) -> None:
    """raw.loads against the rows themselves, for every load and source."""
    for load_id, source, landed, quarantined in workspace.rows(
        "select load_id, source, rows_landed, rows_quarantined from raw.loads"
    ):
        assert workspace.rows(f"select count(*) from raw.{source} where _load_id = ?", load_id) == [(landed,)]
        assert workspace.rows("select count(*) from raw.quarantine where load_id = ?", load_id) == [(quarantined,)]


# ------------------------------------------------------------------------------------------------------------- values


WHOLE_NUMBERS = [
    (10, 10),
    ("10.0", 10),
    ("4210", 4210),
    ("1e3", 1000),
    (1e3, 1000),
    ("1.5E1", 15),
    (" 7 ", 7),
    ("007", 7),
    ("+3", 3),
    (0, 0),
    (999999999999, 999999999999),
]
NO_WHOLE_NUMBERS = [
    ("10.7", "bad_type"),
    (10.7, "bad_type"),
    ("NaN", "bad_type"),
    (float("nan"), "bad_type"),
    (float("inf"), "bad_type"),
    (-3, "bad_type"),
    ("1e40", "bad_type"),
    (1e40, "bad_type"),
    ("0x10", "bad_type"),
    ("1_000", "bad_type"),
    ("ten", "bad_type"),
    ("1.5e0", "bad_type"),
    ("10.00000000000000000001", "bad_type"),
    ("1000000000000", "bad_value"),
    (10**18, "bad_type"),
    ("", "missing_required"),
    ("NULL", "missing_required"),
    (None, "missing_required"),
    ("  ", "missing_required"),
]
TIMES = [
    ("2026-03-01T10:00:00Z", "2026-03-01 10:00:00"),
    ("2026-03-01T10:00:00+02:00", "2026-03-01 08:00:00"),
    ("2026-03-01T10:00:00.5-0530", "2026-03-01 15:30:00.5"),
    ("2026-03-01 10:00:00 +0000", "2026-03-01 10:00:00"),
    ("2026-03-01 10:00:00 +02", "2026-03-01 08:00:00"),
    ("2026-03-01 10:00:00 UTC", "2026-03-01 10:00:00"),
    ("2026-03-01T10:00:00z", "2026-03-01 10:00:00"),
    ("2026-03-01T10:00:00.5z", "2026-03-01 10:00:00.5"),
    ("2026-03-01 10:00 Z", "2026-03-01 10:00:00"),
    ("2026-03-01t10:00 z", "2026-03-01 10:00:00"),
    ("2026-03-01 3:15:52", "2026-03-01 03:15:52"),
    ("2026-03-01 10:00:00.1234569", "2026-03-01 10:00:00.123456"),
    ("2026-03-01T10:00:00.123456789Z", "2026-03-01 10:00:00.123456"),
    ("2026-03-01", "2026-03-01 00:00:00"),
    (1772359200, "2026-03-01 10:00:00"),
    ("1772359200", "2026-03-01 10:00:00"),
    (1772359200.25, "2026-03-01 10:00:00.25"),
    (1772359200123, "2026-03-01 10:00:00.123"),
    (1772359200123456, "2026-03-01 10:00:00.123456"),
    (1772359200123456789, "2026-03-01 10:00:00.123456"),
]
NO_TIMES = ["2026-02-30T10:00:00Z", "3/1/26", "20260301", "soon", "infinity", -5]
FORMATS = {"jsonl": lambda *rows: lines(*rows), "csv": lambda *rows: as_csv(*rows)}


def put_values(workspace: Workspace, suffix: str, column: str, values: list) -> None:
    """A file of one event for each value of a column; their request ids are the positions."""
    rows = [event(request_id=str(position), **{column: value}) for position, value in enumerate(values)]
    workspace.put(f"{EVENTS}/a.{suffix}", FORMATS[suffix](*rows))


@pytest.mark.parametrize("suffix", FORMATS)
def test_t42_whole_numbers_in_any_notation(workspace, suffix):
    put_values(workspace, suffix, "input_tokens", [value for value, _ in WHOLE_NUMBERS + NO_WHOLE_NUMBERS])
    assert workspace.land() == 0
    assert workspace.events("input_tokens") == [(expected,) for _, expected in WHOLE_NUMBERS]
    assert [reason for _, reason in workspace.quarantined()] == [
        f"{reason}:input_tokens" for _, reason in NO_WHOLE_NUMBERS
    ]


@pytest.mark.parametrize("suffix", FORMATS)
def test_t43_times_are_stored_in_utc(workspace, suffix):
    put_values(workspace, suffix, "timestamp", [text for text, _ in TIMES] + NO_TIMES)
    assert workspace.land() == 0
    assert workspace.events("timestamp") == [(datetime.fromisoformat(expected),) for _, expected in TIMES]
    assert [reason for _, reason in workspace.quarantined()] == ["bad_type:timestamp"] * len(NO_TIMES)


@pytest.mark.parametrize("suffix", FORMATS)
def test_booleans(workspace, suffix):
    put_values(workspace, suffix, "cache_hit", ["True", "FALSE", "1", 0, "yes", "No", "None", "", True, "maybe", 2])
    workspace.land()
    assert [row[0] for row in workspace.events("cache_hit")] == [
        True,
        False,
        True,
        False,
        True,
        False,
        None,
        None,
        True,
    ]
    assert [reason for _, reason in workspace.quarantined()] == ["bad_type:cache_hit"] * 2


def test_rules_of_a_call(workspace):
    cases = [
        ({"status": "lost"}, "bad_value:status"),
        ({"token_semantics": "odd"}, "bad_value:token_semantics"),
        ({"attempt": 0}, "bad_value:attempt"),
        ({"attempt": -1}, "bad_type:attempt"),
        ({"request_id": ""}, "missing_required:request_id"),
        ({"model": None}, "missing_required:model"),
        ({"gpu_seconds": -1}, "bad_value:gpu_seconds"),
        ({"tags": "beta"}, "bad_type:tags"),
        ({"cost_usd": "1.2.3"}, "bad_type:cost_usd"),
        ({"cost_usd": "NaN"}, "bad_type:cost_usd"),
        ({"cached_input_tokens": 8, "cache_write_tokens": 3}, "negative_remainder"),
        ({"cached_input_tokens": 8, "cache_write_1h_tokens": 3}, "negative_remainder"),
        ({"reasoning_tokens": 6}, "negative_remainder"),
        ({"cached_input_tokens": 2, "cache_audio_read_tokens": 3}, "negative_remainder"),
        ({"input_audio_tokens": 6, "input_image_tokens": 5}, "negative_remainder"),
        ({"output_audio_tokens": 6}, "negative_remainder"),
        ({"cached_input_tokens": 80, "token_semantics": "disjoint"}, None),
        ({"cached_input_tokens": 80, "token_semantics": "Disjoint", "input_audio_tokens": 50}, None),
        ({"cached_input_tokens": 7, "cache_write_tokens": 3}, None),
        ({"call_type": "Telepathy"}, None),
        ({"service_tier": "gold"}, None),
        ({"status": " TimeOut "}, None),
        ({"tags": {"a": [1]}}, None),
    ]
    workspace.put(f"{EVENTS}/a.jsonl", lines(*(event(**changes) for changes, _ in cases)))
    assert workspace.land() == 0
    assert workspace.quarantined() == [(line, reason) for line, (_, reason) in enumerate(cases, start=1) if reason]
    assert workspace.events("_source_row") == [(line,) for line, (_, reason) in enumerate(cases, start=1) if not reason]


def test_defaults_and_kept_words(workspace):
    workspace.put(
        f"{EVENTS}/a.jsonl",
        lines(event(), event(call_type="Telepathy", status="ERROR", request_id="NULL", provider="NULL")),
    )
    workspace.land()
    assert workspace.rows(
        """select request_id, provider, attempt, token_semantics, service_tier, call_type, status, call_id, is_billed
        from raw.inference_events order by _source_row"""
    ) == [
        ("r", None, 1, "inclusive", "standard", "generation", "success", None, None),
        ("NULL", None, 1, "inclusive", "standard", "Telepathy", "error", None, None),
    ]


def test_t30_t46_bills_and_scores_keep_signs_and_outliers(workspace):
    bill = {
        "bill_id": "b",
        "provider": "p",
        "component": "LLM_API",
        "period_start": "2026-03-01",
        "period_end": "2026-04-01",
        "amount": "-1.5",
    }
    workspace.put(
        "ai_bills/a.csv",
        as_csv(bill, bill | {"component": "rent"}, bill | {"currency": "eur"}, bill | {"currency": "euro"}),
    )
    line = {
        "id": "l",
        "invoice_id": "i",
        "amount": -700,
        "currency": "jpy",
        "period_start": 1772359200,
        "period_end": 1772359200,
    }
    workspace.put("stripe_invoice_line_items/a.jsonl", lines(line, line | {"discount_amount": -1}))
    pair = {
        "evaluation_id": "e",
        "task_id": "t",
        "evaluated_at": "2026-03-01",
        "use_case": "u",
        "expensive_model": "a",
        "cheap_model": "b",
        "expensive_score": "-0.033",
        "cheap_score": 1.2,
    }
    workspace.put("paired_evaluations/a.jsonl", lines(pair))
    workspace.land()
    assert workspace.rows("select amount, currency, kind from raw.ai_bills order by _source_row") == [
        (Decimal("-1.5"), "USD", "usage"),
        (Decimal("-1.5"), "EUR", "usage"),
    ]
    assert workspace.rows("select amount, discount_amount, currency from raw.stripe_invoice_line_items") == [
        (-700, 0, "JPY")
    ]
    assert workspace.rows("select expensive_score, scale_max from raw.paired_evaluations") == [
        (Decimal("-0.033"), Decimal(1))
    ]
    assert [reason for _, reason in workspace.quarantined()] == [
        "bad_value:component",
        "bad_type:currency",
        "bad_type:discount_amount",
    ]


def test_t41_t42_t43_digits_of_real_logs(workspace):
    row = json.dumps(event(input_tokens="10.0", timestamp="2023-11-16 18:17:03.9799600"))
    workspace.put(
        f"{EVENTS}/a.jsonl",
        lines(
            *(
                row[:-1] + f', "cost_usd": {cost}}}'
                for cost in (
                    "0.013317500000000001",
                    "5.5e-06",
                    '"0.00022500000000000002"',
                    "0.0000000000005",
                    "0.00000000000049999999999999999999",
                    "100000000000.0000000000011",
                )
            )
        ),
    )
    workspace.land()
    assert [str(row[0]) for row in workspace.events("cost_usd")] == [
        "0.013317500000",
        "0.000005500000",
        "0.000225000000",
        "1E-12",
        "0E-12",
        "100000000000.000000000001",
    ]


def test_t44_null_words_are_no_value_where_null_is_allowed(workspace):
    words = ["", "NULL", "null", "None", "NaN"]
    workspace.put(
        f"{EVENTS}/a.csv",
        as_csv(*(event(customer_id=word, cached_input_tokens=word if word != "NaN" else "") for word in words)),
    )
    workspace.land()
    assert workspace.rows("select distinct customer_id, cached_input_tokens from raw.inference_events") == [
        (None, None)
    ]


def test_an_id_that_went_through_a_float_is_mended_and_a_name_stays(workspace):
    names = {"feature": "2.0", "use_case": "2.0", "workflow": "2.0", "step": "2.0"}
    workspace.put(f"{EVENTS}/a.jsonl", lines(event(customer_id="2.0", team=2.0, **names)))
    outcome = {"outcome": "completed", "resolved_at": "2026-03-01T10:00:00Z"}
    workspace.put("workflow_outcomes/a.jsonl", lines(outcome | {"workflow_run_id": "2.0", "workflow": "2.0"}))
    workspace.land()
    assert workspace.events("customer_id, team, feature, use_case, workflow, step") == [("2", "2", *names.values())]
    assert workspace.rows("select workflow_run_id, workflow from raw.workflow_outcomes") == [("2", "2.0")]


DECIMALS = st.decimals(min_value=-(10**12), max_value=10**12, allow_nan=False, allow_infinity=False, places=None)
AT_THE_EDGE_OF_DOUBLES = st.decimals(-1, 1, places=17) | st.decimals(-1000, 1000, places=15)


# No shrinking: each example lands five files.
@settings(
    max_examples=4, deadline=None, phases=[Phase.generate], suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(values=st.lists(DECIMALS | AT_THE_EDGE_OF_DOUBLES, min_size=20, max_size=80))
def test_money_is_exact_in_every_format(workspace, values):
    workspace.warehouse.unlink(missing_ok=True)  # one folder serves all examples
    texts = [str(value) for value in values]
    wanted = [value.quantize(Decimal("1e-12"), rounding=ROUND_HALF_UP) for value in values]
    number = [
        json.dumps(event(tags={"cost_usd": 1}))[:-1] + f', "cost_usd":{" " * (i % 2)}{text}}}'
        for i, text in enumerate(texts)
    ]
    workspace.put(f"{EVENTS}/number.jsonl", lines(*number))
    workspace.put(f"{EVENTS}/array.json", "[" + ",\n".join(number) + "]")
    workspace.put(f"{EVENTS}/text.jsonl", lines(*(event(cost_usd=text) for text in texts)))
    workspace.put(f"{EVENTS}/text.csv", as_csv(*(event(cost_usd=text) for text in texts)))
    put_parquet(
        workspace, f"{EVENTS}/text.parquet", " union all ".join(event_select(cost_usd=f"'{text}'") for text in texts)
    )
    workspace.land()
    for name in ("number.jsonl", "array.json", "text.jsonl", "text.csv", "text.parquet"):
        found = workspace.rows(
            "select cost_usd from raw.inference_events where _source_file = ? order by _source_row", f"{EVENTS}/{name}"
        )
        assert [row[0] for row in found] == wanted, name


# --------------------------------------------------------------------------------------------------- shapes of a file


def test_broken_json_lines_are_quarantined_by_line(workspace):
    workspace.put(
        f"{EVENTS}/a.jsonl",
        lines(event(), '{"request_id": "x', "", "[1]", "null", '"text"', "   ", '{"a":1} {"b":2}', event()),
    )
    assert workspace.land() == 0
    assert workspace.quarantined() == [(n, "broken_row") for n in (2, 4, 5, 6, 8)]
    assert workspace.events("_source_row") == [(1,), (9,)]
    assert workspace.rows("select rows_landed, rows_quarantined, rows_blank from raw.loads") == [(2, 5, 2)]


def test_duplicate_key_in_one_object_is_never_guessed(workspace):
    good = json.dumps(EVENT)
    workspace.put(
        f"{EVENTS}/a.jsonl",
        lines(
            event(), good[:-1] + ', "model": "n"}', good[:-1] + ', "Model": "n"}', good[:-1] + ', "odd": 1, "odd": 2}'
        ),
    )
    workspace.land()
    assert workspace.quarantined() == [(2, "broken_row"), (3, "broken_row"), (4, "broken_row")]


def test_names_match_without_case_and_in_camel_case(workspace):
    camel = {
        "requestId": "a",
        "Timestamp": "2026-03-01T10:00:00Z",
        "MODEL": "m",
        "inputTokens": 1,
        "outputTokens": 2,
        "cacheWrite1hTokens": 1,
    }
    workspace.put(f"{EVENTS}/a.jsonl", lines(camel, event(request_id="b")))
    workspace.put(f"{EVENTS}/b.csv", as_csv({key: camel[key] for key in reversed(camel)}))
    workspace.land()
    assert workspace.events("request_id, input_tokens, cache_write_1h_tokens") == [
        ("a", 1, 1),
        ("b", 10, None),
        ("a", 1, 1),
    ]


def test_unknown_columns_are_kept_and_reported(workspace, capsys):
    workspace.put(f"{EVENTS}/a.jsonl", lines(event(region="eu", price={"a": 1.5}), event()))
    workspace.put(f"{EVENTS}/b.csv", as_csv(event(region="us"), event(region="")))
    put_parquet(workspace, f"{EVENTS}/c.parquet", event_select(region="'ap'", n="[1, 2]"))
    workspace.land()
    extras = [row[0] and json.loads(row[0]) for row in workspace.events("_extra")]
    assert extras == [
        {"region": "eu", "price": {"a": 1.5}},
        None,
        {"region": "us"},
        None,
        {"region": "ap", "n": [1, 2]},
    ]
    assert capsys.readouterr().err.count("unknown columns of inference_events, kept in _extra: n, price, region") == 1


def test_aliases_stand_in_for_a_missing_column_only(workspace):
    invoice = {"id": "i", "status": "paid", "currency": "usd", "created": 1772359200}
    workspace.put("stripe_invoices/a.jsonl", lines(invoice | {"customer": "c1"}))
    workspace.put("stripe_invoices/b.jsonl", lines(invoice | {"customer": "c1", "customer_id": "c2"}))
    workspace.land()
    assert workspace.rows("select customer_id, _extra from raw.stripe_invoices order by _source_file") == [
        ("c1", None),
        ("c2", '{"customer":"c1"}'),
    ]


def test_json_documents(workspace):
    row = json.dumps(event(tags=[], feature="a\nb"), indent=1)
    documents = {
        f"[{row}, {row}]": 2,
        "[]": 0,
        f'{{"object": "list", "data": [{row}, {row}], "has_more": false}}': 2,
        '{"data": []}': 0,
        row: 1,
        " \n": 0,
        f'{{"names": ["x"], "rows": [{row}]}}': 1,
    }
    for position, document in enumerate(documents):
        workspace.put(f"{EVENTS}/{position}.json", document)
    assert workspace.land() == 0
    assert workspace.rows("select rows_landed, rows_quarantined from raw.loads order by load_id") == [
        (landed, 0) for landed in documents.values()
    ]
    assert set(workspace.events("feature")) == {("a\nb",)}


def test_elements_that_are_no_objects_are_broken_rows(workspace):
    workspace.put(f"{EVENTS}/a.json", json.dumps([event(), 1, None, event()]))
    workspace.land()
    assert workspace.quarantined() == [(2, "broken_row"), (3, "broken_row")]


def test_csv_rows_with_a_wrong_number_of_cells(workspace):
    text = as_csv(event(), event(request_id="b"), event(request_id="c")).splitlines()
    workspace.put(
        f"{EVENTS}/a.csv", "\r\n".join([text[0], text[1], text[2] + ",extra", "only,two", "", text[3]]) + "\r\n"
    )
    workspace.land()
    assert workspace.quarantined() == [(3, "broken_row"), (4, "broken_row")]
    assert workspace.events("request_id, _source_row") == [("r", 2), ("c", 6)]


def test_csv_values_with_line_ends_quotes_and_semicolons(workspace):
    value = 'say "hi";\nthen, go\r\n'
    workspace.put(f"{EVENTS}/a.csv", as_csv(event(feature=value), event(request_id="b")))
    workspace.land()
    assert workspace.events("feature, _source_row") == [(value, 2), (None, 5)]


def test_csv_open_quote_costs_one_line(workspace):
    text = as_csv(event(feature="f"), event(feature="g"), event(feature="h")).splitlines()
    workspace.put(f"{EVENTS}/a.csv", lines(text[0], text[1], text[2].replace("g", '"g'), text[3]))
    workspace.land()
    assert workspace.quarantined() == [(3, "broken_row")]
    assert workspace.events("feature") == [("f",), ("h",)]


@pytest.mark.parametrize("header", ["id,ID", "request_id,requestId"])
def test_duplicate_header_rejects_the_file(workspace, header, capsys):
    workspace.put(f"{EVENTS}/a.csv", header + "\n1,2\n")
    assert workspace.land() == 3
    assert workspace.quarantined() == [(0, "broken_row")]
    assert workspace.rows("select status from raw.loads") == [("rejected",)]
    assert "twice in the header" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_byte_order_mark_and_crlf(workspace, suffix):
    text = as_csv(event(), event()) if suffix == "csv" else lines(event(), event()).replace("\n", "\r\n")
    workspace.put(f"{EVENTS}/a.{suffix}", b"\xef\xbb\xbf" + text.encode())
    assert workspace.land() == 0
    assert workspace.rows("select count(*), min(request_id) from raw.inference_events") == [(2, "r")]


@pytest.mark.parametrize("suffix", FORMATS)
def test_undecodable_bytes_cost_one_line(workspace, suffix):
    rows = [event(feature="aXb", request_id=str(number)) for number in range(3)]
    text = FORMATS[suffix](*rows).encode().splitlines(keepends=True)
    hurt = 1 + (suffix == "csv")
    for name, damage in enumerate((b"\xff\xfe", b"\0", b"\xc3")):
        damaged_lines = [*text[:hurt], text[hurt].replace(b"X", damage), *text[hurt + 1 :]]
        workspace.put(f"{EVENTS}/{name}.{suffix}", b"".join(damaged_lines))
    assert workspace.land() == 0
    assert workspace.quarantined() == [(hurt + 1, "broken_row")] * 3
    assert workspace.events("request_id") == [("0",), ("2",)] * 3


@pytest.mark.parametrize("suffix", ["jsonl", "csv"])
def test_long_values_land_and_long_bad_rows_are_cut(workspace, suffix):
    rows = [event(feature="x" * 5_000_000), event(feature="y" * 5_000_000, status="lost"), event()]
    workspace.put(f"{EVENTS}/a.{suffix}", as_csv(*rows) if suffix == "csv" else lines(*rows))
    assert workspace.land() == 0
    assert workspace.rows("select max(strlen(feature)), count(*) from raw.inference_events") == [(5_000_000, 2)]
    assert workspace.rows("select max(strlen(raw_text)) from raw.quarantine") == [(land.RAW_TEXT_LIMIT,)]


def test_rows_keep_their_line_numbers_in_large_files(workspace):
    """Lines are read by two threads; a shifted number would point at somebody else's row."""
    number = 12_000
    long = "f" * 3000
    workspace.put(f"{EVENTS}/a.jsonl", lines(*(event(request_id=str(i + 1), feature=long) for i in range(number))))
    workspace.put(f"{EVENTS}/b.csv", as_csv(*(event(request_id=str(i + 2), feature=long) for i in range(number))))
    workspace.land()
    assert workspace.rows(
        "select count(*), count(*) filter (where request_id <> _source_row::varchar) from raw.inference_events"
    ) == [(2 * number, 0)]


# ------------------------------------------------------------------------------------------------------------ archives


def test_archives_of_several_members_land_whole(workspace):
    workspace.put(
        f"{EVENTS}/a.jsonl.gz", gzip.compress(lines(event()).encode()) + gzip.compress(lines(event(), event()).encode())
    )
    assert workspace.land() == 0
    assert workspace.rows("select count(*) from raw.inference_events") == [(3,)]


def damaged(kind: str) -> bytes:
    whole = gzip.compress(lines(*(event(request_id=str(number)) for number in range(500))).encode())
    return {
        "truncated": whole[: len(whole) // 2],
        "bad crc": whole[:-8] + bytes([whole[-8] ^ 1]) + whole[-7:],
        "no archive": b"plain text",
        "damaged inside": whole[:200] + bytes(50) + whole[250:],
    }[kind]


def test_damaged_archives_are_rejected_whole(workspace):
    kinds = ("truncated", "bad crc", "no archive", "damaged inside")
    names = [f"{EVENTS}/{kind}.{suffix}" for kind in kinds for suffix in ("jsonl.gz", "json.gz", "csv.gz")]
    for name in names:
        workspace.put(name, damaged(name.split("/")[1].split(".")[0]))
    workspace.put(f"{EVENTS}/whole.jsonl", lines(event()))
    assert workspace.land() == 3
    loads = workspace.rows("select name, status, rows_landed, rows_quarantined from raw.loads order by load_id")
    assert loads == [(name, "rejected", 0, 1) for name in sorted(names)] + [(f"{EVENTS}/whole.jsonl", "landed", 1, 0)]
    assert workspace.quarantined() == [(0, "broken_row")] * len(names)


@pytest.mark.parametrize(
    "name, content",
    [("a.json", '{"data": [1,'), ("a.json", "7"), ("a.parquet", "PAR1 or so"), ("a.csv", b"a\xff,b\n1,2\n")],
)
def test_unreadable_documents_are_rejected(workspace, name, content):
    workspace.put(f"{EVENTS}/{name}", content)
    assert workspace.land() == 3
    assert workspace.rows("select status from raw.loads") == [("rejected",)]


def test_empty_files_are_no_error(workspace):
    for suffix in land.SUFFIXES:
        workspace.put(f"{EVENTS}/a{suffix}", b"")
    assert workspace.land() == 0
    assert workspace.rows("select count(*), sum(rows_landed + rows_quarantined + rows_blank) from raw.loads") == [
        (len(land.SUFFIXES), 0)
    ]


def test_directory_with_a_files_name_is_named_once(workspace, capsys):
    (workspace.landing / EVENTS / "a.jsonl").mkdir(parents=True)
    workspace.put(f"{EVENTS}/deep/er/b.jsonl", lines(event()))
    assert [workspace.land(), workspace.land()] == [3, 3]
    assert workspace.rows("select file, line from raw.quarantine") == [(f"{EVENTS}/a.jsonl", 0)]
    assert workspace.rows("select _source_file from raw.inference_events") == [(f"{EVENTS}/deep/er/b.jsonl",)]
    assert "a directory" in capsys.readouterr().err


# ------------------------------------------------------------------------------------------------------------- Parquet


PARQUET = [
    ("input_tokens", "'10.0'", 10),
    ("input_tokens", "10::double", 10),
    ("input_tokens", "10::utinyint", 10),
    ("input_tokens", "10::decimal(9, 2)", 10),
    ("input_tokens", "10::hugeint", 10),
    ("input_tokens", "10.5::double", "bad_type"),
    ("input_tokens", "'nan'::double", "bad_type"),
    ("input_tokens", "-1", "bad_type"),
    ("input_tokens", "null::int", "missing_required"),
    ("cost_usd", "0.1::double", Decimal("0.1")),
    ("cost_usd", "0.013317500000000001::double", Decimal("0.0133175")),
    ("cost_usd", "1.005::decimal(30, 20)", Decimal("1.005")),
    ("cost_usd", "7::bigint", Decimal(7)),
    ("cost_usd", "'inf'::double", "bad_type"),
    ("timestamp", "timestamptz '2026-03-01 10:00:00+02'", datetime(2026, 3, 1, 8)),
    ("timestamp", "date '2026-03-01'", datetime(2026, 3, 1)),
    ("timestamp", "timestamp_ns '2026-03-01 10:00:00.123456999'", datetime(2026, 3, 1, 10, 0, 0, 123456)),
    ("timestamp", "1772359200::bigint", datetime(2026, 3, 1, 10)),
    ("timestamp", "'infinity'::timestamp", "bad_type"),
    ("tags", "{'a': 1, 'b': [2]}", '{"a":1,"b":[2]}'),
    ("cache_hit", "true", True),
    ("cache_hit", "1::double", True),
    ("cache_hit", "'yes'", True),
    ("customer_id", "42", "42"),
    ("customer_id", "uuid '00000000-0000-0000-0000-000000000001'", "00000000-0000-0000-0000-000000000001"),
    ("status", "'ERROR'::enum('ERROR')", "error"),
]


def test_parquet_of_other_types(workspace):
    for position, (column, expression, _) in enumerate(PARQUET):
        put_parquet(workspace, f"{EVENTS}/{position:02}.parquet", event_select(**{column: expression}))
    assert workspace.land() == 0
    for position, (column, expression, expected) in enumerate(PARQUET):
        name, where = f"{EVENTS}/{position:02}.parquet", f"{column} = {expression}"
        reasons = workspace.rows("select reason from raw.quarantine where file = ?", name)
        values = workspace.rows(f'select "{column}" from raw.inference_events where _source_file = ?', name)
        if expected in ("bad_type", "missing_required"):
            assert (reasons, values) == ([(f"{expected}:{column}",)], []), where
        else:
            assert (reasons, values) == ([], [(expected,)]), where


def test_damaged_parquet_is_rejected_and_the_rest_lands(workspace):
    """The footer is whole, so the damage shows only while the rows are read."""
    put_parquet(workspace, f"{EVENTS}/a.parquet", f"{event_select(feature='md5(i::varchar)')} from range(5000) as r(i)")
    path = workspace.landing / EVENTS / "a.parquet"
    whole = path.read_bytes()
    path.write_bytes(whole[:1000] + b"\xff" * 3000 + whole[4000:])
    workspace.put(f"{EVENTS}/b.jsonl", lines(event()))
    assert workspace.land() == 3
    assert workspace.rows("select status, rows_landed from raw.loads order by load_id") == [
        ("rejected", 0),
        ("landed", 1),
    ]


def test_a_full_disk_is_not_the_files_fault(workspace, monkeypatch):
    """Rejected for good, a file would be missing from the warehouse for ever."""
    workspace.put(f"{EVENTS}/a.jsonl.gz", gzip.compress(lines(event()).encode()))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr(files, "scan", full)
        with pytest.raises(OSError, match="No space"):
            workspace.land()
    assert workspace.land() == 0
    assert workspace.rows("select status from raw.loads") == [("landed",)]


# -------------------------------------------------------------------------------------------------- names and identity


def test_odd_file_names(workspace):
    """Names are values: neither SQL nor globs. Without quoting, a[b] would be read as ab, and ab twice."""
    names = ["it's; drop table x", "new\nline", '"q"', "a[b]*?", "ab", "ü{x}", "s3:x", "http:", "%41"]
    for name in names:
        workspace.put(f"{EVENTS}/{name}.jsonl", lines(event(request_id=name)))
        workspace.put(f"{EVENTS}/{name}.csv", as_csv(event(request_id=name)))
    assert workspace.land() == 0
    assert workspace.rows("select count(*) from raw.inference_events") == [(2 * len(names),)]
    workspace.put(os.fsdecode(f"{EVENTS}/not utf-8 ".encode() + b"\xff.jsonl"), lines(event()))
    assert workspace.land() == 0
    assert set(workspace.events("request_id, _source_file")) == {("r", f"{EVENTS}/not utf-8 \\xff.jsonl")} | {
        (name, f"{EVENTS}/{name}.{suffix}") for name in names for suffix in ("jsonl", "csv")
    }


@pytest.mark.parametrize("suffix", FORMATS)
def test_odd_values_stay_as_they_are(workspace, suffix):
    texts = ["'; drop table raw.loads; --", '"', "\\", "a\tb", "{}", "ümlaut 漢字 🎉", "\u2028", "a;b", "x\ny"]
    key = "odd'\"; x"
    workspace.put(f"{EVENTS}/a.{suffix}", FORMATS[suffix](*(event(feature=text, **{key: text}) for text in texts)))
    assert workspace.land() == 0
    assert workspace.events("feature") == [(text,) for text in texts]
    assert [json.loads(row[0]) for row in workspace.events("_extra")] == [{key: text} for text in texts]


def test_same_content_lands_once_under_whatever_name(workspace):
    workspace.put(f"{EVENTS}/a.jsonl", lines(event()))
    workspace.land()
    workspace.put(f"{EVENTS}/b.jsonl", lines(event()))
    assert [workspace.land(), workspace.land()] == [0, 0]
    assert workspace.rows("select name, status, rows_landed from raw.loads order by load_id") == [
        (f"{EVENTS}/a.jsonl", "landed", 1),
        (f"{EVENTS}/b.jsonl", "duplicate_file", 0),
    ]


def test_changed_file_under_its_old_name_lands_too(workspace):
    workspace.put(f"{EVENTS}/a.jsonl", lines(event()))
    workspace.land()
    workspace.put(f"{EVENTS}/a.jsonl", lines(event(input_tokens=11)))
    workspace.land()
    assert workspace.events("_load_id, input_tokens") == [(1, 10), (2, 11)]


def test_nothing_is_passed_over_without_a_word(workspace, capsys):
    for name in (
        "stray.jsonl",
        "who_knows/a.jsonl",
        "raw_model_prices/a.jsonl",
        f"{EVENTS}/.hidden.jsonl",
        f"{EVENTS}/a.jsonl.tmp",
        f"{EVENTS}/notes.txt",
    ):
        workspace.put(name, lines(event()))
    assert workspace.land() == 0
    said = capsys.readouterr().err
    for word in ("stray.jsonl", "who_knows/", "raw_model_prices/", ".hidden.jsonl", "a.jsonl.tmp", "notes.txt"):
        assert word in said
    assert workspace.rows("select count(*) from raw.loads") == [(0,)]


def test_no_row_text_on_the_terminal(workspace, capsys):
    workspace.put(f"{EVENTS}/a.jsonl", lines(event(customer_id="jane@example.com", status="lost"), "jane@example.com"))
    workspace.land()
    said = capsys.readouterr()
    assert "bad_value:status" in said.out and f"{EVENTS}/a.jsonl:1" in said.out
    assert "jane" not in said.out + said.err


# ---------------------------------------------------------------------------------------------------------- the command


def command(*arguments: object, **options: object) -> subprocess.CompletedProcess:
    return subprocess.run(
        [sys.executable, SCRIPTS / "land.py", *map(str, arguments)], capture_output=True, text=True, **options
    )


def test_bad_calls_say_what_to_do_in_one_line(workspace):
    file = workspace.put("file.txt", "x")
    with duckdb.connect(str(workspace.warehouse)):
        for landing, warehouse in (
            (workspace.landing / "none", "w.duckdb"),
            (file, "w.duckdb"),
            (workspace.landing, workspace.warehouse),
            (workspace.landing, file),
        ):
            result = command("--landing", landing, "--warehouse", warehouse)
            assert result.returncode == 2
            assert result.stderr.startswith("land.py: ") and result.stderr.count("\n") == 1


def test_new_warehouse_can_be_opened_by_1_4(workspace):
    workspace.land()
    assert workspace.warehouse.read_bytes()[8:20][:4] == b"DUCK"
    assert workspace.warehouse.read_bytes()[12] == 67


def fill(workspace: Workspace, seed: int, number: int) -> int:
    """Random files of every kind; returns how many rows and lines they hold."""
    chance, total = random.Random(seed), 0
    for index in range(number):
        rows = [
            event(
                request_id=str(chance.random()),
                status=chance.choice(["success", "error", "lost"]),
                cost_usd=chance.random(),
            )
            for _ in range(chance.randint(0, 1200))
        ]
        suffix = chance.choice(["jsonl", "jsonl.gz", "csv", "json"])
        text = {"csv": as_csv, "json": lambda *rows: json.dumps(rows)}.get(suffix, lines)(*rows) if rows else ""
        workspace.put(f"{EVENTS}/{index:03}.{suffix}", gzip.compress(text.encode()) if suffix.endswith("gz") else text)
        total += len(rows)
    return total


def content(workspace: Workspace) -> list[tuple]:
    """Everything landed but the clock, in one order-free summary a table; a stamp is of the clock, too."""
    return [
        workspace.rows(
            f"""select count(*), bit_xor(hash(t)), sum(hash(t)::hugeint)
            from (select * exclude ({clock}) from raw.{table}) as t"""
        )[0]
        for table, clock in ((EVENTS, "_landed_at"), ("quarantine", "landed_at"), ("loads", "landed_at, stamp"))
    ]


def test_landing_twice_changes_nothing_and_every_row_is_accounted_for(workspace):
    total = fill(workspace, seed=1, number=12)
    workspace.land()
    assert workspace.rows(
        "select sum(rows_landed + rows_quarantined) from raw.loads where status <> 'duplicate_file'"
    ) == [(total,)]
    assert_every_row_is_accounted_for(workspace)
    before = content(workspace)
    workspace.land()
    assert content(workspace) == before


@pytest.mark.parametrize("seed", range(2))
def test_killed_anywhere_and_run_again_gives_the_same(workspace, tmp_path, seed):
    fill(workspace, seed=seed, number=8)
    chance = random.Random(seed)
    for _ in range(2):
        process = subprocess.Popen(
            [sys.executable, SCRIPTS / "land.py", "--landing", workspace.landing, "--warehouse", workspace.warehouse],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        time.sleep(0.5 + chance.random())
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    workspace.land()
    assert_every_row_is_accounted_for(workspace)
    undisturbed = Workspace(workspace.landing, tmp_path / "undisturbed.duckdb")
    undisturbed.land()
    assert content(workspace) == content(undisturbed)
    assert not list(tmp_path.glob("*.landing"))


# ------------------------------------------------------------------------------------------------------------ the spec


def test_spec_is_complete():
    required = {
        "inference_events",
        "ai_bills",
        "crm_customers",
        "stripe_refunds",
        "fx_rates",
        "loads",
        "quarantine",
        "otel_genai_spans",
    }
    assert required <= set(SPEC)
    types = {"string", "bigint", "date", "timestamp", "boolean", "decimal(28, 12)"}
    for table in SPEC.values():
        if table.landed:
            assert {column.data_type for column in table.columns} <= types, table.name
            assert {column.kind for column in table.columns} <= set(land.TYPED_FROM_TEXT), table.name
        names = [land.matching(name) for column in table.columns for name in (column.name, *column.aliases)]
        assert len(names) == len(set(names)), table.name


def test_every_landed_table_takes_a_row_of_text(workspace):
    """Each kind of each table compiles to SQL that runs, whatever the table."""
    for table in SPEC.values():
        if table.landed:
            workspace.put(f"{table.name}/a.jsonl", lines({column.name: "x" for column in table.columns}))
    assert workspace.land() == 0
    assert workspace.rows("select count(*) from raw.loads where rows_landed + rows_quarantined = 1") == workspace.rows(
        "select count(*) from raw.loads"
    )
