-- The day that decides what is current: the var as_of_date, else the last usage day of any call.
-- Grain: one row; null on an empty warehouse.
select
    {% if var('as_of_date') -%}
    cast('{{ var("as_of_date") }}' as date)
    {%- else -%}
    max(usage_date)
    {%- endif %} as as_of_date
from {{ ref('int_usage_priced_daily') }}
