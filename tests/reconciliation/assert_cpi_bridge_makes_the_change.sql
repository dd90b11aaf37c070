-- Ten effects make the change of cost per inference, of exactly the values that delivered inferences in this and the
-- calendar month before, and both costs, with what is unpriced and nobody's of them, are those of cost_per_inference.
-- A part of the cost left out of the bridge would only show as a sentence that explains the wrong thing.
-- Effects are rounded at 1e-12 USD a few times per model: within 1e-9 USD, and a billionth of a cost above 1 USD.
{% set keys = ['period_start_date', 'dimension', 'dimension_value'] %}
{% set measures = ['cpi_usd', 'previous_cpi_usd', 'unpriced_ratio', 'previous_unpriced_ratio', 'unattributed_ratio'] %}
with

bridges as (

    select
        {{ keys | join(',\n        ') }},
        count(*) as effect_count,
        count(distinct effect) as distinct_effect_count,
        {% for measure in measures -%}
        min({{ measure }}) as {{ measure }},
        max({{ measure }}) as highest_{{ measure }},
        {% endfor -%}
        {{ money('sum(effect_usd)') }} as change_usd
    from {{ ref('cpi_bridge_monthly') }}
    group by
        {{ keys | join(',\n        ') }}

),

cpi as (

    select * from {{ ref('cost_per_inference') }}
    where
        period_grain = 'month'
        and dimension in ('all', 'customer', 'plan', 'feature')
        and successful_inference_count > 0

),

expected as (

    select
        cpi.{{ keys | join(',\n        cpi.') }},
        cpi.cpi_usd,
        previous.cpi_usd as previous_cpi_usd,
        cpi.unpriced_ratio,
        previous.unpriced_ratio as previous_unpriced_ratio,
        cpi.unattributed_ratio
    from cpi
    inner join cpi as previous
        on cast({{ dbt.dateadd('month', -1, 'cpi.period_start_date') }} as date) = previous.period_start_date
        and cpi.dimension = previous.dimension
        and cpi.dimension_value = previous.dimension_value

)

select
    {% for key in keys -%}
    coalesce(expected.{{ key }}, bridges.{{ key }}) as {{ key }},
    {% endfor -%}
    expected.cpi_usd,
    expected.previous_cpi_usd,
    bridges.change_usd,
    bridges.effect_count
from expected
full outer join bridges
    on {% for key in keys -%}
    expected.{{ key }} = bridges.{{ key }}
    {{ 'and ' if not loop.last }}
    {%- endfor %}
where
    {% for measure in measures -%}
    expected.{{ measure }} is distinct from bridges.{{ measure }}
    or expected.{{ measure }} is distinct from bridges.highest_{{ measure }}
    or {% endfor -%}
    bridges.effect_count is distinct from 10
    or bridges.distinct_effect_count <> 10
    or (
        abs(expected.cpi_usd - expected.previous_cpi_usd - bridges.change_usd)
        <= 0.000000001 * greatest(1, abs(expected.cpi_usd), abs(expected.previous_cpi_usd))
    ) is not true
