{#- The part of an amount served between two points of a schedule of `whole` equal parts (whole numbers): the difference
    of two running totals, each rounded half up to 1e-12, so that the parts of a schedule make the amount exactly.
    `picos` is whole_picos(amount), worked out once per line. On DuckDB it keeps the sum in 64 bits, which is what a
    million lines a day need: quotient and rest of amount ÷ whole first, so that no product leaves them. -#}
{%- macro served_between(amount, picos, from_part, to_part, whole) -%}
    {{ return(adapter.dispatch('served_between')(amount, picos, from_part, to_part, whole)) }}
{%- endmacro -%}

{%- macro duckdb__served_between(amount, picos, from_part, to_part, whole) -%}
    {%- set running -%}
        ((abs({{ picos }}) // {{ whole }}) * %s + ((abs({{ picos }}) % {{ whole }}) * %s + {{ whole }} // 2) // {{ whole }})
    {%- endset -%}
    case
        -- 95 years of seconds; longer schedules would leave 64 bits.
        when {{ picos }} is not null and {{ whole }} < 3000000000
            then cast(cast(
                sign({{ picos }}) * ({{ running | replace('%s', to_part) }} - {{ running | replace('%s', from_part) }})
            as decimal(19, 0)) * cast(0.000000000001 as decimal(12, 12)) as decimal(28, 12))
        else {{ spark__served_between(amount, picos, from_part, to_part, whole) }}
    end
{%- endmacro -%}

{%- macro spark__served_between(amount, picos, from_part, to_part, whole) -%}
    {{ money(shared_part(amount, to_part, whole, 0) ~ ' - ' ~ shared_part(amount, from_part, whole, 0)) }}
{%- endmacro -%}

{#- An amount in whole picos of 64 bits, null where it does not fit (from 9.2 million on) and on Spark. -#}
{%- macro whole_picos(amount) -%}
    {{ return(adapter.dispatch('whole_picos')(amount)) }}
{%- endmacro -%}

{%- macro duckdb__whole_picos(amount) -%}
    try_cast(cast({{ amount }} * 1000000000000 as hugeint) as bigint)
{%- endmacro -%}

{%- macro spark__whole_picos(amount) -%}
    cast(null as bigint)
{%- endmacro -%}
