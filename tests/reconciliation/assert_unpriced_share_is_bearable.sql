-- Above error_unpriced_share of calls without a price the cost per inference means nothing, and the build fails.
select
    sum(unpriced_call_count) as unpriced_call_count,
    sum(call_count) as call_count
from {{ ref('fct_usage_daily') }}
having sum(unpriced_call_count) > {{ var('error_unpriced_share') }} * sum(call_count)
