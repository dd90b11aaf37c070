{#- Whether a cheaper model keeps enough of the quality (decisions.md, Downgrade tolerance). -#}
{%- macro downgrade_decision(retention_ratio) -%}
    case
        when {{ retention_ratio }} is null then 'no_data'
        when {{ retention_ratio }} >= {{ var('retention_yes_ratio') }} then 'yes'
        when {{ retention_ratio }} >= {{ var('retention_test_ratio') }} then 'test'
        else 'no'
    end
{%- endmacro -%}
