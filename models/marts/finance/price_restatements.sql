-- Why a customer's cost of a month is not what the previous release said.
-- Grain: one row per period_start_date, customer_id and cause.
-- Rows of one customer and month are steps in the order of cause_rank: the first starts at the cost as reported, each
-- of the others where the one before ended, and the last ends at today's. Days after the release are no restatement.
-- The one mart that a full refresh does not reproduce: it depends on what was published before.
with

reported as (

    select * from {{ ref('int_costs_reported') }}

),

calls as (

    select * from {{ ref('int_calls_restated') }}

),

bills as (

    select * from {{ ref('int_bills_restated') }}

),

-- In the order in which one build could have seen them: whose calls, which calls, at which price, as billed.
causes as (

    select
        names.cause,
        names.cause_rank
    from (
        values ('crm', 1), ('late_events', 2), ('price', 3), ('bill', 4), ('fx', 5)
    ) as names (cause, cause_rank)

),

parts as (

    select
        customer_id,
        period_start_date,
        'crm' as cause,
        {{ money('-ai_cost_usd') }} as change_usd
    from reported
    where customer_id <> today_customer_id

    union all

    select
        today_customer_id as customer_id,
        period_start_date,
        'crm' as cause,
        ai_cost_usd as change_usd
    from reported
    where customer_id <> today_customer_id

    union all

    select
        customer_id,
        period_start_date,
        calls_cause as cause,
        {{ money('computed_at_reported_prices_usd - reported_computed_cost_usd') }} as change_usd
    from calls

    union all

    select
        customer_id,
        period_start_date,
        'price' as cause,
        {{ money('computed_cost_usd - computed_at_reported_prices_usd') }} as change_usd
    from calls

    union all

    select
        customer_id,
        period_start_date,
        cause,
        change_usd
    from bills

),

summed as (

    select
        customer_id,
        period_start_date,
        cause,
        {{ cost_sum('change_usd') }} as change_usd
    from parts
    group by
        customer_id,
        period_start_date,
        cause

),

reported_monthly as (

    select
        customer_id,
        period_start_date,
        {{ cost_sum('ai_cost_usd') }} as ai_cost_usd
    from reported
    group by
        customer_id,
        period_start_date

),

releases as (

    select distinct
        release_id,
        reported_to_date
    from reported

),

chained as (

    select
        summed.period_start_date,
        summed.customer_id,
        summed.cause,
        causes.cause_rank,
        {{ money('coalesce(reported_monthly.ai_cost_usd, 0)') }} as first_reported_usd,
        summed.change_usd,
        {{ money(
            'coalesce(sum(summed.change_usd) over (partition by summed.customer_id, summed.period_start_date'
            ~ ' order by causes.cause_rank asc nulls last rows between unbounded preceding and 1 preceding), 0)'
        ) }} as change_before_usd
    from summed
    inner join causes
        on summed.cause = causes.cause
    left join reported_monthly
        on summed.customer_id = reported_monthly.customer_id
        and summed.period_start_date = reported_monthly.period_start_date
    where summed.change_usd <> 0

),

final as (

    select
        chained.period_start_date,
        chained.customer_id,
        chained.cause,
        cast(chained.cause_rank as bigint) as cause_rank,
        releases.release_id as previous_release_id,
        releases.reported_to_date,
        {{ money('chained.first_reported_usd + chained.change_before_usd') }} as as_reported_usd,
        {{ money(
            money('chained.first_reported_usd + chained.change_before_usd') ~ ' + chained.change_usd'
        ) }} as restated_usd,
        chained.change_usd,
        {{ is_complete('chained.period_start_date', 'month') }} as is_complete
    from chained
    cross join releases
    cross join {{ ref('int_as_of_date') }} as as_of

)

select * from final
