{#- A name as its source has it; what would read like one of our own words says where it comes from, and so does what
    would then read like it, so that two names stay two. Null stays null. -#}
{%- macro source_word(expression) -%}
    case
        when {{ expression }} in ('all', 'internal', 'unattributed') or {{ expression }} like '% (source)'
            then {{ expression }} || ' (source)'
        else {{ expression }}
    end
{%- endmacro -%}
