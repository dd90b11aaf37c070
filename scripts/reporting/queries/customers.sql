-- Every name and id a pseudonym has to stand for. Grain: one row per customer.
select customer_id, coalesce(nullif(customer_name, ''), customer_id) as customer_name
from marts.dim_customers
where customer_id not in ('unattributed', 'internal')
order by customer_id asc nulls last
