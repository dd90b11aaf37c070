{#- How wide the scope of a scenario's rule is, the narrowest first: of several rules of one lever on the same row the
    narrowest counts (decisions.md, Scenarios). -#}
{%- macro scope_width(scope_dimension) -%}
    {%- set narrow = ['customer', 'step', 'workflow', 'feature', 'use_case', 'team', 'product'] -%}
    {%- set wide = ['call_type', 'model', 'plan', 'segment', 'business_model', 'provider', 'model_tier', 'all'] -%}
    {%- set others = usage_dimensions() | reject('in', narrow + wide) | list -%}
    case {{ scope_dimension }}
        {%- for dimension in narrow + others + wide %}
        when '{{ dimension }}' then {{ loop.index }}
        {%- endfor %}
    end
{%- endmacro -%}
