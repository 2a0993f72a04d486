-- What resellers earn when their customers pay (spec S3). Amounts are in the currency's minor unit, dates the tenant's own.

-- Since when the customer is its reseller's: what was paid before earns it nothing.
alter table customers add column reseller_since timestamptz;
update customers set reseller_since = created_at where reseller_id is not null;
create function note_reseller_since() returns trigger language plpgsql as $$
begin
  if tg_op = 'INSERT' or new.reseller_id is distinct from old.reseller_id then
    new.reseller_since := case when new.reseller_id is not null then now() end;
  end if;
  return new;
end $$;
create trigger customers_note_reseller before insert or update of reseller_id on customers
  for each row execute function note_reseller_since();

-- Null reseller or plan: all of them. value: basis points, or minor units for a bill; tiers [{"from": customers, "value": text}] take its
-- place from so many living customers on. A rule's terms never change: it ends, and another begins.
create table commission_rules (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  reseller_id uuid,
  service_plan_id uuid,
  occasion text not null check (occasion in ('first', 'recurring', 'every')),
  kind text not null check (kind in ('percent', 'fixed')),
  value bigint not null check (value >= 0),
  tiers jsonb not null default '[]',
  valid_from text not null check (valid_from ~ '^\d{4}-\d{2}-\d{2}$'),
  -- The last day; null: it goes on.
  valid_to text check (valid_to ~ '^\d{4}-\d{2}-\d{2}$'),
  notes text not null default '',
  created_by uuid not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (kind <> 'percent' or value <= 10000),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, service_plan_id) references service_plans (tenant_id, id)
);
create unique index commission_rules_once
  on commission_rules (tenant_id, reseller_id, service_plan_id, occasion, valid_from) nulls not distinct;
create index commission_rules_listed on commission_rules (tenant_id, created_at, id);

-- Money that a reseller may earn of: a payment of the hub's own ledger, or a Payment Entry of ERPNext. Whose it is, how many customers it had then, and which rule counts for each bill is kept from the first look on (`terms`), so that
-- a later look finds the same; `earned` is the sum of its commissions.
create table commission_sources (
  tenant_id uuid not null references tenants (id),
  kind text not null check (kind in ('payment', 'entry')),
  source text not null,
  reseller_id uuid not null,
  customer_id uuid not null,
  volume integer,
  terms jsonb not null default '{}',
  earned bigint not null default 0,
  primary key (tenant_id, kind, source),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
create index commission_sources_of_customer on commission_sources (tenant_id, customer_id);

-- A payout gathers what is owed to one reseller up to a day; what was taken back lowers the next.
create table commission_payouts (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  reseller_id uuid not null,
  until text not null check (until ~ '^\d{4}-\d{2}-\d{2}$'),
  amount bigint not null check (amount > 0),
  state text not null check (state in ('draft', 'approved', 'paid', 'cancelled')),
  made_by uuid not null,
  made_at timestamptz not null,
  approved_by uuid,
  approved_at timestamptz,
  paid_by uuid,
  paid_at timestamptz,
  method text check (method in ('transfer', 'cash', 'deposit', 'salary')),
  reference text,
  posting_id uuid,
  -- Its journal entry, or additional salary, in ERPNext.
  erp_document text,
  erp_error text,
  primary key (tenant_id, id),
  check ((approved_by is null) = (approved_at is null)),
  check ((state = 'paid') = (paid_at is not null)),
  check ((state = 'paid') = (posting_id is not null)),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id)
);
-- Doubled, a run makes one.
create unique index commission_payouts_open on commission_payouts (tenant_id, reseller_id) where state in ('draft', 'approved');
create index commission_payouts_listed on commission_payouts (tenant_id, made_at, id);

-- What was earned, or (below zero) taken back, of one source at one look: the difference between what its commission should
-- be and what it was. Never changed, but for the payout that pays it.
create table commissions (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  kind text not null,
  source text not null,
  no integer not null,
  reseller_id uuid not null,
  customer_id uuid not null,
  service_plan_id uuid,
  rule_id uuid,
  earned_on text not null check (earned_on ~ '^\d{4}-\d{2}-\d{2}$'),
  -- Of how much it is reckoned, without tax, as things stood then.
  base bigint not null check (base >= 0),
  amount bigint not null check (amount <> 0),
  posting_id uuid not null,
  payout_id uuid,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, kind, source) references commission_sources (tenant_id, kind, source),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, service_plan_id) references service_plans (tenant_id, id),
  foreign key (tenant_id, rule_id) references commission_rules (tenant_id, id),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id),
  foreign key (tenant_id, payout_id) references commission_payouts (tenant_id, id)
);
create unique index commissions_once on commissions (tenant_id, kind, source, no);
create index commissions_listed on commissions (tenant_id, created_at, id);
create index commissions_of_reseller on commissions (tenant_id, reseller_id, created_at, id);
create index commissions_of_month on commissions (tenant_id, reseller_id, earned_on);
create index commissions_unpaid on commissions (tenant_id, reseller_id) where payout_id is null;
create index commissions_of_payout on commissions (tenant_id, payout_id) where payout_id is not null;
create index commissions_of_customer on commissions (tenant_id, customer_id);

do $$
declare t text;
begin
  foreach t in array array['commission_rules', 'commission_sources', 'commission_payouts', 'commissions'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own on %I to hub_app, hub_worker using (tenant_id = (select current_tenant()))', t);
    -- A reseller's request sees its own; of a rule that is for all of them, nothing.
    execute format('create policy of_reseller on %I as restrictive to hub_app using (case when (select current_reseller()) '
      'is null then true else reseller_id = (select current_reseller()) end)', t);
  end loop;
end $$;
grant select, insert, update (valid_to, notes), delete on commission_rules to hub_app;
grant select on commission_rules to hub_worker;
grant select, insert on commission_sources to hub_app;
grant select, insert, update (volume, terms, earned) on commission_sources to hub_worker;
grant select, insert, update on commission_payouts to hub_app;
grant select, update (erp_document, erp_error) on commission_payouts to hub_worker;
grant select, update (payout_id) on commissions to hub_app;
grant select, insert on commissions to hub_worker;
