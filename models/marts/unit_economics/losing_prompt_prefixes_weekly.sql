-- Cacheable prefixes that cost more with the prompt cache than without: written dearly, read too seldom.
-- Grain: one row per period_start_date (Monday), feature and prefix_hash; only those that lost money in the week.
with

losing as (

    select * from {{ ref('int_prompt_prefixes_summed_weekly') }}
    where prompt_cache_saving_usd < 0

),

begun as (

    -- No period after as_of_date has a row.
    select
        losing.*,
        {{ is_complete('losing.period_start_date', 'week') }} as is_complete
    from losing
    inner join {{ ref('int_as_of_date') }} as as_of
        on losing.period_start_date <= as_of.as_of_date

),

final as (

    select
        period_start_date,
        feature,
        prefix_hash,
        call_count,
        prompt_cache_cost_usd,
        prompt_cache_saving_usd,
        is_complete
    from begun

)

select * from final
