-- CRM accounts that carry numbers today: those not merged away.
-- Grain: one row per customer_id.
-- The survivor of a merge keeps its own attributes; nothing is taken over from the accounts merged into it.
with

accounts as (

    select * from {{ ref('int_crm_accounts') }}

),

resolved as (

    select * from {{ ref('int_customers_resolved') }}

),

channels as (

    select * from {{ ref('int_channels_mapped') }}

),

final as (

    select
        {{ dimension_word('accounts.customer_id') }} as customer_id,
        accounts.customer_name,
        accounts.segment,
        accounts.plan,
        accounts.business_model,
        accounts.acquisition_motion,
        coalesce(channels.channel, {{ channel_name('accounts.acquisition_channel') }}) as acquisition_channel,
        accounts.seats,
        accounts.signed_up_date,
        accounts.churned_date,
        accounts.is_internal
    from accounts
    inner join resolved
        on accounts.customer_id = resolved.customer_id
    left join channels
        on {{ channel_name('accounts.acquisition_channel') }} = channels.source_channel
    where resolved.resolved_customer_id = accounts.customer_id

)

select * from final
