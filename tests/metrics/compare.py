"""Asks every metric of the semantic layer by every dimension it has, and compares the answers with the warehouse.

Metrics and dimensions are those of the semantic manifest. Each answer (the SQL of MetricFlow, run here) must equal, row
by row and both ways, what `expected.py` says the metric means, asked of the facts by hand, and every mart that holds it
at the same cut. Runs in the environment of requirements-metrics.txt:

    python tests/metrics/compare.py semantic_manifest.json build.duckdb
"""

from __future__ import annotations

import argparse
import sys
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import duckdb
from metricflow.engine.metricflow_engine import MetricFlowEngine, MetricFlowQueryRequest
from metricflow.protocols.sql_client import SqlEngine
from metricflow.sql.render.duckdb_renderer import DuckDbSqlPlanRenderer
from metricflow_semantics.model.dbt_manifest_parser import parse_manifest_from_dbt_generated_manifest
from metricflow_semantics.model.semantic_manifest_lookup import SemanticManifestLookup

sys.path.insert(0, str(Path(__file__).parent))

from expected import MARTS, SOURCES, Mart, Source, measure_of, source_of

GRAINS = ["day", "week", "month", "quarter", "year"]


class Question(NamedTuple):
    """Metrics asked together, by at most one dimension (its name in MetricFlow) and one grain of time."""

    metrics: tuple[str, ...]
    dimension: str | None
    grain: str | None

    def __str__(self) -> str:
        by = " and ".join(filter(None, [self.dimension, self.grain])) or "nothing"
        return f"{', '.join(self.metrics[:3])}{' ...' if len(self.metrics) > 3 else ''} by {by}"


class Cuts(NamedTuple):
    """What a metric can be asked by."""

    dimensions: tuple[str, ...]
    grains: tuple[str, ...]


class Renderer:
    """All the engine needs of a database to write SQL for it: nothing is asked through it."""

    sql_engine_type = SqlEngine.DUCKDB
    sql_plan_renderer = DuckDbSqlPlanRenderer()


class Layer:
    """The metrics of a semantic manifest, what they can be asked by, and the SQL of a question."""

    def __init__(self, manifest: Path) -> None:
        self.manifest = parse_manifest_from_dbt_generated_manifest(manifest.read_text(encoding="utf-8"))
        self.engine = MetricFlowEngine(SemanticManifestLookup(self.manifest), Renderer())
        self.metrics = {metric.name: metric for metric in self.manifest.metrics}
        self.cuts_of = {name: self.cuts(name) for name in sorted(self.metrics)}

    def is_sum(self, metric: str) -> bool:
        """Whether nothing there means 0: sums, but no ratio."""
        return metric == "gross_profit_usd" or (self.metrics[metric].type.value == "simple" and "_ratio" not in metric)

    def cuts(self, metric: str) -> Cuts:
        """The dimensions and entities a metric can be asked by, and the grains of time."""
        found = self.engine.simple_dimensions_for_metrics([metric])
        names = {dimension.dunder_name for dimension in found if dimension.type.name == "CATEGORICAL"}
        names |= {entity.name for entity in self.engine.entities_for_metrics([metric])}
        finest = min(GRAINS.index(d.dunder_name[13:]) for d in found if d.dunder_name.startswith("metric_time__"))
        return Cuts(tuple(sorted(names)), tuple(GRAINS[finest:]))

    def sql(self, question: Question) -> str:
        """MetricFlow's SQL of a question."""
        by = [question.dimension] if question.dimension else []
        by += [f"metric_time__{question.grain}"] if question.grain else []
        request = MetricFlowQueryRequest.create(metric_names=question.metrics, group_by_names=by)
        return self.engine.explain(request).sql_statement.sql


def unanswered(connection: duckdb.DuckDBPyConnection, layer: Layer) -> list[str]:
    """Saved queries that cannot be asked, or have no row; their numbers are those of the metrics."""
    found = []
    for saved in layer.manifest.saved_queries:
        request = MetricFlowQueryRequest.create(saved_query_name=saved.name)
        if not connection.execute(layer.engine.explain(request).sql_statement.sql).fetchall():
            found.append(f"saved query {saved.name} has no row")
    return found


def questions(layer: Layer) -> Iterator[Question]:
    """By every dimension and month, and one other grain in turn; by no dimension at every grain and at none."""
    groups: dict[tuple[str, Cuts], list[str]] = defaultdict(list)
    for metric, cuts in layer.cuts_of.items():
        groups[source_of(metric), cuts].append(metric)
    for (_, cuts), metrics in groups.items():
        for grain in [None, *cuts.grains]:
            yield Question(tuple(metrics), None, grain)
        # The cuts of the marts are asked at every grain they have, beside.
        others = [None, *(grain for grain in cuts.grains if grain != "month")]
        for number, dimension in enumerate(cuts.dimensions):
            for grain in ["month", others[number % len(others)]]:
                yield Question(tuple(metrics), dimension, grain)


def mart_questions(
    layer: Layer, connection: duckdb.DuckDBPyConnection
) -> Iterator[tuple[Question, Mart, dict[str, str]]]:
    """Every cut of every mart, with the columns that hold metrics."""
    for mart in MARTS:
        columns = [row[0] for row in connection.execute(f"describe marts.{mart.name}").fetchall()]
        held = {
            metric: column
            for metric, cuts in layer.cuts_of.items()
            if source_of(metric) in mart.sources
            and mart.dimension in (None, *cuts.dimensions)
            and (column := mart.column_of(metric)) in columns
        }
        if not held:
            raise ValueError(f"{mart.name} by {mart.dimension} holds no metric of {mart.sources}")
        yield Question(tuple(held), mart.dimension, mart.grain), mart, held


def compared(
    connection: duckdb.DuckDBPyConnection, layer: Layer, question: Question, answer: str, expected: str
) -> list[str]:
    """What differs between two selects with the columns of a question; a missing row has no value."""
    same = 'cast(answer."{0}" as {1}) is not distinct from cast(expected."{0}" as {1})'
    keys = [same.format(question.dimension, "varchar")] if question.dimension else []
    keys += [same.format(f"metric_time__{question.grain}", "date")] if question.grain else []
    on = " and ".join(keys) or "true"
    different = []
    for metric in question.metrics:
        ours, theirs = f'answer."{metric}"', f'expected."{metric}"'
        if layer.is_sum(metric):
            ours, theirs = f"coalesce({ours}, 0)", f"coalesce({theirs}, 0)"
        # Parts of a dollar are exact, ratios doubles.
        tolerance = f"1e-9 * abs({theirs}) + 1e-11"
        different.append(
            f"count(*) filter (where ({ours} is null) <> ({theirs} is null) or abs({ours} - {theirs}) > {tolerance})"
        )
    rows = connection.execute(
        f"""with answer as ({answer}), expected as ({expected})
        select count(*), {", ".join(different)} from answer full outer join expected on {on}"""
    ).fetchone()
    return [
        f"{question}: {metric} differs in {n} of {rows[0]} rows"
        for metric, n in zip(question.metrics, rows[1:], strict=True)
        if n
    ]


def expected_sql(question: Question) -> str:
    """What expected.py says the metrics of a question are."""
    source: Source = SOURCES[source_of(question.metrics[0])]
    time = f"date_trunc('{question.grain}', {source.time})" if question.grain else "date '1900-01-01'"
    dimension = source.dimension(question.dimension) if question.dimension else "'all'"
    columns = ", ".join(f'{measure_of(metric)} as "{metric}"' for metric in question.metrics)
    keys = [f'cut as "{question.dimension}"'] if question.dimension else []
    keys += [f'period as "metric_time__{question.grain}"'] if question.grain else []
    grouped = ["cut"] * bool(question.dimension) + ["period"] * bool(question.grain)
    return f"""
        select {", ".join([*keys, columns])}
        from (
            select
                *,
                min({source.time}) over (partition by period) as first_time,
                max({source.time}) over (partition by period) as last_time
            from (select *, cast({dimension} as varchar) as cut, {time} as period from ({source.sql}))
        )
        {f"group by {', '.join(grouped)}" if grouped else ""}"""


def mart_sql(question: Question, mart: Mart, held: dict[str, str]) -> str:
    """The rows of a mart that answer a question."""
    keys = [f'{mart.value} as "{question.dimension}"'] if question.dimension else []
    keys += [f'{mart.time} as "metric_time__{question.grain}"'] if question.grain else []
    columns = [f'{held[metric]} as "{metric}"' for metric in question.metrics]
    return f"select {', '.join(keys + columns)} from marts.{mart.name} where {mart.where}"


def main() -> int:
    """Ask and compare; 1 when anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("manifest", type=Path)
    parser.add_argument("warehouse", type=Path)
    arguments = parser.parse_args()
    layer = Layer(arguments.manifest)
    asked, found = 0, 0
    with duckdb.connect(str(arguments.warehouse), read_only=True) as connection:
        connection.execute("set enable_progress_bar = false")
        for silent in unanswered(connection, layer):
            print(silent, flush=True)
            found += 1
        comparisons = [(question, expected_sql(question), "") for question in questions(layer)]
        for question, mart, held in mart_questions(layer, connection):
            comparisons.append((question, mart_sql(question, mart, held), f"{mart.name}: "))
        # Few metrics at once are asked fast: what is wrong there shows first.
        for question, expected, where in sorted(comparisons, key=lambda comparison: len(comparison[0].metrics)):
            for difference in compared(connection, layer, question, layer.sql(question), expected):
                print(f"{where}{difference}", flush=True)
                found += 1
            asked += 1
            print(f"\rasked {asked} of {len(comparisons)} questions", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    print(f"{len(layer.metrics)} metrics, {asked} questions to the facts and the marts, {found} differences")
    return int(found > 0)


if __name__ == "__main__":
    sys.exit(main())
