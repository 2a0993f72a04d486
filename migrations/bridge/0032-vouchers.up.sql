-- Vouchers (spec R4): sold on paper, each redeemed once for days of service.

create table voucher_batches (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  -- Only lines of this plan take them; null: any prepaid line.
  service_plan_id uuid,
  days integer not null check (days between 1 and 3660),
  -- What one is sold for, in minor units.
  price bigint not null check (price > 0),
  count integer not null check (count between 1 and 10000),
  prefix text not null default '' check (prefix ~ '^[A-Z0-9]{0,8}$'),
  -- The last day on which one may be redeemed, by the tenant's calendar.
  expires_on text check (expires_on ~ '^\d{4}-\d{2}-\d{2}$'),
  note text not null default '',
  created_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, service_plan_id) references service_plans (tenant_id, id)
);
create index voucher_batches_listed on voucher_batches (tenant_id, created_at, id);
alter table voucher_batches enable row level security;
alter table voucher_batches force row level security;
create policy own on voucher_batches to hub_app using (tenant_id = (select current_tenant()));
grant select, insert on voucher_batches to hub_app;

-- A code is found by its keyed hash. It is sealed as well while it is worth anything, so that the sheet can be printed.
create table vouchers (
  tenant_id uuid not null references tenants (id),
  id uuid not null,
  batch_id uuid not null,
  no integer not null check (no > 0),
  code_hash bytea not null,
  code_sealed text,
  state text not null default 'unused' check (state in ('unused', 'redeemed', 'void')),
  redeemed_at timestamptz,
  -- Null: the subscriber itself, on the page for isolated ones.
  redeemed_by uuid,
  subscription_id uuid,
  -- Until when it made that line valid.
  valid_until timestamptz,
  posting_id uuid,
  voided_at timestamptz,
  primary key (tenant_id, id),
  check ((state = 'unused') = (code_sealed is not null)),
  check ((state = 'redeemed') = (redeemed_at is not null)),
  check ((state = 'redeemed') = (subscription_id is not null)),
  check ((state = 'redeemed') = (valid_until is not null)),
  check (state = 'redeemed' or (redeemed_by is null and posting_id is null)),
  check ((state = 'void') = (voided_at is not null)),
  foreign key (tenant_id, batch_id) references voucher_batches (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id)
);
create unique index vouchers_code on vouchers (tenant_id, code_hash);
create unique index vouchers_of_batch on vouchers (tenant_id, batch_id, no);
create index vouchers_of_line on vouchers (tenant_id, subscription_id) where subscription_id is not null;
create index vouchers_counted on vouchers (tenant_id, batch_id, state);
alter table vouchers enable row level security;
alter table vouchers force row level security;
create policy own on vouchers to hub_app using (tenant_id = (select current_tenant()));
grant select, insert, update (state, code_sealed, redeemed_at, redeemed_by, subscription_id, valid_until, posting_id,
  voided_at) on vouchers to hub_app;
