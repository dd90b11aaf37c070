"""Overlapping levers: whatever they touch, together they never save more than there is, and nothing twice.

Hypothesis draws groups of calls and the levers that touch them. What all levers of a group save together does not
depend on their order: its cost x (1 - the product over the families of (1 - the largest share)). It is worked out here
that way, in fractions; the model goes from rank to rank.

What would silently go wrong: a lever that counts what another has already saved. The page would promise money twice.
"""

from collections import defaultdict
from decimal import Decimal
from fractions import Fraction

import duckdb
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

RANDOM_COMPANIES = 60
TINY = Decimal("1e-12")
FAMILIES = {
    "batch": "service_tier", "flex": "service_tier", "prompt_caching": "prompt_caching",
    "response_caching": "response_caching", "prompt_trimming": "prompt_trimming", "downgrade_routing": "model",
    "self_hosting": "model", "fine_tuning": "model", "losing_prefixes": "losing_prefixes",
    "failing_retries": "failing_retries",
}  # fmt: skip
COLUMNS = """lever string, scope_dimension string, scope_value string, family string, group_id bigint,
    monthly_cost_usd decimal(28, 12), call_count bigint, target string, pair_count bigint, tolerating_count bigint,
    last_pair_date date, saving_ratio decimal(28, 12), saving_lower_ratio decimal(28, 12)"""

shares = st.one_of(
    st.sampled_from([Decimal(1), Decimal("0.5"), TINY, 1 - TINY]),
    st.decimals(TINY, 1, places=12, allow_nan=False, allow_infinity=False),
)
costs = st.one_of(st.just(Decimal(0)), st.decimals(0, 10**9, places=12, allow_nan=False, allow_infinity=False))
lower_parts = st.sampled_from([Decimal(0), Decimal("0.25"), Decimal(1)])
levers_of_a_group = st.dictionaries(
    st.sampled_from(sorted(FAMILIES)), st.tuples(shares, lower_parts, st.integers(1, 3)), min_size=1
)
companies = st.lists(st.tuples(costs, levers_of_a_group), min_size=1, max_size=12)


@pytest.fixture(scope="module")
def ranked(warehouse):
    """A function from rows of int_savings_by_group to those of int_savings_ranked."""
    warehouse.dbt("compile", "--quiet", "--select", "int_savings_ranked")
    folder = warehouse.folder.parent / "target" / "compiled" / "ai_unit_economics" / "models" / "measures"
    query = (folder / "int_savings_ranked.sql").read_text(encoding="utf-8")
    with duckdb.connect(str(warehouse.path)) as connection:
        connection.execute("create schema if not exists intermediate")
        connection.execute(f"create or replace table intermediate.int_savings_by_group ({COLUMNS})")

        def rank(rows):
            connection.execute("delete from intermediate.int_savings_by_group")
            connection.executemany(
                """insert into intermediate.int_savings_by_group by name
                select ? as lever, 'x' as scope_dimension, ? as scope_value, ? as family, ? as group_id,
                    ?::decimal(28, 12) as monthly_cost_usd, 1 as call_count,
                    ?::decimal(28, 12) as saving_ratio, ?::decimal(28, 12) as saving_lower_ratio""",
                rows,
            )
            cursor = connection.execute(query)
            names = [column[0] for column in cursor.description]
            return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

        yield rank


def rows_of(company):
    """Rows of int_savings_by_group: a lever is pulled for one of three scopes, each of several groups."""
    for group_id, (cost, levers) in enumerate(company, start=1):
        for lever, (share, part, scope) in levers.items():
            yield lever, f"s{scope}", FAMILIES[lever], group_id, cost, share, (share * part).quantize(TINY)


def saved_of(cost, levers):
    """What all levers of a group save together, in fractions."""
    largest = defaultdict(Fraction)
    for lever, (share, _, _) in levers.items():
        largest[FAMILIES[lever]] = max(largest[FAMILIES[lever]], Fraction(share))
    left = Fraction(cost)
    for share in largest.values():
        left *= 1 - share
    return Fraction(cost) - left


def check(company, rows):
    saved, standalone = defaultdict(Decimal), defaultdict(Decimal)
    for row in rows:
        assert 0 <= row["monthly_saving_lower_usd"] <= row["monthly_saving_usd"] <= row["standalone_saving_usd"]
        assert row["standalone_saving_usd"] <= row["monthly_cost_usd"]
        saved[row["group_id"]] += row["monthly_saving_usd"]
        standalone[row["scope_rank"]] += row["standalone_saving_usd"]
    assert list(dict(sorted(standalone.items()))) == list(range(1, len(standalone) + 1))
    by_rank = [standalone[rank] for rank in sorted(standalone)]
    assert by_rank == sorted(by_rank, reverse=True)
    for group_id, (cost, levers) in enumerate(company, start=1):
        assert saved[group_id] <= cost
        # What is left has twelve places, rounded once per lever.
        rounding = (len(levers) + 1) * Fraction(cost + 1) * Fraction(TINY)
        assert abs(Fraction(saved[group_id]) - saved_of(cost, levers)) <= rounding


def test_overlapping_levers_never_save_more_than_there_is(ranked):
    @settings(
        max_examples=RANDOM_COMPANIES, database=None, deadline=None, phases=[Phase.generate, Phase.shrink],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(companies)
    def draw(company):
        rows = list(rows_of(company))
        found = ranked(rows)
        assert len(found) == len(rows)
        check(company, found)

    draw()
