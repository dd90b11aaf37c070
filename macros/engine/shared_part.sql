{#- amount × part ÷ whole, rounded once, half up, to 1e-12; null when whole is 0.
    Exact for an amount below 1e7 USD and a part below 1e12 with six decimals. -#}
{%- macro shared_part(amount, part, whole) -%}
    {{ return(adapter.dispatch('shared_part')(amount, part, whole)) }}
{%- endmacro -%}

{%- macro duckdb__shared_part(amount, part, whole) -%}
    {#- Whole picos × whole millionths ÷ whole millionths: sign × (2·|a·p| + |w|) div 2·|w|. -#}
    {%- set a = "cast(cast((" ~ amount ~ ") as decimal(28, 12)) * 1000000000000 as hugeint)" -%}
    {%- set p = "cast(cast((" ~ part ~ ") as decimal(28, 6)) * 1000000 as hugeint)" -%}
    {%- set w = "cast(cast((" ~ whole ~ ") as decimal(28, 6)) * 1000000 as hugeint)" -%}
    case
        when {{ w }} <> 0
            then cast(
                cast(
                    sign({{ a }}) * sign({{ p }}) * sign({{ w }})
                    * ((2 * abs({{ a }}) * abs({{ p }}) + abs({{ w }})) // (2 * abs({{ w }})))
                as decimal(38, 0))
                * cast(0.000000000001 as decimal(12, 12))
            as decimal(28, 12))
    end
{%- endmacro -%}

{%- macro spark__shared_part(amount, part, whole) -%}
    {#- (38, 18) over (28, 6) has the result type (38, 12): one rounding. -#}
    cast(
        cast({{ amount }} as decimal(19, 12)) * cast({{ part }} as decimal(18, 6))
        / nullif(cast({{ whole }} as decimal(28, 6)), 0)
    as decimal(28, 12))
{%- endmacro -%}
