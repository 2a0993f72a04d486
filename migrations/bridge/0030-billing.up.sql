-- The hub's own ledger (spec L2, L3, L6), and the payments that the hub takes for a ledger elsewhere. Amounts are in the
-- currency's minor unit, dates are the tenant's own.

-- Double entry: a posting is written once, with all its entries in one statement, and never changed. What was wrong is
-- posted back (`reverses`). idem_key: the same deed is posted once, whoever repeats it.
create table postings (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  kind text not null check (kind ~ '^[a-z_]{1,40}$'),
  idem_key text not null,
  posted_on text not null check (posted_on ~ '^\d{4}-\d{2}-\d{2}$'),
  -- The invoice, payment, refund or other row that it is of.
  source_id uuid,
  memo text not null default '',
  reverses uuid,
  posted_by uuid,
  posted_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, reverses) references postings (tenant_id, id)
);
create unique index postings_once on postings (tenant_id, idem_key);
create unique index postings_reversed_once on postings (tenant_id, reverses) where reverses is not null;
create index postings_listed on postings (tenant_id, posted_on, id);
create index postings_of on postings (tenant_id, source_id);
alter table postings enable row level security;
alter table postings force row level security;
create policy own on postings to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert on postings to hub_app, hub_worker;

-- Debit above zero, credit below. `account` is one of the chart (domain/accounts.ts); `category` divides expenses and
-- other income.
create table entries (
  tenant_id uuid not null references tenants (id),
  posting_id uuid not null,
  no smallint not null,
  account text not null check (account ~ '^[a-z_]{1,40}$'),
  category text,
  customer_id uuid,
  amount bigint not null check (amount <> 0),
  primary key (tenant_id, posting_id, no),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
create index entries_of_customer on entries (tenant_id, customer_id) where customer_id is not null;
create index entries_of_account on entries (tenant_id, account);
alter table entries enable row level security;
alter table entries force row level security;
create policy own on entries to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert on entries to hub_app, hub_worker;

create function entries_balance() returns trigger language plpgsql as $$
begin
  if exists (select from added group by tenant_id, posting_id having sum(amount) <> 0) then
    raise exception 'the entries of a posting must come in one statement and sum to zero'
      using errcode = 'check_violation', constraint = 'entries_balanced';
  end if;
  return null;
end $$;
create trigger entries_balanced after insert on entries referencing new table as added
  for each statement execute function entries_balance();

-- Bills and credit notes. Both are above zero; a credit note lowers what its customer owes.
create table invoices (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  kind text not null default 'invoice' check (kind in ('invoice', 'credit_note')),
  -- Gap-free per tenant, kind and year (of issue).
  year smallint not null,
  serial integer not null check (serial > 0),
  number text not null,
  customer_id uuid not null,
  subscription_id uuid,
  -- What it bills: a whole period, the first or last part of one, a change of plan, a fee, a demand made by hand.
  reason text not null check (reason in ('period', 'first', 'change', 'termination', 'fee', 'manual', 'credit')),
  -- The credit note's invoice.
  against uuid,
  period_from text check (period_from ~ '^\d{4}-\d{2}-\d{2}$'),
  period_to text check (period_to ~ '^\d{4}-\d{2}-\d{2}$'),
  issued_on text not null check (issued_on ~ '^\d{4}-\d{2}-\d{2}$'),
  due_date text not null check (due_date ~ '^\d{4}-\d{2}-\d{2}$'),
  net bigint not null check (net >= 0),
  tax bigint not null default 0 check (tax >= 0),
  total bigint not null check (total > 0),
  -- What payments and credit notes have settled of it (of a credit note: what was used of it, or paid back).
  settled bigint not null default 0,
  outstanding bigint not null generated always as (total - settled) stored,
  notes text not null default '',
  cancelled_at timestamptz,
  cancel_reason text,
  posting_id uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (total = net + tax),
  check (settled between 0 and total),
  check (cancelled_at is null or settled = 0),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id),
  foreign key (tenant_id, against) references invoices (tenant_id, id),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id)
);
create unique index invoices_serial on invoices (tenant_id, kind, year, serial);
create unique index invoices_number on invoices (tenant_id, number);
-- A period of a line is billed once, however often the bill run is begun.
create unique index invoices_period on invoices (tenant_id, subscription_id, period_from)
  where kind = 'invoice' and reason in ('period', 'first') and cancelled_at is null;
create index invoices_open on invoices (tenant_id, customer_id) where cancelled_at is null and settled < total;
create index invoices_of_customer on invoices (tenant_id, customer_id, issued_on);
-- Open to questions about due dates alone, so that nobody looks for a customer's bills among all that are open.
create index invoices_due on invoices (tenant_id, due_date)
  where cancelled_at is null and settled < total and due_date is not null;
create index invoices_against on invoices (tenant_id, against) where against is not null;
create index invoices_listed on invoices (tenant_id, created_at, id);
alter table invoices enable row level security;
alter table invoices force row level security;
create policy own on invoices to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update (settled, notes, cancelled_at, cancel_reason, updated_at) on invoices to hub_app, hub_worker;

-- net + tax of the lines sum to the invoice.
create table invoice_lines (
  tenant_id uuid not null references tenants (id),
  invoice_id uuid not null,
  no smallint not null,
  description text not null,
  quantity integer not null default 1 check (quantity > 0),
  unit_price bigint not null,
  net bigint not null,
  tax bigint not null default 0,
  -- What the tax was reckoned by: rate in basis points of the base (DPP), null: not taxed.
  tax_rate_bp integer,
  tax_base bigint,
  primary key (tenant_id, invoice_id, no),
  foreign key (tenant_id, invoice_id) references invoices (tenant_id, id)
);
alter table invoice_lines enable row level security;
alter table invoice_lines force row level security;
create policy own on invoice_lines to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert on invoice_lines to hub_app, hub_worker;

-- Money received, or demanded (`pending`; past its due date it is shown as overdue). Where ERPNext is the ledger the row is
-- pushed there once, as the Payment Entry `erp_payment`, and the hub posts nothing.
create table payments (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  customer_id uuid not null,
  amount bigint not null check (amount > 0),
  method text not null check (method in ('cash', 'transfer', 'qris', 'e_wallet', 'virtual_account', 'deposit', 'other')),
  status text not null check (status in ('pending', 'paid', 'cancelled', 'reversed')),
  -- What was demanded, or is to be paid: a bill of this ledger, or its name in the other.
  invoice_id uuid,
  erp_invoice text,
  due_date text not null check (due_date ~ '^\d{4}-\d{2}-\d{2}$'),
  payment_date timestamptz,
  notes text not null default '',
  -- Whose word it is: a gateway's transaction, a bank statement's line.
  reference text,
  -- Taken once, whoever repeats it.
  idem_key text not null,
  allocated bigint not null default 0,
  refunded bigint not null default 0,
  unallocated bigint not null generated always as (case when status = 'paid' then amount - allocated - refunded else 0 end) stored,
  posting_id uuid,
  erp_payment text,
  erp_error text,
  taken_by uuid,
  reversed_at timestamptz,
  reverse_reason text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (allocated >= 0 and refunded >= 0 and allocated + refunded <= amount),
  check ((status in ('paid', 'reversed')) = (payment_date is not null)),
  check (status <> 'reversed' or (allocated = 0 and refunded = 0)),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id)
);
create unique index payments_once on payments (tenant_id, idem_key);
create unique index payments_erp on payments (tenant_id, erp_payment) where erp_payment is not null;
create index payments_of_customer on payments (tenant_id, customer_id, created_at);
create index payments_demanding on payments (tenant_id, invoice_id) where invoice_id is not null;
create index payments_listed on payments (tenant_id, created_at, id);
create index payments_free on payments (tenant_id, customer_id) where status = 'paid' and unallocated > 0;
alter table payments enable row level security;
alter table payments force row level security;
create policy own on payments to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update (status, invoice_id, payment_date, notes, method, reference, allocated, refunded, posting_id,
  erp_payment, erp_error, taken_by, reversed_at, reverse_reason, updated_at) on payments to hub_app, hub_worker;

-- Which money settles which bill: of a payment, or of a credit note. Taken back by deleting the row, in the transaction
-- that lowers both sides.
create table allocations (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  invoice_id uuid not null,
  payment_id uuid,
  credit_note_id uuid,
  amount bigint not null check (amount > 0),
  allocated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check ((payment_id is null) <> (credit_note_id is null)),
  foreign key (tenant_id, invoice_id) references invoices (tenant_id, id),
  foreign key (tenant_id, payment_id) references payments (tenant_id, id),
  foreign key (tenant_id, credit_note_id) references invoices (tenant_id, id)
);
create index allocations_invoice on allocations (tenant_id, invoice_id);
create index allocations_payment on allocations (tenant_id, payment_id) where payment_id is not null;
create index allocations_credit_note on allocations (tenant_id, credit_note_id) where credit_note_id is not null;
alter table allocations enable row level security;
alter table allocations force row level security;
create policy own on allocations to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, delete on allocations to hub_app, hub_worker;

-- Money paid back: of a payment what is not allocated.
create table refunds (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  payment_id uuid not null,
  amount bigint not null check (amount > 0),
  method text not null,
  reason text not null,
  idem_key text not null,
  posting_id uuid not null,
  refunded_by uuid,
  refunded_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, payment_id) references payments (tenant_id, id),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id)
);
create unique index refunds_once on refunds (tenant_id, idem_key);
create index refunds_payment on refunds (tenant_id, payment_id);
alter table refunds enable row level security;
alter table refunds force row level security;
create policy own on refunds to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update (reason) on refunds to hub_app, hub_worker;

-- Whether tax is charged to this customer, where its tenant charges any.
alter table customers add column is_taxable boolean not null default true;
-- The last day that this line's bills of the own ledger cover; null: none yet.
alter table subscriptions add column billed_to text check (billed_to ~ '^\d{4}-\d{2}-\d{2}$');

-- Money that is taken back here lets nobody be cut for a while, as money that is taken back elsewhere does.
grant insert, update on ledger_readings to hub_app;
