{#- The weakest cost status of a group of rows: estimated (no bill), then billed, then trued_up. -#}
{%- macro weakest_cost_status(cost_status) -%}
    case
        when count(*) filter (where {{ cost_status }} = 'estimated') > 0 then 'estimated'
        when count(*) filter (where {{ cost_status }} = 'billed') > 0 then 'billed'
        when count(*) filter (where {{ cost_status }} = 'trued_up') > 0 then 'trued_up'
        else 'estimated'
    end
{%- endmacro -%}
