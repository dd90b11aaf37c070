{#- What the 95 % interval of a change says: above 0, spanning 0, below 0. Null bounds: nothing to compare. -#}
{%- macro change_status(lower, upper) -%}
    case
        when {{ lower }} is null or {{ upper }} is null then 'no_data'
        when {{ lower }} > 0 then 'improving'
        when {{ upper }} < 0 then 'declining'
        else 'flat'
    end
{%- endmacro -%}
