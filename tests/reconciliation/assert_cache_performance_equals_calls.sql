-- Hits, and what the prefixes lost, counted over the calls themselves; every call with cached tokens found its price.
with

hits as (

    select
        cast({{ dbt.date_trunc('week', 'calls.usage_date') }} as date) as period_start_date,
        count(*) as hit_count
    from {{ ref('fct_inference_calls') }} as calls
    inner join {{ ref('dim_customers') }} as customers
        on calls.customer_id = customers.customer_id
    where
        not customers.is_internal
        and calls.is_response_cache_hit
        and calls.is_successful
        and {{ in_days_to_test('calls.usage_date', 'week') }}
    group by cast({{ dbt.date_trunc('week', 'calls.usage_date') }} as date)

),

weeks as (

    select
        period_start_date,
        {{ token_sum('cached_inference_count') }} as hit_count
    from {{ ref('cache_performance_weekly') }}
    where {{ in_periods_to_test('period_start_date', 'week') }}
    group by period_start_date

),

hits_missed as (

    select
        'hits of the week' as what,
        cast(coalesce(hits.period_start_date, weeks.period_start_date) as string) as which
    from hits
    full outer join weeks
        on hits.period_start_date = weeks.period_start_date
    where
        coalesce(hits.hit_count, 0) <> coalesce(weeks.hit_count, 0)
        -- No period after as_of_date has a row.
        and coalesce(hits.period_start_date, weeks.period_start_date)
        <= (select max(as_of.as_of_date) from {{ ref('int_as_of_date') }} as as_of)

),

losses as (

    select {{ cost_sum('losing_prefix_saving_usd') }} as losing_prefix_saving_usd
    from {{ ref('cache_performance_weekly') }}

),

prefixes as (

    select {{ cost_sum('prompt_cache_saving_usd') }} as losing_prefix_saving_usd
    from {{ ref('losing_prompt_prefixes_weekly') }}

),

losses_missed as (

    select
        'losing prefixes' as what,
        'all' as which
    from losses
    cross join prefixes
    where losses.losing_prefix_saving_usd <> prefixes.losing_prefix_saving_usd

),

without_price as (

    select
        'call without its price' as what,
        call_id as which
    from {{ ref('int_calls_cache_priced') }}
    where
        not is_response_cache_hit
        and prompt_cache_saving_usd is null
        and {{ in_days_to_test('usage_date') }}

)

select * from hits_missed
union all
select * from losses_missed
union all
select * from without_price
