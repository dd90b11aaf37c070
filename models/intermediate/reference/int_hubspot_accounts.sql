-- Customers as HubSpot describes them: companies, and contacts without one. A company's channel is that of its earliest
-- contact. Deals are no revenue: they tell when the first was won.
-- Grain: one row per customer_id. Of several objects of one customer the earliest speaks, a company before a contact.
with

named as (

    select * from {{ ref('int_hubspot_customers_named') }}

),

companies as (

    select * from {{ ref('stg_hubspot__companies') }}
    where skip_reason is null

),

contacts as (

    select
        contacts.*,
        named.customer_id as account_customer_id,
        named.is_customer,
        row_number() over (
            partition by named.customer_id
            order by contacts.created_at asc nulls last, contacts.contact_id asc nulls last
        ) as contact_rank
    from {{ ref('stg_hubspot__contacts') }} as contacts
    inner join named
        on contacts.contact_id = named.object_id
        and named.object_type = 'contact'
    where contacts.skip_reason is null

),

first_won as (

    select
        named.customer_id,
        min(deals.closed_date) as first_won_date
    from {{ ref('stg_hubspot__deals') }} as deals
    inner join named
        on deals.company_id = named.object_id
        and named.object_type = 'company'
    where
        deals.skip_reason is null
        and deals.is_won
    group by named.customer_id

),

accounts as (

    select
        named.customer_id,
        companies.stripe_customer_id,
        companies.customer_name,
        contacts.acquisition_channel,
        companies.segment,
        companies.plan,
        companies.seats,
        companies.signed_up_at,
        first_won.first_won_date,
        companies.updated_at,
        named.object_type,
        named.object_id,
        companies._load_id,
        companies._source_row
    from companies
    inner join named
        on companies.company_id = named.object_id
        and named.object_type = 'company'
    left join contacts
        on named.customer_id = contacts.account_customer_id
        and contacts.contact_rank = 1
    left join first_won
        on named.customer_id = first_won.customer_id

    union all

    -- A contact's e-mail address is never copied: its id stands for its name.
    select
        account_customer_id as customer_id,
        stripe_customer_id,
        cast(null as string) as customer_name,
        acquisition_channel,
        segment,
        plan,
        seats,
        signed_up_at,
        cast(null as date) as first_won_date,
        updated_at,
        'contact' as object_type,
        contact_id as object_id,
        _load_id,
        _source_row
    from contacts
    where is_customer

),

ranked as (

    select
        *,
        row_number() over (
            partition by customer_id
            order by object_type asc nulls last, signed_up_at asc nulls last, object_id asc nulls last
        ) as account_rank
    from accounts

),

final as (

    select
        customer_id,
        stripe_customer_id,
        customer_name,
        acquisition_channel,
        segment,
        plan,
        seats,
        signed_up_at,
        first_won_date,
        updated_at,
        _load_id,
        _source_row
    from ranked
    where account_rank = 1

)

select * from final
