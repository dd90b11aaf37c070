{#- A plan as a word: customers without one have the plan `none`; `all` is reserved for the overall row. -#}
{%- macro plan_word(expression) -%}
    coalesce(case when {{ expression }} = 'all' then 'all (source)' else {{ expression }} end, 'none')
{%- endmacro -%}
