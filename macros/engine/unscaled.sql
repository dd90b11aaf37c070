{#- A decimal without its sign and its point, as a whole number, on DuckDB: 0.25 to two places is 25. Casting decimals to whole
    numbers divides 128 bits bit by bit; doubles are several times as fast, and exact: a double near the value first, then what
    that lacks, which is small. -#}
{%- macro unscaled(decimal, decimals) -%}
    {%- set scale = '1' ~ '0' * decimals -%}
    {%- set near = "cast(abs(cast(" ~ decimal ~ " as double)) as hugeint)" -%}
    ({{ near }} * {{ scale }} + cast(round(cast(abs({{ decimal }}) - {{ near }} as double) * {{ scale }}) as hugeint))
{%- endmacro -%}
