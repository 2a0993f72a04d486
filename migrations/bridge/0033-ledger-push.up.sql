-- Bills and credit notes of the hub's own making where ERPNext is the ledger (spec L1): what it never makes itself. Pushed
-- there once, by the row's id; from then on the ledger's own document counts, and this row says only which it is.
create table ledger_invoices (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  -- What it bills, once: whoever asks again under it asks for the same bill.
  ref text not null check (length(ref) between 1 and 200),
  kind text not null check (kind in ('invoice', 'credit_note')),
  customer_id uuid not null,
  subscription_id uuid not null,
  -- [{"description": text, "quantity": integer, "unit_price": text}], prices above zero in the minor unit.
  lines jsonb not null,
  period_from text check (period_from ~ '^\d{4}-\d{2}-\d{2}$'),
  period_to text check (period_to ~ '^\d{4}-\d{2}-\d{2}$'),
  issued_on text not null check (issued_on ~ '^\d{4}-\d{2}-\d{2}$'),
  due_date text not null check (due_date ~ '^\d{4}-\d{2}-\d{2}$'),
  notes text not null default '',
  erp_invoice text,
  erp_error text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create unique index ledger_invoices_once on ledger_invoices (tenant_id, ref);
create unique index ledger_invoices_erp on ledger_invoices (tenant_id, erp_invoice) where erp_invoice is not null;
create index ledger_invoices_of_customer on ledger_invoices (tenant_id, customer_id);
alter table ledger_invoices enable row level security;
alter table ledger_invoices force row level security;
create policy own on ledger_invoices to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update (erp_invoice, erp_error, updated_at) on ledger_invoices to hub_app, hub_worker;

-- Names of the ledger are long, may hold slashes, and change: the API names a mirrored document by this.
alter table ledger_documents add column id uuid not null default gen_random_uuid();
create unique index ledger_documents_id on ledger_documents (tenant_id, id);
