{#- A cost of a call as its pricing status has it: the price, 0 where nothing is charged per call, null when unpriced. -#}
{%- macro cost_by_status(cost, pricing_status) -%}
    case
        when {{ pricing_status }} in ('priced', 'overridden') then {{ cost }}
        when {{ pricing_status }} = 'unpriced' then cast(null as decimal(28, 12))
        else cast(0 as decimal(28, 12))
    end
{%- endmacro -%}
