-- Every month with a customer's calls has its four rows.
select
    margins.period_start_date,
    max(tops.row_count) as row_count
from {{ ref('customer_margins_monthly') }} as margins
inner join {{ ref('dim_customers') }} as customers
    on margins.customer_id = customers.customer_id
left join (
    select
        period_start_date,
        count(*) as row_count
    from {{ ref('cost_concentration_monthly') }}
    group by period_start_date
) as tops
    on margins.period_start_date = tops.period_start_date
where
    (margins.call_count > 0 or margins.ai_cost_usd <> 0)
    and not customers.is_internal
    and margins.customer_id <> 'unattributed'
group by margins.period_start_date
having coalesce(max(tops.row_count), 0) <> 4
