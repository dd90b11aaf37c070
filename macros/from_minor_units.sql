{#- An amount in a currency's minor unit (cents) as an amount of the currency, by the currency's decimal places. -#}
{%- macro from_minor_units(minor_units, exponent) -%}
    cast(cast({{ minor_units }} as decimal(28, 12)) * cast(power(10, -{{ exponent }}) as decimal(6, 5)) as decimal(28, 12))
{%- endmacro -%}
