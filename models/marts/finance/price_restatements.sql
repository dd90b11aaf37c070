-- Why a customer's cost or revenue of a month is not what the previous release said.
-- Grain: one row per period_start_date, customer_id and cause.
-- Rows of one customer and month are steps in the order of cause_rank: the first starts at what was reported, each of
-- the others where the one before ended, and the last ends at today's. Days after the release are no restatement;
-- revenue is compared in months that were over.
-- The one mart that a full refresh does not reproduce: it depends on what was published before.
with

summed as (

    select * from {{ ref('int_restatements_summed') }}

),

costs_reported as (

    select * from {{ ref('int_costs_reported') }}

),

revenue_reported as (

    select * from {{ ref('int_revenue_reported') }}

),

-- In the order in which one build could have seen them: whose calls, which calls, at which price, as billed; then what
-- customers were billed.
causes as (

    select
        names.cause,
        names.cause_rank
    from (
        values ('crm', 1), ('late_events', 2), ('price', 3), ('bill', 4), ('fx', 5), ('billing', 6)
    ) as names (cause, cause_rank)

),

both_reported as (

    select
        release_id,
        reported_to_date,
        cast(null as date) as revenue_to_date,
        customer_id,
        period_start_date,
        ai_cost_usd,
        {{ money('0') }} as revenue_usd
    from costs_reported

    union all

    select
        release_id,
        reported_to_date,
        reported_to_date as revenue_to_date,
        customer_id,
        period_start_date,
        {{ money('0') }} as ai_cost_usd,
        revenue_usd
    from revenue_reported

),

reported_monthly as (

    select
        customer_id,
        period_start_date,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd,
        {{ cost_sum('revenue_usd') }} as revenue_usd
    from both_reported
    group by
        customer_id,
        period_start_date

),

releases as (

    select
        release_id,
        max(reported_to_date) as reported_to_date,
        max(revenue_to_date) as revenue_to_date
    from both_reported
    group by release_id

),

chained as (

    select
        summed.period_start_date,
        summed.customer_id,
        summed.cause,
        causes.cause_rank,
        {% for measure, reported in {'change_usd': 'ai_cost_usd', 'revenue_change_usd': 'revenue_usd'}.items() -%}
        summed.{{ measure }},
        {{ money(
            money('coalesce(reported_monthly.' ~ reported ~ ', 0)') ~ ' + '
            ~ money('coalesce(sum(summed.' ~ measure ~ ') over ('
            ~ 'partition by summed.customer_id, summed.period_start_date'
            ~ ' order by causes.cause_rank asc nulls last rows between unbounded preceding and 1 preceding), 0)')
        ) }} as {{ reported }}_before{{ ',' if not loop.last }}
        {% endfor %}
    from summed
    inner join causes
        on summed.cause = causes.cause
    left join reported_monthly
        on summed.customer_id = reported_monthly.customer_id
        and summed.period_start_date = reported_monthly.period_start_date

),

final as (

    select
        chained.period_start_date,
        chained.customer_id,
        coalesce(customers.customer_name, chained.customer_id) as customer_name,
        coalesce(customers.is_internal, false) as is_internal,
        chained.cause,
        cast(chained.cause_rank as bigint) as cause_rank,
        releases.release_id as previous_release_id,
        releases.reported_to_date,
        chained.ai_cost_usd_before as as_reported_usd,
        {{ money('chained.ai_cost_usd_before + chained.change_usd') }} as restated_usd,
        chained.change_usd,
        -- A month that was not over at the release has no revenue to restate.
        case
            when last_day(chained.period_start_date) <= releases.revenue_to_date
                then chained.revenue_usd_before
        end as reported_revenue_usd,
        case
            when last_day(chained.period_start_date) <= releases.revenue_to_date
                then {{ money('chained.revenue_usd_before + chained.revenue_change_usd') }}
        end as restated_revenue_usd,
        chained.revenue_change_usd,
        {{ is_complete('chained.period_start_date', 'month') }} as is_complete
    from chained
    cross join releases
    cross join {{ ref('int_as_of_date') }} as as_of
    left join {{ ref('dim_customers') }} as customers
        on chained.customer_id = customers.customer_id

)

select * from final
