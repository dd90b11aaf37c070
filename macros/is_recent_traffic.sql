{#- Whether a day lies in the whole weeks (var traffic_days) to as_of_date that decisions are taken on. -#}
{%- macro is_recent_traffic(usage_date, as_of_date='as_of.as_of_date') -%}
    (
        {{ usage_date }} > cast({{ dbt.dateadd('day', -1 * var('traffic_days'), as_of_date) }} as date)
        and {{ usage_date }} <= {{ as_of_date }}
    )
{%- endmacro -%}
