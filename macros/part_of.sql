{#- A share (0 to 1) of an amount below 1e10 USD, rounded once to 1e-12. -#}
{%- macro part_of(amount, share) -%}
    {{ money('cast(' ~ amount ~ ' as decimal(22, 12)) * cast(' ~ share ~ ' as decimal(13, 12))') }}
{%- endmacro -%}
