"""Every client that models/docs/clients.md tells of, run as it tells: the same figures as duckdb's own, exactly."""

import decimal
import json
import os
import subprocess
import time

import pytest
from client_steps import PROJECT, by_month, environment, on_path, program, ran, steps


def python(section, folder, bin_folder, place=0):
    return ran([bin_folder / "python", "-c", steps(section, "python")[place]], folder)


@pytest.mark.parametrize("section", ["pandas", "polars", "ibis"])
def test_frames_hold_exact_dollars(section, workplace, costs):
    bin_folder = environment("clients", {"ibis": "ibis-framework"}.get(section, section))
    assert by_month(python(section, workplace, bin_folder)) == costs


@pytest.mark.parametrize("section", ["pandas", "polars", "ibis"])
def test_frames_see_what_a_column_means(section, workplace, published):
    bin_folder = environment("clients", {"ibis": "ibis-framework"}.get(section, section))
    [[comment]] = published(
        """select comment from duckdb_columns()
        where table_name = 'customer_margins_monthly' and column_name = 'gross_margin_ratio'"""
    )
    assert comment in python(section, workplace, bin_folder, place=1)


def test_the_command_line_prints_figures_and_comments(workplace, costs, published):
    bin_folder = environment("clients", "duckdb-cli")
    figures, comments = (
        ran(line, workplace, PATH=on_path(bin_folder))
        for line in steps("DuckDB's command line", "sh")[0].strip().splitlines()
    )
    assert by_month(figures) == costs
    asked = "select column_name, comment from duckdb_columns() where table_name = 'customer_margins_monthly'"
    assert [(row["column_name"], row["comment"]) for row in json.loads(comments)] == published(asked)


def test_a_client_cannot_write(workplace):
    bin_folder = environment("clients", "duckdb-cli")
    file = workplace / "warehouse" / "published" / "ai_unit_economics.duckdb"
    before = file.read_bytes()
    done = subprocess.run([bin_folder / "duckdb", "-readonly", file, "drop table marts.alerts"], capture_output=True)
    assert done.returncode != 0
    assert b"read-only" in done.stderr
    assert file.read_bytes() == before


def test_a_sheet_of_excel_reads_back_as_it_was_written(workplace, published):
    """Cells are doubles: each is still the decimal it was. Another program reads what DuckDB wrote."""
    bin_folder = environment("clients", "duckdb-extension-excel", "openpyxl")
    ran([bin_folder / "python", "-c", steps("Excel", "python")[0]], workplace)
    code = """
import json, openpyxl
sheet = openpyxl.load_workbook("customer_margins.xlsx").active
print(json.dumps([[str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)]))
"""
    head, *rows = json.loads(ran([bin_folder / "python", "-c", code], workplace))
    place = [head.index(name) for name in ("period_start_date", "customer_id", "ai_cost_usd")]
    cells = {(row[place[0]][:10], row[place[1]]): decimal.Decimal(row[place[2]]) for row in rows}
    asked = "select period_start_date, customer_id, ai_cost_usd from marts.customer_margins_monthly"
    expected = {(str(month), customer): cost for month, customer, cost in published(asked)}
    assert {key: round(cost, 12) for key, cost in cells.items()} == expected


def test_harlequin_shows_the_catalog_and_answers(workplace, published):
    """In a terminal of its own (tmux): the schema in the catalog, the answer of a query, nothing written."""
    bin_folder, tmux = environment("clients", "harlequin"), program("tmux")
    [[total]] = published("select sum(ai_cost_usd) from marts.customer_margins_monthly")
    command = steps("Harlequin", "sh")[0].strip()
    speak = [tmux, "-u", "-S", str(workplace / "tmux.socket")]
    settings = os.environ | {"LC_ALL": "C.UTF-8", "HOME": str(workplace), "PATH": on_path(bin_folder)}
    settings.pop("TMUX", None)

    def send(*keys):
        subprocess.run([*speak, "send-keys", *keys], check=True, env=settings)

    def wait_for(*texts, seconds=120):
        end = time.monotonic() + seconds
        while True:
            screen = subprocess.run([*speak, "capture-pane", "-p"], capture_output=True, text=True, env=settings).stdout
            if all(text in screen for text in texts):
                return
            assert time.monotonic() < end, screen
            time.sleep(0.5)

    subprocess.run(
        [*speak, "new-session", "-d", "-x", "160", "-y", "45", command], cwd=workplace, check=True, env=settings
    )
    try:
        wait_for("Data Catalog", "ai_unit_economics")
        send("-l", "select sum(ai_cost_usd) from marts.customer_margins_monthly -- ")
        wait_for("customer_margins_monthly --")
        send("Escape")
        send("C-j")
        wait_for("1 Records", str(total))
        send("F6")
        wait_for("Insert Name")  # the keys of the catalog
        send("Down")
        time.sleep(2)
        send("Enter")
        wait_for("marts sch")
    finally:
        subprocess.run([*speak, "kill-server"], check=False, env=settings)


def test_spark_sql_reads_the_parquet_files(workplace, costs):
    bin_folder = environment("spark", "pyspark")
    program("java")
    printed = ran(steps("Spark SQL", "sh")[0], workplace, PATH=on_path(bin_folder), SPARK_LOCAL_IP="127.0.0.1")
    assert by_month(printed) == costs


def test_the_page_tells_of_no_other_steps():
    """Every block of code on the page is one that a test runs, or of Superset, whose test makes a server of its own."""
    text = (PROJECT / "models" / "docs" / "clients.md").read_text(encoding="utf-8")
    ran_here = ["pandas", "polars", "ibis", "DuckDB's command line", "Excel", "Harlequin", "Spark SQL"]
    blocks = sum(len(steps(section, "(?:sh|python)")) for section in [*ran_here, "Installing them", "Apache Superset"])
    assert text.count("```") == 2 * blocks
