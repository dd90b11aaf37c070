-- The month and the week the page shows: the last complete one, or the first one while it still runs.
-- Grain: one row; null in an empty release.
with

starts as (

    select period_start_date from marts.cost_per_inference where period_grain = 'month' and dimension = 'all'
    union all
    select period_start_date from marts.gross_margin_monthly where dimension = 'all'

),

first_period as (

    select min(period_start_date) as first_month_date from starts

),

first_usage as (

    select min(period_start_date) as first_week_date
    from marts.cost_per_inference
    where period_grain = 'week' and dimension = 'all'

),

current_period as (

    select
        as_of_date,
        cast(date_trunc('month', as_of_date) as date) as month_date,
        cast(date_trunc('week', as_of_date) as date) as week_date,
        last_day(as_of_date) = as_of_date as is_month_end,
        isodow(as_of_date) = 7 as is_week_end
    from _release

)

select
    as_of_date,
    cast(
        case when is_month_end or first_month_date >= month_date then month_date else month_date - interval 1 month end
        as date
    ) as month_date,
    is_month_end or coalesce(first_month_date < month_date, true) as is_month_complete,
    cast(
        case when is_week_end or first_week_date >= week_date then week_date else week_date - interval 7 days end
        as date
    ) as week_date,
    is_week_end or coalesce(first_week_date < week_date, true) as is_week_complete
from current_period
cross join first_period
cross join first_usage
