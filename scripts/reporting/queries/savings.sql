-- Levers and what they save a month, the one that saves most first; words of levers that found nothing last.
-- Grain: one row per lever and scope.
select
    rank,
    lever,
    status,
    reason,
    cast(monthly_saving_usd as double) as monthly_saving_usd,
    cast(monthly_saving_lower_usd as double) as monthly_saving_lower_usd,
    cast(standalone_saving_usd as double) as standalone_saving_usd,
    effort,
    evidence as saving_evidence,
    action as saving_action
from marts.savings_opportunities
order by rank asc nulls last, lever asc nulls last
