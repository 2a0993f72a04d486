-- What was done about an unpaid bill by the tenant's dunning policy (spec L4): each step of it once for each bill, however
-- often and in however many processes the job runs. `invoice` is the bill's name in its ledger.
create table dunning_steps (
  tenant_id uuid not null references tenants (id),
  ledger text not null check (ledger in ('builtin', 'erpnext')),
  invoice text not null,
  -- As kind:from:days.
  step text not null,
  outcome text not null check (outcome in ('sent', 'charged', 'skipped')),
  message_id uuid,
  -- The bill of the fee.
  fee_id uuid,
  at timestamptz not null,
  primary key (tenant_id, ledger, invoice, step),
  foreign key (tenant_id, fee_id) references invoices (tenant_id, id)
);
alter table dunning_steps enable row level security;
alter table dunning_steps force row level security;
create policy own on dunning_steps to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on dunning_steps to hub_app;
grant select, insert, update (message_id, fee_id) on dunning_steps to hub_worker;

-- Whoever had lines before the hub could bill them is billed nothing until a person says from when. The owner sees these
-- rows for the moment only: row-level security is forced.
alter table tenants no force row level security;
alter table subscriptions no force row level security;
update tenants t set settings = t.settings || '{"bills_from": null}'
where exists (select from subscriptions s where s.tenant_id = t.id);
alter table subscriptions force row level security;
alter table tenants force row level security;
