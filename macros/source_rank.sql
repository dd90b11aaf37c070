{#- Which of two sources of the same call, or the same bill, is believed: the lower rank, by a var that lists them; those it
    does not name come last, by name. -#}
{%- macro source_rank(source_name, priority='source_priority') -%}
    case {{ source_name }}
        {%- for name in var(priority) %}
        when '{{ name }}' then '{{ '%02d' | format(loop.index) }}'
        {%- endfor %}
        else '99 ' || {{ source_name }}
    end
{%- endmacro -%}
