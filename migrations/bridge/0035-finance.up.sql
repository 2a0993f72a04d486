-- Expenses and other income of a tenant without an ERP (spec L7, first part). A record is posted once and never changed;
-- what was wrong is posted back, and stays in the list with the reason. Every figure comes from the entries.
create table finance_records (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  kind text not null check (kind in ('expense', 'other_income')),
  category text not null check (category <> ''),
  amount bigint not null check (amount > 0),
  -- Where the money came from, or went to: an account of the chart (domain/accounts.ts).
  account text not null check (account ~ '^[a-z_]{1,40}$'),
  happened_on text not null check (happened_on ~ '^\d{4}-\d{2}-\d{2}$'),
  note text not null default '',
  posting_id uuid not null,
  recorded_by uuid not null,
  recorded_at timestamptz not null default now(),
  reversed_at timestamptz,
  reversed_by uuid,
  reverse_reason text,
  primary key (tenant_id, id),
  check ((reversed_at is null) = (reversed_by is null) and (reversed_at is null) = (reverse_reason is null)),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id)
);
create index finance_records_listed on finance_records (tenant_id, happened_on, id);
create unique index finance_records_posting on finance_records (tenant_id, posting_id);
alter table finance_records enable row level security;
alter table finance_records force row level security;
create policy own on finance_records to hub_app using (tenant_id = (select current_tenant()));
grant select, insert, update (reversed_at, reversed_by, reverse_reason) on finance_records to hub_app;
