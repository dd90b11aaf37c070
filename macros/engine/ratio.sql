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

{%- macro spark__ratio(numerator, denominator) -%}
    {#- Long division on whole picos: the whole part, twelve more digits, and one up when the rest is half or more.
        Spark's own quotient is rounded to a scale that a server setting decides. -#}
    {%- set dollars = "cast((%s) as decimal(28, 12))" -%}
    {%- set picos = "cast(abs(" ~ dollars ~ ") * 1000000000000 as decimal(26, 0))" -%}
    {%- set n, d = picos % numerator, "nullif(" ~ picos % denominator ~ ", 0)" -%}
    {%- set rest = "(cast(" ~ n ~ " % " ~ d ~ " as decimal(26, 0)) * 1000000000000)" -%}
    cast(
        case when {{ dollars % numerator }} < 0 then cast(-1 as decimal(1, 0)) else cast(1 as decimal(1, 0)) end
        * case when {{ dollars % denominator }} < 0 then cast(-1 as decimal(1, 0)) else cast(1 as decimal(1, 0)) end
        * cast(
            cast({{ n }} div {{ d }} as decimal(16, 0)) + cast(
                ({{ rest }} div {{ d }} + case when 2 * ({{ rest }} % {{ d }}) >= {{ d }} then 1 else 0 end)
                * cast(0.000000000001 as decimal(12, 12))
            as decimal(13, 12))
        as decimal(28, 12))
    as decimal(28, 12))
{%- endmacro -%}
