{#- A plan as a word: customers without one have the plan `none`; our own words are told apart (source_word). -#}
{%- macro plan_word(expression) -%}
    coalesce({{ source_word(expression) }}, 'none')
{%- endmacro -%}
