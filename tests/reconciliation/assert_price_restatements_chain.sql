-- The steps of a customer's month lead from the cost the release reported to the one the margins show today. The
-- control is from outside: what publishing kept, and customer_margins_monthly for the months the release covered whole.
with

restatements as (

    select
        *,
        lag(restated_usd) over (
            partition by customer_id, period_start_date
            order by cause_rank asc nulls last
        ) as previous_restated_usd,
        row_number() over (
            partition by customer_id, period_start_date
            order by cause_rank desc nulls last
        ) as rank_from_end
    from {{ ref('price_restatements') }}

),

reported as (

    select
        customer_id,
        period_start_date,
        {{ cost_sum('ai_cost_usd') }} as reported_usd
    from {{ ref('int_costs_reported') }}
    group by
        customer_id,
        period_start_date

),

margins as (

    select * from {{ ref('customer_margins_monthly') }}

)

select
    restatements.customer_id,
    restatements.period_start_date,
    restatements.cause,
    restatements.as_reported_usd,
    restatements.restated_usd,
    reported.reported_usd,
    margins.ai_cost_usd
from restatements
left join reported
    on restatements.customer_id = reported.customer_id
    and restatements.period_start_date = reported.period_start_date
left join margins
    on restatements.customer_id = margins.customer_id
    and restatements.period_start_date = margins.period_start_date
where
    restatements.as_reported_usd
    is distinct from coalesce(restatements.previous_restated_usd, reported.reported_usd, {{ money('0') }})
    or (
        restatements.rank_from_end = 1
        and last_day(restatements.period_start_date) <= restatements.reported_to_date
        and restatements.restated_usd is distinct from {{ money('coalesce(margins.ai_cost_usd, 0)') }}
    )
