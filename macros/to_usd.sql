{#- An amount of a foreign currency in USD, rounded once. Amounts below 1e9 of the currency, rates below 1e4 USD:
    wider operands would lose decimals on one engine (decisions.md, Exchange rates). -#}
{%- macro to_usd(amount, usd_per_unit) -%}
    {{ money('cast(' ~ amount ~ ' as decimal(21, 12)) * cast(' ~ usd_per_unit ~ ' as decimal(16, 12))') }}
{%- endmacro -%}
