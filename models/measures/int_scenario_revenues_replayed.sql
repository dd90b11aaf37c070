-- What revenue would have been in each scenario: what a quota leaves of metered use, and the multiple of the plan's price.
-- Grain: one row per scenario, revenue_date, customer_id and product_id that a rule moves; other revenue stays.
-- A quota cuts metered revenue with the customer's tokens of the month; flat prices stay, and nobody leaves.
-- Days are added up before they are multiplied: what was served and refunded stays nothing.
{{ config(materialized='table') }}
{% set keys = ['revenue_date', 'customer_id', 'product_id'] %}
{% set columns = {
    'customer': ['revenue.customer_id'], 'plan': ['revenue.plan'], 'segment': ['revenue.segment'],
    'business_model': ['revenue.business_model'], 'product': ['revenue.product_id'],
} %}
with

revenue as (

    select
        economics.*,
        economics.usage_date as revenue_date
    from {{ ref('int_unit_economics_daily') }} as economics
    inner join {{ ref('int_quarter_over') }} as quarters
        on economics.usage_date >= quarters.period_start_date
        and economics.usage_date < quarters.next_quarter_start_date
    where not economics.is_internal and economics.revenue_usd <> 0

),

metered as (

    select
        lines_daily.revenue_date,
        lines_daily.customer_id,
        lines_daily.product_id,
        {{ cost_sum('lines_daily.revenue_usd') }} as metered_usd
    from {{ ref('int_revenue_lines_daily') }} as lines_daily
    inner join {{ ref('int_quarter_over') }} as quarters
        on lines_daily.revenue_date >= quarters.period_start_date
        and lines_daily.revenue_date < quarters.next_quarter_start_date
    where lines_daily.usage_type = 'metered'
    group by lines_daily.revenue_date, lines_daily.customer_id, lines_daily.product_id

),

usage_monthly as (

    select
        month_date,
        customer_id,
        {{ token_sum('tokens') }} as tokens
    from {{ ref('int_scenario_usage_daily') }}
    group by month_date, customer_id

),

cuts as (

    select
        quotas.scenario,
        quotas.month_date,
        quotas.customer_id,
        {{ token_sum('quotas.tokens - quotas.kept_tokens') }} as cut_tokens,
        max(usage_monthly.tokens) as tokens
    from {{ ref('int_scenario_quotas_monthly') }} as quotas
    inner join usage_monthly
        on quotas.month_date = usage_monthly.month_date
        and quotas.customer_id = usage_monthly.customer_id
    where quotas.kept_tokens < quotas.tokens
    group by quotas.scenario, quotas.month_date, quotas.customer_id

),

cut as (

    select
        cuts.scenario,
        revenue.revenue_date,
        revenue.customer_id,
        revenue.product_id,
        {{ shared_part('metered.metered_usd', 'cuts.cut_tokens', 'cuts.tokens') }} as cut_usd
    from cuts
    inner join revenue
        on cuts.month_date = revenue.month_date
        and cuts.customer_id = revenue.customer_id
    inner join metered
        on {{ same_keys('revenue', 'metered', keys) }}

),

met as (

    select
        rules.scenario,
        rules.rule_number,
        rules.price_multiple,
        revenue.revenue_date,
        revenue.customer_id,
        revenue.product_id,
        row_number() over (
            partition by rules.scenario, revenue.revenue_date, revenue.customer_id, revenue.product_id
            order by {{ scope_width('rules.scope_dimension') }} asc nulls last, rules.rule_number asc nulls last
        ) as width_rank
    from {{ ref('int_scenarios_read') }} as rules
    inner join revenue
        on {{ in_scenario_scope('rules', columns) }}
    where rules.rule_status = 'known' and rules.lever = 'plan_price'

),

priced as (

    select * from met
    where width_rank = 1

),

moved as (

    select
        {% for key in ['scenario'] + keys -%}
        coalesce(priced.{{ key }}, cut.{{ key }}) as {{ key }},
        {% endfor -%}
        priced.rule_number,
        cast(coalesce(priced.price_multiple, 1) as decimal(9, 6)) as price_multiple,
        {{ money('coalesce(cut.cut_usd, 0)') }} as cut_usd
    from priced
    full outer join cut
        on {{ same_keys('priced', 'cut', ['scenario'] + keys) }}

),

final as (

    select
        moved.scenario,
        moved.revenue_date,
        moved.customer_id,
        moved.product_id,
        moved.rule_number,
        revenue.plan,
        revenue.revenue_usd,
        revenue.ai_revenue_usd,
        moved.price_multiple,
        {{ money('revenue.revenue_usd - moved.cut_usd') }} as kept_revenue_usd,
        {{ money('revenue.ai_revenue_usd - ' ~ shared_part('moved.cut_usd', 'revenue.ai_revenue_usd', 'revenue.revenue_usd', 12)) }}
            as kept_ai_revenue_usd
    from moved
    inner join revenue
        on {{ same_keys('moved', 'revenue', keys) }}

)

select * from final
