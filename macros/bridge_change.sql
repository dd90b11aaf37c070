{#- A column less its `previous_` one; 0 where only one of the months knows it. -#}
{%- macro bridge_change(column) -%}
    {{ money('coalesce(' ~ column ~ ', previous_' ~ column ~ ') - coalesce(previous_' ~ column ~ ', ' ~ column ~ ')') }}
{%- endmacro -%}
