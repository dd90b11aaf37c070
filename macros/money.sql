{#- The one type of money: US dollars to 1e-12. Put round every sum, +, - and every case or coalesce of money,
    because both engines widen or shrink the type of the result. -#}
{%- macro money(expression) -%}
    cast({{ expression }} as decimal(28, 12))
{%- endmacro -%}
