-- Which customers that lose money would earn some on a cheaper model, where evidence says that it does the work?
--
-- Parameters: month, any day of it (the last complete month).
-- Read it: a row is a customer whose gross profit is below 0. The saving takes what its delivered answers cost in
-- tokens on a model that paired evidence (decision yes, fresh, sufficient) lets be replaced, to the cheapest such
-- model, times the share of answers that tolerate it. Its lower bound beside it; is_profitable_then asks the point.
-- Traps: how much cheaper is read off the repriced calls of the 28 days to as_of_date, of all customers: an estimate
-- for one. Evidence speaks of use cases: a customer's own answers may be harder. Rows of evidence overlap and are not
-- added up here: each use case and model moves to one cheap model.
with

params as (

    select coalesce(date_trunc('month', cast(getvariable('month') as date)), max(period_start_date)) as month_date
    from marts.gross_margin_monthly
    where dimension = 'all' and is_complete

),

-- Row `all` is made of the others; experiments (ab) have no pairs to count tolerance by.
evidence as (

    select
        use_case,
        lower(expensive_model) as expensive_model,
        cheap_model,
        1 - repriced_cost_usd / actual_cost_usd as saving_ratio,
        tolerance_ratio,
        lower_ratio
    from marts.downgrade_tolerance
    where
        use_case <> 'all'
        and evidence_method = 'paired'
        and decision = 'yes'
        and not is_stale
        and is_sufficient
        and actual_cost_usd > repriced_cost_usd

),

-- What the delivered answers cost: the productive part of the token cost, as billed.
answers as (

    select
        usage_daily.customer_id,
        usage_daily.use_case,
        lower(usage_daily.model) as model,
        lower(usage_daily.resolved_model) as resolved_model,
        sum(
            (usage_daily.llm_api_cost_usd + usage_daily.prompt_cache_cost_usd)
            * coalesce(usage_daily.productive_cost_usd / nullif(usage_daily.computed_cost_usd, 0), 0)
        ) as token_cost_usd
    from marts.fct_usage_daily as usage_daily
    inner join params
        on params.month_date = date_trunc('month', usage_daily.usage_date)
    group by
        usage_daily.customer_id,
        usage_daily.use_case,
        lower(usage_daily.model),
        lower(usage_daily.resolved_model)

),

moves as (

    select
        answers.*,
        evidence.saving_ratio,
        evidence.tolerance_ratio,
        evidence.lower_ratio,
        -- Evidence may know a model as logged and as resolved, and several that might replace it: one move.
        row_number() over (
            partition by answers.customer_id, answers.use_case, answers.model, answers.resolved_model
            order by evidence.saving_ratio desc, evidence.cheap_model asc
        ) as move_rank
    from answers
    inner join evidence
        on
            answers.use_case = evidence.use_case
            and evidence.expensive_model in (answers.model, answers.resolved_model)

),

savings as (

    select
        customer_id,
        sum(token_cost_usd) as movable_cost_usd,
        sum(token_cost_usd * saving_ratio * tolerance_ratio) as saving_usd,
        sum(token_cost_usd * saving_ratio * lower_ratio) as saving_lower_usd
    from moves
    where move_rank = 1
    group by customer_id

)

select
    margins.customer_id,
    customers.customer_name,
    round(margins.revenue_usd, 6) as revenue_usd,
    round(margins.ai_cost_usd, 6) as ai_cost_usd,
    round(margins.gross_profit_usd, 6) as gross_profit_usd,
    round(coalesce(savings.movable_cost_usd, 0), 6) as movable_cost_usd,
    round(coalesce(savings.saving_usd, 0), 6) as saving_usd,
    round(coalesce(savings.saving_lower_usd, 0), 6) as saving_lower_usd,
    round(margins.gross_profit_usd + coalesce(savings.saving_usd, 0), 6) as gross_profit_then_usd,
    margins.gross_profit_usd + coalesce(savings.saving_usd, 0) >= 0 as is_profitable_then
from marts.customer_margins_monthly as margins
inner join params
    on margins.period_start_date = params.month_date
inner join marts.dim_customers as customers
    on margins.customer_id = customers.customer_id
left join savings
    on margins.customer_id = savings.customer_id
where margins.is_loss_making and margins.customer_id <> 'unattributed' and not customers.is_internal
order by
    is_profitable_then desc,
    gross_profit_usd asc,
    margins.customer_id asc
