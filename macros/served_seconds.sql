{#- Seconds of a line's schedule that are over when a date begins: 0 before it starts, all of them after it ended.
    The date may be of any century: days as bigint, whose seconds do not overflow. -#}
{%- macro served_seconds(line, date) -%}
    cast(least(greatest(
        cast({{ dbt.datediff(line ~ '.service_start_date', date, 'day') }} as bigint) * 86400
        - {{ line }}.start_second,
        0
    ), {{ line }}.service_seconds) as bigint)
{%- endmacro -%}
