-- Foreign spend on a day without an exchange rate of the last 7 days: it would count as nothing.
select
    spend.spend_id,
    spend.spend_date,
    spend.currency
from {{ ref('stg_canonical__acquisition_spend') }} as spend
left join {{ ref('int_fx_rates_daily') }} as rates
    on
        spend.currency = rates.currency
        and spend.spend_date = rates.rate_date
where spend.currency <> 'USD' and rates.usd_per_unit is null
