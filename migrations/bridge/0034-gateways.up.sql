alter table connections drop constraint connections_system_check;
alter table connections add constraint connections_system_check
  check (system in ('erpnext', 'freeradius', 'inventree', 'smtp', 'midtrans', 'xendit', 'tripay', 'duitku'));

-- What payment gateways are asked to collect (spec L5). The row is there before the gateway is asked, and its id is the
-- order id there: so a callback that is faster than the gateway's own answer finds it, and no id is used twice.
create table charges (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  gateway text not null check (gateway in ('midtrans', 'xendit', 'tripay', 'duitku')),
  customer_id uuid not null,
  -- The bill: of the hub's own ledger, or by its name in the other.
  invoice_id uuid,
  erp_invoice text,
  amount bigint not null check (amount > 0),
  method text not null check (method in ('qris', 'virtual_account', 'e_wallet')),
  state text not null default 'created'
    check (state in ('created', 'open', 'paid', 'held', 'expired', 'failed', 'refunded')),
  gateway_ref text,
  qr_string text,
  virtual_account text,
  bank text,
  url text,
  expires_at timestamptz not null,
  -- What the gateway said was paid; another amount than was asked for is held.
  paid_amount bigint check (paid_amount > 0),
  paid_at timestamptz,
  payment_id uuid,
  -- Asked of the gateway, which may not have answered yet.
  refund_asked_at timestamptz,
  -- Why it failed, or waits for a person.
  problem text,
  opened_by uuid,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check ((invoice_id is null) <> (erp_invoice is null)),
  check (state <> 'paid' or payment_id is not null),
  check (state <> 'held' or paid_amount is not null),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  foreign key (tenant_id, payment_id) references payments (tenant_id, id)
);
create index charges_listed on charges (tenant_id, created_at, id);
create index charges_of_customer on charges (tenant_id, customer_id);
create index charges_of_invoice on charges (tenant_id, invoice_id) where invoice_id is not null;
create index charges_of_payment on charges (tenant_id, payment_id) where payment_id is not null;
alter table charges enable row level security;
alter table charges force row level security;
create policy own on charges to hub_app, hub_worker using (tenant_id = (select current_tenant()));
-- They are opened and followed by the hub's own work; a person accepts one, or gives it back.
grant select, update (state, gateway_ref, paid_amount, paid_at, payment_id, problem, updated_at) on charges to hub_app;
grant select, insert, update (state, gateway_ref, qr_string, virtual_account, bank, url, paid_amount, paid_at, payment_id,
  refund_asked_at, problem, updated_at) on charges to hub_worker;

-- Charges about which the gateway is to be asked: after a callback, and at times without one, for callbacks get lost.
create table charge_looks (
  tenant_id uuid not null references tenants (id),
  charge_id uuid not null,
  correlation_id text not null,
  since timestamptz not null default now(),
  not_before timestamptz not null default now(),
  marks bigint not null default 1,
  attempts integer not null default 0,
  locked_until timestamptz,
  error text,
  primary key (tenant_id, charge_id),
  foreign key (tenant_id, charge_id) references charges (tenant_id, id)
);
create index charge_looks_due on charge_looks (not_before);
alter table charge_looks enable row level security;
alter table charge_looks force row level security;
create policy own on charge_looks to hub_app using (tenant_id = (select current_tenant()));
create policy worker_claims on charge_looks to hub_worker using (true) with check (true);
grant select on charge_looks to hub_app;
grant select, insert, update, delete on charge_looks to hub_worker;

-- What gateways told, as it came: verified, stored, and no more than a hint.
create table gateway_events (
  tenant_id uuid not null references tenants (id),
  id bigint generated always as identity,
  gateway text not null check (gateway in ('midtrans', 'xendit', 'tripay', 'duitku')),
  -- The same for a repetition of the same news.
  dedup text not null,
  order_id text not null,
  raw bytea not null,
  -- Whether the hub knows the order: an account may serve a shop as well.
  is_ours boolean not null,
  correlation_id text not null,
  received_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index gateway_events_once on gateway_events (tenant_id, gateway, dedup);
create index gateway_events_old on gateway_events (tenant_id, received_at);
alter table gateway_events enable row level security;
alter table gateway_events force row level security;
create policy own on gateway_events to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on gateway_events to hub_app;
grant select, insert, delete on gateway_events to hub_worker;

-- Bank statements that were read in, line by line. Nothing of them is booked without a person's word.
create table bank_statements (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  name text not null,
  digest bytea not null,
  lines integer not null check (lines > 0),
  uploaded_by uuid not null,
  uploaded_at timestamptz not null default now(),
  primary key (tenant_id, id)
);
create unique index bank_statements_once on bank_statements (tenant_id, digest);
create index bank_statements_listed on bank_statements (tenant_id, uploaded_at, id);
alter table bank_statements enable row level security;
alter table bank_statements force row level security;
create policy own on bank_statements to hub_app using (tenant_id = (select current_tenant()));
grant select, insert on bank_statements to hub_app;

create table bank_lines (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  statement_id uuid not null,
  no integer not null check (no > 0),
  booked_on text not null check (booked_on ~ '^\d{4}-\d{2}-\d{2}$'),
  description text not null,
  amount bigint not null check (amount > 0),
  direction text not null check (direction in ('credit', 'debit')),
  -- Day, text, amount, and which of several equal lines: the same line of two overlapping statements is one.
  line_key bytea not null,
  state text not null default 'open' check (state in ('open', 'booked', 'ignored')),
  payment_id uuid,
  decided_by uuid,
  decided_at timestamptz,
  primary key (tenant_id, id),
  check ((state = 'booked') = (payment_id is not null)),
  check ((state = 'open') = (decided_at is null)),
  foreign key (tenant_id, statement_id) references bank_statements (tenant_id, id),
  foreign key (tenant_id, payment_id) references payments (tenant_id, id)
);
create unique index bank_lines_once on bank_lines (tenant_id, line_key);
create index bank_lines_of_statement on bank_lines (tenant_id, statement_id, no);
create index bank_lines_open on bank_lines (tenant_id, booked_on, id) where state = 'open' and direction = 'credit';
create index bank_lines_of_payment on bank_lines (tenant_id, payment_id) where payment_id is not null;
alter table bank_lines enable row level security;
alter table bank_lines force row level security;
create policy own on bank_lines to hub_app using (tenant_id = (select current_tenant()));
grant select, insert, update (state, payment_id, decided_by, decided_at) on bank_lines to hub_app;
