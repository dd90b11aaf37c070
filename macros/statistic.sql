{#- A statistic that needs a root, worked out in one double expression, as a decimal. Ten places: both engines round a
    double to them alike, and the last digits of a double are noise. -#}
{%- macro statistic(expression) -%}
    cast(cast({{ expression }} as decimal(20, 10)) as decimal(28, 12))
{%- endmacro -%}
