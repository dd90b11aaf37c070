{#- A name as its source has it; what would read like one of our own words says where it comes from. Null stays null. -#}
{%- macro source_word(expression) -%}
    case
        when {{ expression }} in ('all', 'internal', 'unattributed') then {{ expression }} || ' (source)'
        else {{ expression }}
    end
{%- endmacro -%}
