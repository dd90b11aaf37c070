-- The months in which prices, names of models, bills and exchange rates differ from those of the previous release.
-- Grain: one row per input_kind, cost_pool, model and period_start_date (month in the reporting time zone).
-- A price counts where both know that model name and day: a new name or day comes with a call, not with a price. Bills
-- and prices look at UTC months: one that changed counts for the months its days are shown in.
with

released as (

    select * from {{ ref('int_inputs_released') }}

),

published as (

    select * from {{ ref('stg_publishing__inputs') }}

),

usage_months as (

    select distinct
        cast({{ dbt.date_trunc('month', 'utc_date') }} as date) as utc_month_date,
        cast({{ dbt.date_trunc('month', 'usage_date') }} as date) as period_start_date
    from {{ ref('int_usage_priced_daily') }}

),

known_names as (

    select distinct released.input_key
    from released
    inner join published
        on released.input_kind = published.input_kind
        and released.input_key = published.input_key
    where released.input_kind in ('price', 'model_name')

),

joined as (

    select
        coalesce(released.input_kind, published.input_kind) as input_kind,
        coalesce(released.input_key, published.input_key) as input_key,
        coalesce(released.model, published.model) as model,
        coalesce(released.period_start_date, published.period_start_date) as utc_month_date,
        -- An input that moved from one pool to another changed both.
        coalesce(released.cost_pool, published.cost_pool) as cost_pool,
        coalesce(published.cost_pool, released.cost_pool) as published_cost_pool
    from released
    full outer join published
        on released.input_kind = published.input_kind
        and released.input_key = published.input_key
        and released.input_part = published.input_part
    where
        coalesce(released.input_kind, published.input_kind) <> 'crm'
        and released.fingerprint is distinct from published.fingerprint

),

changed as (

    select *
    from joined
    where
        input_kind in ('bill', 'fx')
        or input_key in (select known_names.input_key from known_names)

),

pools as (

    select
        input_kind,
        cost_pool,
        model,
        utc_month_date
    from changed

    union

    select
        input_kind,
        published_cost_pool as cost_pool,
        model,
        utc_month_date
    from changed

),

final as (

    select
        input_kind,
        cost_pool,
        model,
        utc_month_date as period_start_date
    from pools

    union

    select
        pools.input_kind,
        pools.cost_pool,
        pools.model,
        usage_months.period_start_date
    from pools
    inner join usage_months
        on pools.utc_month_date = usage_months.utc_month_date

)

select * from final
