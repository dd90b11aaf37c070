{#- The mean of a column and its `previous_` one; where only one of the months knows it, that one. -#}
{%- macro bridge_mean(column) -%}
    {{ money(
        '(coalesce(' ~ column ~ ', previous_' ~ column ~ ') + coalesce(previous_' ~ column ~ ', ' ~ column
        ~ ')) * cast(0.5 as decimal(1, 1))'
    ) }}
{%- endmacro -%}
