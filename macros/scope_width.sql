{#- How wide the scope of a scenario's rule is, the narrowest first: of several rules of one lever on the same row the
    narrowest counts (decisions.md, Scenarios). -#}
{%- macro scope_width(scope_dimension) -%}
    case {{ scope_dimension }}
        {%- for dimension in [
            'customer', 'step', 'workflow', 'feature', 'use_case', 'team', 'product', 'call_type', 'model', 'plan', 'segment',
            'business_model', 'provider', 'model_tier', 'all',
        ] %}
        when '{{ dimension }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro -%}
