"""The semantic layer's metrics in Apache Superset: the same figures as worked out by hand, the same things each time.

The translation is tested on the published file; with Superset installed (make superset-env, some minutes) a server of
the test's own, over a metadata database of its own, is filled twice and asked.
"""

import datetime
import io
import json
import os
import secrets
import socket
import subprocess
import sys
import time
import zipfile

import pytest
import tiny_layer
import yaml
from client_steps import PROJECT, environment, ran

import superset_dashboard
from superset_assets.metrics import datasets

FIND = "(select customer_id, segment from marts.dim_customers where not is_internal) as customers"
COSTS = f"(from marts.fct_usage_daily semi join {FIND} using (customer_id))"
REVENUE = f"(from marts.fct_revenue_daily semi join {FIND} using (customer_id))"
BY_HAND = {
    "ai_cost_usd": f"select sum(ai_cost_usd) from {COSTS}",
    "inferences": f"select sum(successful_inference_count) from {COSTS}",
    "customers_seen": "select count(distinct customer_id) from marts.fct_usage_daily",
    "cpi_usd": f"select sum(ai_cost_usd) / sum(successful_inference_count) from {COSTS}",
    "chat_cpi_usd": f"""select sum(ai_cost_usd) filter (feature = 'chat') / sum(successful_inference_count)
        from {COSTS}""",
    "ai_revenue_usd": f"select sum(ai_revenue_usd) from {REVENUE}",
    "ier": f"select (select sum(ai_revenue_usd) from {REVENUE}) / (select sum(ai_cost_usd) from {COSTS})",
    "margin_ratio": f"""select 1 - (select sum(ai_cost_usd) from {COSTS}) /
        (select sum(ai_revenue_usd) from {REVENUE})""",
}


@pytest.fixture(scope="module")
def layer():
    return datasets(tiny_layer.MANIFEST)


@pytest.fixture(scope="module")
def files(workplace):
    """The options that name the tiny layer's files."""
    manifest, dashboard = workplace / "semantic_manifest.json", workplace / "dashboard.yml"
    manifest.write_text(json.dumps(tiny_layer.MANIFEST), encoding="utf-8")
    dashboard.write_text(yaml.safe_dump(tiny_layer.DASHBOARD), encoding="utf-8")
    file = workplace / "warehouse" / "published" / "ai_unit_economics.duckdb"
    return ["--file", str(file), "--manifest", str(manifest), "--dashboard", str(dashboard)]


def test_what_one_expression_cannot_say_is_left_out_by_name(layer):
    found, left_out = layer
    assert left_out.keys() == tiny_layer.LEFT_OUT
    assert {metric.name for dataset in found for metric in dataset.metrics} == BY_HAND.keys()


def test_every_metric_is_what_it_is_by_hand_on_every_dataset(layer, published):
    for dataset in layer[0]:
        for metric in dataset.metrics:
            [[value]] = published(f"select {metric.expression} from ({dataset.sql}) as dataset")
            [[expected]] = published(BY_HAND[metric.name])
            assert value is not None or expected is None, metric.name
            assert value == pytest.approx(expected, rel=1e-12), (dataset.name, metric.name)


def test_nothing_is_counted_twice_by_what_entities_bring(layer, published):
    """Joining the customer and the plan of the day keeps each row once, and splits by them add up."""
    usage = next(dataset for dataset in layer[0] if dataset.name == "usage")
    rows = published("select count(*), sum(ai_cost_usd) from marts.fct_usage_daily")
    assert published(f"select count(*), sum(ai_cost_usd) from ({usage.sql})") == rows
    cost = next(metric for metric in usage.metrics if metric.name == "ai_cost_usd")
    for column in ("customer__segment", "customer__plan", "feature", "customer", "metric_time"):
        split = f"select {column}, {cost.expression} as cost from ({usage.sql}) group by 1"
        assert published(f"select sum(cost) from ({split})") == published(BY_HAND["ai_cost_usd"]), column


def test_a_dataset_of_two_models_splits_by_what_both_know(layer):
    both = next(dataset for dataset in layer[0] if dataset.name == "revenue_and_usage")
    visible = {column.name for column in both.columns if not column.is_measure}
    assert {"metric_time", "customer", "customer__segment", "customer__plan"} <= visible
    assert not visible & {"feature", "product"}
    assert {"ier", "ai_cost_usd", "ai_revenue_usd"} <= {metric.name for metric in both.metrics}


def test_what_is_sent_is_the_same_each_time_and_reads_only(files, workplace, capsys):
    zips = [workplace / name for name in ("one.zip", "two.zip")]
    for path in zips:
        assert superset_dashboard.main([*files, "--zip", str(path)]) == 0
    assert zips[0].read_bytes() == zips[1].read_bytes()
    assert "left out p95" in capsys.readouterr().err
    with zipfile.ZipFile(io.BytesIO(zips[0].read_bytes())) as archive:
        texts = {name: yaml.safe_load(archive.read(name)) for name in archive.namelist()}
    database = texts["ai_unit_economics/databases/ai_unit_economics.yaml"]
    assert database["extra"]["engine_params"] == {"connect_args": {"read_only": True}}
    usage = texts["ai_unit_economics/datasets/ai_unit_economics/usage.yaml"]
    assert {column["column_name"]: column["description"] for column in usage["columns"]}["feature"]


def test_a_chart_without_its_metric_is_named(files, workplace, capsys):
    rows = [[{"title": "No such", "kind": "number", "metrics": ["nothing"]}]]
    (workplace / "wrong.yml").write_text(yaml.safe_dump({"title": "T", "slug": "t", "rows": rows}), encoding="utf-8")
    assert superset_dashboard.main([*files, "--dashboard", str(workplace / "wrong.yml"), "--zip", "x.zip"]) == 2
    assert "'No such': no dataset has nothing" in capsys.readouterr().err


def test_without_credentials_nothing_is_sent(files, monkeypatch, capsys):
    monkeypatch.delenv("SUPERSET_PASSWORD", raising=False)
    assert superset_dashboard.main([*files, "--url", "http://127.0.0.1:9"]) == 2
    assert "SUPERSET_PASSWORD" in capsys.readouterr().err


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A Superset of its own: address, and the environment that says who one is."""
    bin_folder = environment("superset", "apache-superset", "duckdb-engine")
    home = tmp_path_factory.mktemp("superset")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    who = {"SUPERSET_USERNAME": "admin", "SUPERSET_PASSWORD": secrets.token_hex(12)}
    more = {"FLASK_APP": "superset", "SUPERSET_HOME": str(home), "SUPERSET_SECRET_KEY": secrets.token_hex(32)} | who
    superset = str(bin_folder / "superset")
    ran([superset, "db", "upgrade"], home, **more)
    person = ["--username", "admin", "--firstname", "A", "--lastname", "A", "--email", "a@example.com"]
    ran([superset, "fab", "create-admin", *person, "--password", who["SUPERSET_PASSWORD"]], home, **more)
    ran([superset, "init"], home, **more)
    with (home / "server.log").open("w") as log:
        process = subprocess.Popen(
            [superset, "run", "--port", port, "--with-threads"],
            env=os.environ | more,
            stdout=log,
            stderr=subprocess.STDOUT,
        )
        try:
            end = time.monotonic() + 240
            while socket.socket().connect_ex(("127.0.0.1", int(port))):
                assert process.poll() is None and time.monotonic() < end, (home / "server.log").read_text()[-3000:]
                time.sleep(1)
            yield f"http://127.0.0.1:{port}", who, home / "server.log"
        finally:
            process.terminate()
            process.wait(timeout=30)


def things(client):
    """Everything that was made, by its id and what it says; when it was changed aside."""
    found = {}
    for kind in ("database", "dataset", "chart", "dashboard"):
        for row in client.get(f"{kind}/?q=(page_size:100)")["result"]:
            found[kind, row["id"]] = row.get("uuid"), row.get("table_name") or row.get("slice_name")
    for kind, number in [key for key in found if key[0] == "dataset"]:
        one = client.get(f"dataset/{number}")["result"]
        metrics = {metric["metric_name"]: (metric["id"], metric["expression"]) for metric in one["metrics"]}
        columns = {column["column_name"]: (column["id"], column["type"]) for column in one["columns"]}
        found[kind, number] = one["table_name"], one["sql"], metrics, columns
    return found


def test_superset_says_what_the_marts_say_and_a_second_time_changes_nothing(server, files, published):
    url, who, log = server
    script = [sys.executable, str(PROJECT / "scripts" / "superset_dashboard.py"), "--url", url, *files]
    ran(script, PROJECT, **who)
    client = superset_dashboard.Superset(url, *who.values())
    first = things(client)
    assert {kind for kind, _ in first} == {"database", "dataset", "chart", "dashboard"}
    ran(script, PROJECT, **who)
    assert things(client) == first
    assert who["SUPERSET_PASSWORD"] not in log.read_text(errors="replace")

    ids = {row[0]: number for (kind, number), row in first.items() if kind == "dataset"}

    def ask(dataset, metrics, by=()):
        query = {"metrics": metrics, "columns": list(by), "row_limit": 1000}
        body = {"datasource": {"id": ids[dataset], "type": "table"}, "queries": [query], "force": True}
        return client.post("chart/data", body)["result"][0]["data"]

    for dataset, names in {"usage": ["ai_cost_usd", "cpi_usd", "inferences"], "revenue_and_usage": ["ier"]}.items():
        [row] = ask(dataset, names)
        for name in names:
            [[expected]] = published(BY_HAND[name])
            assert float(row[name]) == pytest.approx(float(expected), rel=1e-12), name
    split = ask("usage", ["ai_cost_usd"], by=["customer__segment"])
    expected = dict(
        published(f"select segment, sum(ai_cost_usd) from {COSTS} inner join {FIND} using (customer_id) group by 1")
    )
    got = {row["customer__segment"]: row["ai_cost_usd"] for row in split if row["ai_cost_usd"] is not None}
    assert {key: float(value) for key, value in got.items()} == pytest.approx(
        {key: float(value) for key, value in expected.items()}, rel=1e-12
    )
    month = {"timeGrain": "P1M", "columnType": "BASE_AXIS", "sqlExpression": "metric_time", "label": "metric_time"}
    months = ask("usage", ["customers_seen"], by=[month | {"expressionType": "SQL"}])
    asked = "select count(distinct date_trunc('month', usage_date)) from marts.fct_usage_daily"
    assert len(months) == published(asked)[0][0]
    assert datetime.datetime.fromtimestamp(months[0]["metric_time"] / 1000, datetime.UTC).day == 1


def test_superset_cannot_write(server, files):
    url, who, _ = server
    client = superset_dashboard.Superset(url, *who.values())
    database = next(row["id"] for row in client.get("database/")["result"])
    with pytest.raises(superset_dashboard.Refused):
        drop = {"database_id": database, "sql": "drop table marts.alerts", "client_id": "x", "runAsync": False}
        client.post("sqllab/execute/", drop)
