-- What the days of calls, and their sums, depend on beside the calls themselves, as fingerprints.
-- Grain: one row per reference_kind, reference_key and reference_part (a daily window and context tier of a price).
-- Two builds differ in a fingerprint exactly where a day has to be built again. The row of kind load says up to
-- which landing the calls are read.
{{ config(materialized='table') }}
with

prices as (

    select * from {{ ref('int_prices_daily') }}

),

customers as (

    select * from {{ ref('int_customers_resolved') }}

),

workspaces as (

    select * from {{ ref('int_workspaces_resolved') }}

),

use_cases as (

    select * from {{ ref('use_cases') }}

),

token_targets as (

    select * from {{ ref('token_targets') }}

),

seen as (

    select * from {{ ref('int_call_rows_seen') }}

),

final as (

    select
        'price' as reference_kind,
        {{ price_key('prices') }} as reference_key,
        cast(prices.from_second as string) || '|' || cast(prices.input_tokens_from as string) as reference_part,
        {{ row_hash('prices') }} as fingerprint
    from prices

    union all

    select
        'customer' as reference_kind,
        customer_id as reference_key,
        '' as reference_part,
        resolved_customer_id as fingerprint
    from customers
    where customer_id <> resolved_customer_id

    union all

    select
        'workspace' as reference_kind,
        workspace_id as reference_key,
        '' as reference_part,
        resolved_customer_id as fingerprint
    from workspaces

    union all

    select
        'use_case' as reference_kind,
        feature as reference_key,
        '' as reference_part,
        use_case as fingerprint
    from use_cases

    union all

    select
        'token_target' as reference_kind,
        use_case as reference_key,
        '' as reference_part,
        coalesce(cast(input_high as string), '') as fingerprint
    from token_targets

    union all

    -- Which build it is: what one touched that did not end is touched again (unfinished_build).
    select
        'build' as reference_kind,
        'touched' as reference_key,
        '' as reference_part,
        '{{ invocation_id }}' as fingerprint

    union all

    select
        'load' as reference_kind,
        'calls' as reference_key,
        '' as reference_part,
        cast(coalesce(max(_load_id), 0) as string) as fingerprint
    from seen

)

select * from final
