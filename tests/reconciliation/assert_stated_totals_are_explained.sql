-- Calls of native logs whose stated total is neither the sum of their buckets nor of input and output: read as if the
-- details were parts of input and output, which may be wrong. A warning, because the exporter has to be asked.
{{ config(severity='warn') }}
select
    source_name,
    base_call_id,
    model,
    requested_at
from {{ ref('int_native_calls_named') }}
where token_semantics = 'unexplained'
