-- What a person has to settle: payers nobody knows, features below the launch gate. Grain: one row.
select
    cast(
        (select count(distinct unmatched_payers.stripe_customer_id) from marts.unmatched_payers) as bigint
    ) as unmatched_payer_count,
    cast(
        (
            select coalesce(sum(payers.revenue_usd), 0)
            from (
                select distinct
                    unmatched_payers.customer_id,
                    unmatched_payers.revenue_usd
                from marts.unmatched_payers
            ) as payers
        ) as double
    ) as unmatched_revenue_usd,
    cast(
        (
            select count(*) from marts.feature_launch_gates
            where feature_launch_gates.gate_status = 'failed'
        ) as bigint
    ) as failed_gate_count
