"""The metrics of the semantic layer as SQL: target/semantic_manifest.json in, datasets with their metrics out.

A dataset is one semantic model with what its entities bring (`customer__segment`), or several side by side, one under
the other, where a ratio needs both: rows of the one have no value in the measures of the other. A metric is an
expression over the measures of its dataset, so that any grouping is a ratio of sums.

What one expression cannot say (cumulative and conversion metrics, offsets, semi-additive measures) is left out by name,
with the reason.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import Any

Json = dict[str, Any]

TIME = "metric_time"
AGGREGATES = {
    "sum": "sum({})",
    "min": "min({})",
    "max": "max({})",
    "average": "avg({})",
    "median": "median({})",
    "count": "count({})",
    "count_distinct": "count(distinct {})",
    "sum_boolean": "sum(cast({} as integer))",
}
REFERENCE = re.compile(r"\{\{\s*(?:Dimension|TimeDimension|Entity)\(\s*['\"](\w+)['\"][^)]*\)\s*\}\}")


class LeftOut(Exception):
    """A metric that one expression over one dataset cannot say: why."""


@dataclass(frozen=True)
class Column:
    """A column of a dataset; `origin`: the relation and column it is, where it is one."""

    name: str
    label: str
    description: str
    is_time: bool = False
    is_measure: bool = False
    origin: tuple[str, str] | None = None


@dataclass(frozen=True)
class Metric:
    """A metric: its expression over its dataset's columns."""

    name: str
    label: str
    description: str
    expression: str
    meta: Json


@dataclass(frozen=True)
class Dataset:
    """A query and the metrics that may be asked of it."""

    name: str
    description: str
    sql: str
    columns: tuple[Column, ...]
    metrics: list[Metric] = field(default_factory=list)


def datasets(manifest: Json) -> tuple[list[Dataset], dict[str, str]]:
    """The datasets with every metric of a semantic manifest, and what is left out: metric -> why."""
    layer = Layer(manifest)
    needed: dict[str, set[str]] = {}
    said: dict[str, Metric] = {}
    left_out: dict[str, str] = {}
    for name, metric in layer.metrics.items():
        try:
            expression, needed[name] = layer.expression(name)
        except LeftOut as reason:
            left_out[name] = str(reason)
            continue
        description = metric.get("description") or ""
        said[name] = Metric(name, metric.get("label") or name, description, expression, meta_of(metric))
    found = []
    for key in sorted({tuple(sorted(models)) for models in needed.values()}):
        dataset = layer.dataset(key)
        # Costs and revenue stand beside their ratio: a metric is on every dataset that has what it needs.
        dataset.metrics.extend(said[name] for name, models in needed.items() if models <= set(key))
        found.append(dataset)
    return found, left_out


def meta_of(node: Json) -> Json:
    """The `meta` of a node, wherever this version of the manifest keeps it."""
    return node.get("meta") or (node.get("config") or {}).get("meta") or {}


class Layer:
    """The semantic models and metrics of one manifest."""

    def __init__(self, manifest: Json) -> None:
        self.models = {model["name"]: model for model in manifest["semantic_models"]}
        self.metrics = {metric["name"]: metric for metric in manifest["metrics"]}
        self.measures = {
            measure["name"]: (model["name"], measure)
            for model in self.models.values()
            for measure in model.get("measures") or []
        }
        # entity -> the models that describe it: a row of it, or of it and a span of days
        self.described: dict[str, list[Json]] = {}
        for model in self.models.values():
            for entity in model.get("entities") or []:
                if entity["type"] in ("primary", "unique", "natural"):
                    self.described.setdefault(entity["name"], []).append(model)

    # ---------------------------------------------------------------------------------------------- expressions

    def expression(self, name: str, filters: tuple[str, ...] = ()) -> tuple[str, set[str]]:
        """A metric's SQL under further filters, and the semantic models it needs; LeftOut when there is none."""
        metric = self.metrics[name]
        filters += conditions(metric.get("filter"))
        parameters = metric["type_params"]
        if metric["type"] == "simple":
            return self._measure(parameters["measure"], filters)
        if metric["type"] == "ratio":
            over, models = self._input(parameters["numerator"], filters)
            under, more = self._input(parameters["denominator"], filters)
            return f"{over} / nullif({under}, 0)", models | more
        if metric["type"] == "derived":
            return self._derived(parameters, filters)
        raise LeftOut(f"a {metric['type']} metric is no expression over rows")

    def _input(self, of: Json, filters: tuple[str, ...]) -> tuple[str, set[str]]:
        if of.get("offset_window") or of.get("offset_to_grain"):
            raise LeftOut(f"{of['name']} is asked of another period")
        sql, models = self.expression(of["name"], filters + conditions(of.get("filter")))
        return (f"({sql})" if " / " in sql else sql), models

    def _derived(self, parameters: Json, filters: tuple[str, ...]) -> tuple[str, set[str]]:
        parts, models = {}, set()
        for of in parameters["metrics"]:
            parts[of.get("alias") or of["name"]], more = self._input(of, filters)
            models |= more
        words = "|".join(sorted(map(re.escape, parts), key=len, reverse=True))
        return re.sub(rf"\b({words})\b", lambda word: f"({parts[word[0]]})", parameters["expr"]), models

    def _measure(self, of: Json, filters: tuple[str, ...]) -> tuple[str, set[str]]:
        name, measure = self.measures[of["name"]]
        if measure.get("non_additive_dimension"):
            raise LeftOut(f"{of['name']} is not additive over time")
        if measure["agg"] not in AGGREGATES:
            raise LeftOut(f"{of['name']}: {measure['agg']} is not translated")
        if self._time(self.models[name], measure) != self._time(self.models[name]):
            raise LeftOut(f"{of['name']} has a time of its own")
        filters += conditions(of.get("filter"))
        value = quoted(measure["name"])
        if filters:
            known = self._by_reference(self.models[name])
            value = f"case when {' and '.join(f'({resolved(text, known)})' for text in filters)} then {value} end"
        sql = AGGREGATES[measure["agg"]].format(value)
        filled = of.get("fill_nulls_with")
        return (sql if filled is None else f"coalesce({sql}, {filled})"), {name}

    def _by_reference(self, model: Json) -> dict[str, str]:
        """How a filter names a column (`customer__segment`, `usage__feature`) -> the dataset's column."""
        own = {column.name: column.name for column in self._columns(model)}
        prefix = primary_entity(model)
        return own | {f"{prefix}__{name}": name for name in own} | {TIME: TIME}

    # ------------------------------------------------------------------------------------------------- datasets

    def dataset(self, names: tuple[str, ...]) -> Dataset:
        """One semantic model as a dataset, or several under one another, with the dimensions they share."""
        models = [self.models[name] for name in names]
        columns = [self._columns(model) for model in models]
        description = " ".join(model.get("description") or "" for model in models).strip()
        if len(models) == 1:
            return Dataset(names[0], description, self._sql(models[0]), tuple(columns[0]))
        # What only one of them knows cannot split the other: it is kept for filters, and is no dimension. A model's own
        # dimension is another model's too only where their rows have the same primary entity.
        everything = {column.name: column for found in columns for column in found}
        shared = set.intersection(*({column.name for column in found} for found in columns))
        if len({primary_entity(model) for model in models}) > 1:
            own = {column.name for model in models for column, _ in self._own(model)}
            shared -= own - {TIME}
        parts = []
        for model, found in zip(models, columns, strict=True):
            have = {column.name for column in found}
            chosen = [quoted(name) if name in have else f"null as {quoted(name)}" for name in everything]
            parts.append(f"select {', '.join(chosen)}\nfrom ({self._sql(model)}) as {quoted(model['name'])}")
        visible = tuple(column for column in everything.values() if column.is_measure or column.name in shared)
        return Dataset("_and_".join(names), description, "\nunion all\n".join(parts), visible)

    def _time(self, model: Json, measure: Json | None = None) -> str | None:
        default = (model.get("defaults") or {}).get("agg_time_dimension")
        if measure and measure.get("agg_time_dimension"):
            return measure["agg_time_dimension"]
        times = [one.get("agg_time_dimension") for one in model.get("measures") or []]
        return default or next(filter(None, times), None)

    def _own(self, model: Json, prefix: str = "") -> list[tuple[Column, str]]:
        """A model's dimensions as columns, each with its SQL; the time of its measures is TIME."""
        found = []
        for dimension in model.get("dimensions") or []:
            column, sql = column_of(dimension, model, prefix)
            if column.is_time and not prefix and dimension["name"] == self._time(model):
                column = replace(column, name=TIME)
            found.append((column, sql))
        return found

    def _foreign(self, model: Json) -> list[tuple[Column, str]]:
        """The entities of a model that are no key of its rows, as columns."""
        return [column_of(entity, model) for entity in model.get("entities") or [] if entity["type"] == "foreign"]

    def _measured(self, model: Json) -> list[tuple[Column, str]]:
        found = [column_of(measure, model) for measure in model.get("measures") or []]
        return [(replace(column, is_measure=True), sql) for column, sql in found]

    def _joins(self, model: Json) -> list[tuple[str, Json]]:
        """The entities of a model, each with a model that describes it."""
        foreign = [column.name for column, _ in self._foreign(model)]
        return [(name, other) for name in foreign for other in self.described.get(name, []) if other is not model]

    def _columns(self, model: Json) -> list[Column]:
        found = [column for column, _ in self._own(model) + self._foreign(model)]
        for entity, other in self._joins(model):
            found += [column for column, _ in self._own(other, f"{entity}__")]
        return [*found, *(column for column, _ in self._measured(model))]

    def _sql(self, model: Json) -> str:
        own = self._own(model) + self._foreign(model) + self._measured(model)
        inner = ", ".join(f"{sql} as {quoted(column.name)}" for column, sql in own)
        sql = f"(select {inner} from {relation(model)}) as fact"
        chosen = [f"fact.{quoted(column.name)}" for column, _ in own]
        for entity, other in self._joins(model):
            key = next(one for one in other["entities"] if one["name"] == entity)
            described = self._own(other, f"{entity}__")
            inner = ", ".join(f"{expression} as {quoted(column.name)}" for column, expression in described)
            name, alias = quoted(entity), quoted(other["name"])
            sql += (
                f"\nleft join (select {key.get('expr') or entity} as {name}, {inner} from {relation(other)}) as {alias}"
            )
            sql += f" on fact.{name} = {alias}.{name}{valid_on(other, entity, alias)}"
            chosen += [f"{alias}.{quoted(column.name)}" for column, _ in described]
        return f"select {', '.join(chosen)}\nfrom {sql}"


def column_of(node: Json, model: Json, prefix: str = "") -> tuple[Column, str]:
    """A dimension, entity or measure as a column, and its SQL."""
    sql = node.get("expr") or node["name"]
    # What is no more than a column of the model's table has that column's description.
    origin = (model["node_relation"]["alias"], sql) if re.fullmatch(r"[A-Za-z_]\w*", sql) else None
    label = node.get("label") or node["name"].replace("_", " ").capitalize()
    is_time = node.get("type") == "time"
    return Column(prefix + node["name"], label, node.get("description") or "", is_time, origin=origin), sql


def conditions(where: Json | None) -> tuple[str, ...]:
    """The templates of a filter."""
    return tuple(one["where_sql_template"] for one in (where or {}).get("where_filters") or [])


def resolved(template: str, known: dict[str, str]) -> str:
    """A filter with the dataset's columns in it."""

    def column(match: re.Match[str]) -> str:
        if match[1] not in known:
            raise LeftOut(f"{match[1]}, which its filter asks for, is no column of its dataset")
        return quoted(known[match[1]])

    sql = REFERENCE.sub(column, template)
    if "{{" in sql:
        raise LeftOut(f"its filter is not translated: {template}")
    return sql


def valid_on(model: Json, entity: str, alias: str) -> str:
    """SQL: the day of a fact lies in the span of a row, where a model has rows for spans of days."""
    ends = {}
    for dimension in model.get("dimensions") or []:
        validity = (dimension.get("type_params") or {}).get("validity_params") or {}
        for end in ("is_start", "is_end"):
            if validity.get(end):
                ends[end] = f"{alias}.{quoted(f'{entity}__' + dimension['name'])}"
    if len(ends) < 2:
        return ""
    start, end = ends["is_start"], ends["is_end"]
    day = f"fact.{quoted(TIME)}"
    return f" and {day} >= {start} and ({day} < {end} or {end} is null)"


def primary_entity(model: Json) -> str | None:
    """The name by which a model's own dimensions are called."""
    names = [entity["name"] for entity in model.get("entities") or [] if entity["type"] == "primary"]
    return model.get("primary_entity") or next(iter(names), None)


def relation(model: Json) -> str:
    """A model's table in the published file: schema and name, whatever the build file is called."""
    node = model["node_relation"]
    return f"{quoted(node['schema_name'])}.{quoted(node['alias'])}"


def quoted(name: str) -> str:
    """A name as SQL has it, were it a word of SQL."""
    return '"' + name.replace('"', '""') + '"'
