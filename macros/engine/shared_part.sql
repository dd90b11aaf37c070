{#- amount × part ÷ whole, multiplied first, divided and rounded once, half up, to 1e-12; null when whole is 0.
    Exact on whole numbers: the amount to 1e-12, part and whole to `part_decimals` places; beyond 38 digits an error. -#}
{%- macro shared_part(amount, part, whole, part_decimals=6) -%}
    {{ return(adapter.dispatch('shared_part')(amount, part, whole, part_decimals)) }}
{%- endmacro -%}

{%- macro duckdb__shared_part(amount, part, whole, part_decimals) -%}
    {#- On whole numbers without a sign: n ÷ d to the nearest is (2·n div d + 1) div 2. No part is no division, which is most
        of the work: few calls have a cost of each component. -#}
    {%- set a = "cast(" ~ amount ~ " as decimal(28, 12))" -%}
    {%- set p = "cast(" ~ part ~ " as decimal(28, " ~ part_decimals ~ "))" -%}
    {%- set w = "cast(" ~ whole ~ " as decimal(28, " ~ part_decimals ~ "))" -%}
    case
        when {{ w }} = 0 then null
        when {{ w }} <> 0 and {{ p }} = 0 then {{ money(a ~ ' * 0') }}
        else cast(cast(
            sign({{ a }}) * sign({{ p }}) * sign({{ w }})
            * ((2 * {{ unscaled(a, 12) }} * {{ unscaled(p, part_decimals) }} // {{ unscaled(w, part_decimals) }} + 1) // 2)
        as decimal(38, 0)) * cast(0.000000000001 as decimal(12, 12)) as decimal(28, 12))
    end
{%- endmacro -%}

{%- macro spark__shared_part(amount, part, whole, part_decimals) -%}
    {#- Whole numbers of 38 digits have no places to lose and `%` of them is exact; without its rest the product divides
        evenly; by a divisor of 28 digits the quotient has room for 24, a million million of a currency's units. Not `div`:
        its result is a bigint, which wraps. The sign is apart, because sign() is a double here. -#}
    {%- set scale = 'cast(1' ~ '0' * part_decimals ~ ' as decimal(' ~ (part_decimals + 1) ~ ', 0))' -%}
    {%- set part_type = 'decimal(' ~ (36 - part_decimals) ~ ', ' ~ part_decimals ~ ')' -%}
    {%- set a = "cast(cast((" ~ amount ~ ") as decimal(24, 12)) * cast(1000000000000 as decimal(13, 0)) as decimal(38, 0))" -%}
    {%- set p = "cast(cast((" ~ part ~ ") as " ~ part_type ~ ") * " ~ scale ~ " as decimal(38, 0))" -%}
    {%- set w = "cast(cast((" ~ whole ~ ") as " ~ part_type ~ ") * " ~ scale ~ " as decimal(28, 0))" -%}
    {%- set product = "cast(abs(" ~ a ~ ") * abs(" ~ p ~ ") as decimal(38, 0))" -%}
    {%- set rest = "cast(" ~ product ~ " % abs(" ~ w ~ ") as decimal(38, 0))" -%}
    case
        when {{ w }} <> 0
            then cast(
                cast(
                    case when ({{ a }} < 0) <> (({{ p }} < 0) = ({{ w }} < 0)) then 1 else -1 end
                    * (
                        cast(cast({{ product }} - {{ rest }} as decimal(38, 0)) / abs({{ w }}) as decimal(24, 0))
                        + case when {{ rest }} >= abs({{ w }}) - {{ rest }} then 1 else 0 end
                    )
                as decimal(25, 0))
                * cast(0.000000000001 as decimal(12, 12))
            as decimal(28, 12))
    end
{%- endmacro -%}
