-- What a quota leaves of a customer's tokens in a month; it covers the days on which the customer is in its scope.
-- Grain: one row per rule_number, month_date and customer_id.
-- Beyond the quota nothing is served: cost falls with the tokens, whatever they were used for.
with

final as (

    select
        on_usage.rule_number,
        rules.scenario,
        usage_rows.month_date,
        usage_rows.customer_id,
        {{ token_sum('usage_rows.tokens') }} as tokens,
        least({{ token_sum('usage_rows.tokens') }}, max(rules.quota_tokens)) as kept_tokens
    from {{ ref('int_scenario_rules_on_usage') }} as on_usage
    inner join {{ ref('int_scenarios_read') }} as rules
        on on_usage.rule_number = rules.rule_number
    inner join {{ ref('int_scenario_usage_daily') }} as usage_rows
        on on_usage.usage_row_number = usage_rows.usage_row_number
    where on_usage.lever = 'quota'
    group by
        on_usage.rule_number,
        rules.scenario,
        usage_rows.month_date,
        usage_rows.customer_id

)

select * from final
