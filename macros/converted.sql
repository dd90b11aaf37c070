{#- An amount in USD at a rate, rounded once to 1e-12, half away from zero. The whole units and the rest are multiplied
    apart, because the product of both in one piece has more than 38 digits; each is wider than 18 digits, or DuckDB
    would multiply in 64 bits. -#}
{%- macro converted(amount, usd_per_unit) -%}
    {%- set rate = 'cast(' ~ usd_per_unit ~ ' as decimal(16, 12))' -%}
    {%- set size = 'abs(' ~ amount ~ ')' -%}
    cast(
        case when {{ amount }} < 0 then -1 else 1 end * cast(
            cast(floor({{ size }}) as decimal(19, 0)) * {{ rate }}
            + cast(cast({{ size }} - floor({{ size }}) as decimal(19, 12)) * {{ rate }} as decimal(28, 12))
        as decimal(27, 12))
    as decimal(28, 12))
{%- endmacro -%}
