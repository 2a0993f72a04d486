-- Partners who sell in their own street (spec S1). Whoever logs in for one, or brings its key, sees its customers alone:
-- a request of a reseller carries its id beside the tenant's, and the policies below hold its rows against it.
create function current_reseller() returns uuid language sql stable
  as $$ select nullif(current_setting('app.reseller_id', true), '')::uuid $$;

create table resellers (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  name text not null,
  phone text not null default '',
  email text,
  address text not null default '',
  notes text not null default '',
  is_active boolean not null default true,
  -- Whom ERPNext pays its commission to: a Supplier by journal entry, or an Employee by additional salary (spec S3).
  erp_supplier text,
  erp_employee text,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (erp_supplier is null or erp_employee is null)
);
create unique index resellers_name on resellers (tenant_id, lower(name));
create index resellers_listed on resellers (tenant_id, created_at, id);
alter table resellers enable row level security;
alter table resellers force row level security;
create policy own on resellers to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate on resellers to hub_gate using (true) with check (true);
grant select, insert, update (name, phone, email, address, notes, is_active, erp_supplier, erp_employee, updated_at)
  on resellers to hub_app;
grant select, insert on resellers to hub_gate;
grant select on resellers to hub_worker;

-- Which plans it may sell. price: what its customers pay a month, in minor units; null: what the plan costs.
create table reseller_plans (
  tenant_id uuid not null references tenants (id),
  reseller_id uuid not null,
  service_plan_id uuid not null,
  price bigint check (price >= 0),
  primary key (tenant_id, reseller_id, service_plan_id),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, service_plan_id) references service_plans (tenant_id, id)
);
create index reseller_plans_plan on reseller_plans (tenant_id, service_plan_id);
alter table reseller_plans enable row level security;
alter table reseller_plans force row level security;
create policy own on reseller_plans to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update (price), delete on reseller_plans to hub_app;
grant select on reseller_plans to hub_worker;

-- Until now a user was a reseller by itself; each becomes the one user of a reseller of the same id. The owner sees these
-- rows for the moment only: row-level security is forced.
alter table resellers no force row level security;
alter table users no force row level security;
alter table customers no force row level security;
alter table leads no force row level security;
insert into resellers (tenant_id, id, name, is_active)
  select tenant_id, id, name || case when row_number() over (partition by tenant_id, lower(name) order by id) > 1
    then ' ' || left(id::text, 8) else '' end, is_active
  from users where role = 'reseller'
    or id in (select reseller_id from customers where reseller_id is not null
      union select reseller_id from leads where reseller_id is not null);
alter table users add column reseller_id uuid,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
update users set reseller_id = id where role = 'reseller';
alter table leads force row level security;
alter table customers force row level security;
alter table users force row level security;
alter table resellers force row level security;
alter table users add constraint users_of_reseller check ((role = 'reseller') = (reseller_id is not null));
create index users_reseller on users (tenant_id, reseller_id) where reseller_id is not null;
alter table api_keys add column reseller_id uuid,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
create index api_keys_reseller on api_keys (tenant_id, reseller_id) where reseller_id is not null;

alter table customers drop constraint customers_tenant_id_reseller_id_fkey,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
alter table leads drop constraint leads_tenant_id_reseller_id_fkey,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
create index customers_of_reseller_by_status on customers (tenant_id, reseller_id, status)
  where reseller_id is not null and deleted_at is null;

-- Whose deposit, or whose commission, an entry of the books is of.
alter table entries add column reseller_id uuid,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
create index entries_of_reseller on entries (tenant_id, reseller_id) where reseller_id is not null;

-- Every table of tenants' rows that a request reaches is held against the reseller's scope. What `mine` says of a row is
-- asked of a reseller alone: for everybody else it is one look at a setting for a whole statement. Policies of a table
-- that is asked through another (a line through its customer) are that table's own.
create or replace function pg_temp.scope(tables text[], mine text, verbs text[] default array['all'], reads text default null)
returns void language plpgsql as $$
declare
  t text;
  verb text;
  held text;
begin
  foreach t in array tables loop
    held := format('(case when (select current_reseller()) is null then true else %s end)', replace(mine, '{}', quote_ident(t)));
    foreach verb in array verbs loop
      execute format('create policy %I on %I as restrictive for %s to hub_app %s %s',
        case verb when 'all' then 'of_reseller' else 'of_reseller_' || verb end, t, verb,
        case verb when 'insert' then '' when 'update' then format('using (%s)', coalesce(reads, held))
          else format('using %s', held) end,
        case when verb in ('insert', 'update') then format('with check %s', held) else '' end);
    end loop;
  end loop;
end $$;

-- Its own by name.
select pg_temp.scope(array['customers', 'leads', 'users', 'api_keys'], 'reseller_id = (select current_reseller())');
-- Of its customers, of their lines, and what hangs on these.
select pg_temp.scope(array['subscriptions', 'invoices', 'payments', 'customer_positions', 'customer_terms',
    'ledger_invoices', 'promises', 'charges', 'work_orders'],
  'exists (select from customers c where c.tenant_id = {}.tenant_id and c.id = {}.customer_id)');
select pg_temp.scope(array['access', 'bridge_links', 'timeline', 'dirty_lines', 'wakes', 'usage_days', 'usage_sessions'],
  'exists (select from subscriptions s where s.tenant_id = {}.tenant_id and s.id = {}.subscription_id)');
select pg_temp.scope(array['invoice_lines', 'allocations'],
  'exists (select from invoices i where i.tenant_id = {}.tenant_id and i.id = {}.invoice_id)');
select pg_temp.scope(array['refunds'],
  'exists (select from payments p where p.tenant_id = {}.tenant_id and p.id = {}.payment_id)');
select pg_temp.scope(array['work_order_events', 'work_order_photos'],
  'exists (select from work_orders o where o.tenant_id = {}.tenant_id and o.id = {}.order_id)');
select pg_temp.scope(array['password_resets', 'recovery_codes'],
  'exists (select from users u where u.tenant_id = {}.tenant_id and u.id = {}.user_id)');
select pg_temp.scope(array['ledger_documents'],
  'exists (select from customers c where c.tenant_id = {}.tenant_id and c.erp_customer = {}.customer)');
-- By the name that ERPNext has for it, or by the hub's own id.
select pg_temp.scope(array['ledger_readings'], $mine$(exists (
    select from customers c where c.tenant_id = {}.tenant_id and c.erp_customer = {}.customer) or exists (
    select from customers c where c.tenant_id = {}.tenant_id
      and c.id = case when {}.customer ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' then {}.customer::uuid end))$mine$);
-- Intents of its lines; those of no line hold ids alone, and a new one takes the place of an older one.
select pg_temp.scope(array['outbox'], '({}.subscription_id is null or exists (
  select from subscriptions s where s.tenant_id = {}.tenant_id and s.id = {}.subscription_id))');

-- Added to by what it does, and never read but where it is its own.
select pg_temp.scope(array['postings'], '(exists (
    select from invoices i where i.tenant_id = {}.tenant_id and i.id = {}.source_id) or exists (
    select from payments p where p.tenant_id = {}.tenant_id and p.id = {}.source_id))',
  array['select', 'update', 'delete']);
select pg_temp.scope(array['entries'], '({}.reseller_id = (select current_reseller()) or exists (
    select from postings p where p.tenant_id = {}.tenant_id and p.id = {}.posting_id))',
  array['select', 'update', 'delete']);
select pg_temp.scope(array['messages'], '(exists (
    select from customers c where c.tenant_id = {}.tenant_id and c.id = {}.customer_id) or exists (
    select from users u where u.tenant_id = {}.tenant_id and u.id = {}.user_id))',
  array['select', 'update', 'delete']);
select pg_temp.scope(array['announcements', 'audit_logs', 'audit_pending', 'customer_tally'], 'false',
  array['select', 'update', 'delete']);

-- Read, because what it does depends on it, and never written. A row may be locked: whoever sells a plan does.
select pg_temp.scope(array['tenants', 'service_plans', 'coverage_areas', 'connections', 'nas', 'message_templates', 'opt_outs',
    'webhook_endpoints', 'usage_reads'], 'false', array['insert', 'update', 'delete'], 'true');
-- Its own name and prices are the tenant's to change.
select pg_temp.scope(array['resellers'], '{}.id = (select current_reseller())', array['select']);
select pg_temp.scope(array['reseller_plans'], '{}.reseller_id = (select current_reseller())', array['select']);
select pg_temp.scope(array['resellers', 'reseller_plans'], 'false', array['insert', 'update', 'delete'], 'true');

-- Nothing that a reseller does needs them.
select pg_temp.scope(array['asset_feeds', 'asset_hints', 'asset_moves', 'asset_operations', 'assets', 'attendance',
    'audit_bases', 'audit_chain', 'bank_lines', 'bank_statements', 'changed_sessions', 'charge_looks', 'consumable_moves',
    'consumables', 'cut_forecasts', 'cut_notices', 'cuts', 'described_lines', 'drift', 'dunning_steps', 'enforcements',
    'finance_records', 'gateway_events', 'goods_in_turns', 'held_lines', 'holds', 'inbox', 'incentives', 'kill_switches',
    'latency_buckets', 'ledger_cursors', 'ledger_outages', 'reconciliations', 'router_hearings', 'scan_steps', 'scans',
    'schedules', 'source_sizes', 'tracker_places', 'usage_months', 'verified_lines'], 'false');
