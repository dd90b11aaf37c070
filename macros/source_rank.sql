{#- Which of two sources of the same call is believed: the lower rank (var source_priority); sources not named come last. -#}
{%- macro source_rank(source_name) -%}
    case {{ source_name }}
        {%- for name in var('source_priority') %}
        when '{{ name }}' then {{ loop.index }}
        {%- endfor %}
        else {{ var('source_priority') | length + 1 }}
    end
{%- endmacro -%}
