-- Which model names have no price, and how much they are used. Give each a row in seeds/reference/model_aliases.csv
-- (it is a known model under another name) or price_overrides.csv (you know what it costs).
select
    provider,
    model,
    min(usage_date) as first_usage_date,
    max(usage_date) as last_usage_date,
    sum(unpriced_call_count) as unpriced_call_count,
    sum(uncached_input_tokens + cache_read_tokens + output_tokens) as token_count
from {{ ref('fct_usage_daily') }}
where unpriced_call_count > 0
group by
    provider,
    model
order by unpriced_call_count desc
