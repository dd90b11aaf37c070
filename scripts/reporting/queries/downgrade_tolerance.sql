-- Which work a cheaper model does as well, from paired evaluations. Grain: one row per use case and pair of models, and all.
select
    use_case,
    expensive_model,
    cheap_model,
    pair_count,
    cast(tolerance_ratio as double) as tolerance_ratio,
    cast(lower_ratio as double) as lower_ratio,
    cast(upper_ratio as double) as upper_ratio,
    cast(target_ratio as double) as target_ratio,
    cast(typical_low_ratio as double) as typical_low_ratio,
    cast(typical_high_ratio as double) as typical_high_ratio,
    cast(safe_traffic_ratio as double) as safe_traffic_ratio,
    verdict,
    decision,
    is_stale,
    is_sufficient,
    last_evidence_date,
    cast(monthly_saving_usd as double) as monthly_saving_usd,
    cast(monthly_saving_lower_usd as double) as monthly_saving_lower_usd
from marts.downgrade_tolerance
where evidence_method = 'paired' and tolerance_ratio is not null
order by
    monthly_saving_usd desc nulls last,
    tolerance_ratio desc nulls last,
    use_case asc nulls last,
    expensive_model asc nulls last,
    cheap_model asc nulls last
