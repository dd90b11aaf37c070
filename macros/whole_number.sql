{#- A text as a whole number of up to 18 digits, rounded half up: 4210, `4210.0` and 1e3 are numbers; else null. -#}
{%- macro whole_number(expression) -%}
    cast({{ text_number(expression, 'decimal(18, 0)') }} as bigint)
{%- endmacro -%}
