-- Above warn_unpriced_share of calls without a price the numbers are worth a warning.
-- Mend it with price_overrides or model_aliases: analyses/unpriced_models.sql lists the names.
{{ config(severity='warn') }}
select
    sum(unpriced_call_count) as unpriced_call_count,
    sum(call_count) as call_count
from {{ ref('fct_usage_daily') }}
having sum(unpriced_call_count) > {{ var('warn_unpriced_share') }} * sum(call_count)
