-- Cacheable prefixes that cost more with the prompt cache than without: written dearly, read too seldom.
-- Grain: one row per period_start_date (Monday), feature and prefix_hash; only those that lost money in the week.
select
    period_start_date,
    feature,
    prefix_hash,
    call_count,
    prompt_cache_cost_usd,
    prompt_cache_saving_usd
from {{ ref('int_prompt_prefixes_summed_weekly') }}
where prompt_cache_saving_usd < 0
