-- What the daily fact charges is what the vendors billed, plus what no bill covers yet: by component, over all months.
-- That the lines hold every landed amount is another test (assert_bill_lines_keep_every_amount).
-- One part is rounded per usage row, so within 0.000001 USD for each line.
with

lines as (

    select
        case when component in ('llm_api', 'embedding') then 'priced' else component end as component,
        {{ cost_sum('recognised_usd') }} as billed_usd,
        count(*) as line_count
    from {{ ref('int_bill_lines_monthly') }}
    where is_cost and component not in ('fine_tuning', 'other_cogs')
    group by 1

),

uncovered as (

    select
        'priced' as component,
        {{ cost_sum('uncovered_computed_cost_usd') }} as uncovered_usd
    from {{ ref('bill_reconciliation_monthly') }}
    where component in ('llm_api', 'embedding')

),

-- The reconciliation has no row of a month after as_of_date; calls are not cut there.
later as (

    select
        'priced' as component,
        {{ cost_sum(cost_components('calls') | join(' + ')) }} as later_usd
    from {{ ref('int_usage_trued_up_daily') }} as usage_rows
    inner join {{ ref('int_as_of_date') }} as as_of
        on cast({{ dbt.date_trunc('month', 'usage_rows.utc_date') }} as date) > as_of.as_of_date

),

charged as (

    select
        'priced' as component,
        {{ cost_sum(cost_components('calls') | join(' + ')) }} as charged_usd
    from {{ ref('fct_usage_daily') }}

    {% for cost in cost_components('bills') %}
    union all

    select
        '{{ cost | replace('_cost_usd', '') }}' as component,
        {{ cost_sum(cost) }} as charged_usd
    from {{ ref('fct_usage_daily') }}
    {% endfor %}

)

select
    charged.component,
    lines.billed_usd,
    uncovered.uncovered_usd,
    later.later_usd,
    charged.charged_usd
from charged
left join lines
    on charged.component = lines.component
left join uncovered
    on charged.component = uncovered.component
left join later
    on charged.component = later.component
where
    abs(
        charged.charged_usd - coalesce(lines.billed_usd, 0) - coalesce(uncovered.uncovered_usd, 0)
        - coalesce(later.later_usd, 0)
    )
    > 0.000001 * greatest(coalesce(lines.line_count, 0), 1)
