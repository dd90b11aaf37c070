{#- numerator ÷ denominator, exact, rounded half up to 1e-12; null when the denominator is 0 or null.
    Good for numerators below 8.5e13. -#}
{%- macro ratio(numerator, denominator) -%}
    {{ return(adapter.dispatch('ratio')(numerator, denominator)) }}
{%- endmacro -%}

{%- macro duckdb__ratio(numerator, denominator) -%}
    {#- On whole picos: sign × (2·|n|·10¹² + |d|) div 2·|d|. DuckDB divides decimals as doubles. -#}
    {%- set n = "cast(cast((" ~ numerator ~ ") as decimal(28, 12)) * 1000000000000 as hugeint)" -%}
    {%- set d = "cast(cast((" ~ denominator ~ ") as decimal(28, 12)) * 1000000000000 as hugeint)" -%}
    case
        when {{ d }} <> 0
            then cast(
                cast(
                    sign({{ n }}) * sign({{ d }})
                    * ((2 * abs({{ n }}) * 1000000000000 + abs({{ d }})) // (2 * abs({{ d }})))
                as decimal(38, 0))
                * cast(0.000000000001 as decimal(12, 12))
            as decimal(28, 12))
    end
{%- endmacro -%}
