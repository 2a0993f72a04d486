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
  price bigint check (price > 0),
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

-- Whose something is, as the policies below ask of a row. In plpgsql, into which the planner does not look: its plans for
-- everybody else stay what they were. What hangs on something that hangs on a customer is looked at past the scope, whose
-- policies would have each look looked at again.
create function is_own_customer(reseller uuid, tenant uuid, customer uuid) returns boolean
  language plpgsql stable cost 1 as $$
begin
  return exists (select from customers c where c.tenant_id = tenant and c.id = customer and c.reseller_id = reseller);
end $$;
create function is_own_line(reseller uuid, tenant uuid, line uuid) returns boolean
  language plpgsql stable cost 1 as $$
declare
  own boolean;
begin
  perform set_config('app.reseller_id', '', true);
  own := exists (select from subscriptions s join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
    where s.tenant_id = tenant and s.id = line and c.reseller_id = reseller);
  perform set_config('app.reseller_id', reseller::text, true);
  return own;
end $$;
create function is_own_invoice(reseller uuid, tenant uuid, invoice uuid) returns boolean
  language plpgsql stable cost 1 as $$
declare
  own boolean;
begin
  perform set_config('app.reseller_id', '', true);
  own := exists (select from invoices i join customers c on c.tenant_id = i.tenant_id and c.id = i.customer_id
    where i.tenant_id = tenant and i.id = invoice and c.reseller_id = reseller);
  perform set_config('app.reseller_id', reseller::text, true);
  return own;
end $$;
create function is_own_payment(reseller uuid, tenant uuid, payment uuid) returns boolean
  language plpgsql stable cost 1 as $$
declare
  own boolean;
begin
  perform set_config('app.reseller_id', '', true);
  own := exists (select from payments p join customers c on c.tenant_id = p.tenant_id and c.id = p.customer_id
    where p.tenant_id = tenant and p.id = payment and c.reseller_id = reseller);
  perform set_config('app.reseller_id', reseller::text, true);
  return own;
end $$;
create function is_own_order(reseller uuid, tenant uuid, work_order uuid) returns boolean
  language plpgsql stable cost 1 as $$
declare
  own boolean;
begin
  perform set_config('app.reseller_id', '', true);
  own := exists (select from work_orders o join customers c on c.tenant_id = o.tenant_id and c.id = o.customer_id
    where o.tenant_id = tenant and o.id = work_order and c.reseller_id = reseller);
  perform set_config('app.reseller_id', reseller::text, true);
  return own;
end $$;
create function is_own_user(reseller uuid, tenant uuid, person uuid) returns boolean
  language plpgsql stable cost 1 as $$
begin
  return exists (select from users u where u.tenant_id = tenant and u.id = person and u.reseller_id = reseller);
end $$;
-- By the name that ERPNext has for it, or by the hub's own id.
create function is_own_account(reseller uuid, tenant uuid, account text) returns boolean
  language plpgsql stable cost 1 as $$
begin
  return exists (select from customers c
      where c.tenant_id = tenant and c.erp_customer = account and c.reseller_id = reseller)
    or account ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and is_own_customer(reseller, tenant, account::uuid);
end $$;
-- All of them at once, for questions about many rows.
create function customers_of_reseller() returns setof uuid language plpgsql stable cost 1 rows 100 as $$
declare
  tenant uuid := current_tenant();
  reseller uuid := current_reseller();
begin
  return query select c.id from customers c where c.tenant_id = tenant and c.reseller_id = reseller;
end $$;

-- Every table of tenants' rows that a request reaches is held against the reseller's scope: of the rows of `tables` its
-- request may do `verbs` to those alone of which `mine` is so. For everybody else it is one look at a setting for a whole
-- statement. `locked`: a row that it may not change may be locked all the same; whoever sells a plan does.
create function scope_to_reseller(tables text[], verbs text[], mine text, locked boolean default false)
returns void language plpgsql as $$
declare
  t text;
  verb text;
  held text := format('(case when (select current_reseller()) is null then true else %s end)', mine);
begin
  foreach t in array tables loop
    foreach verb in array verbs loop
      execute format('create policy %I on %I as restrictive for %s to hub_app',
          case verb when 'all' then 'of_reseller' else 'of_reseller_' || verb end, t, verb)
        || case verb when 'insert' then '' else ' using ' || case when locked then '(true)' else held end end
        || case when verb = 'insert' or verb = 'update' then ' with check ' || held else '' end;
    end loop;
  end loop;
end $$;

-- Its own by name.
select scope_to_reseller('{customers, leads, users, api_keys}', '{all}', 'reseller_id = (select current_reseller())');
-- Of its customers.
select scope_to_reseller(t, '{select, update, delete}', 'customer_id in (select customers_of_reseller())'),
  scope_to_reseller(t, '{insert}', 'is_own_customer((select current_reseller()), tenant_id, customer_id)')
from (values ('{subscriptions, invoices, payments, customer_positions, customer_terms, ledger_invoices, promises,
  work_orders}'::text[])) of (t);
-- Of their lines, and what hangs on these.
select scope_to_reseller('{access, bridge_links, timeline, dirty_lines, wakes, usage_days, usage_sessions}', '{all}',
  'is_own_line((select current_reseller()), tenant_id, subscription_id)');
select scope_to_reseller('{invoice_lines, allocations}', '{all}',
  'is_own_invoice((select current_reseller()), tenant_id, invoice_id)');
select scope_to_reseller('{refunds}', '{all}', 'is_own_payment((select current_reseller()), tenant_id, payment_id)');
select scope_to_reseller('{work_order_events, work_order_photos}', '{all}',
  'is_own_order((select current_reseller()), tenant_id, order_id)');
select scope_to_reseller('{password_resets, recovery_codes}', '{all}',
  'is_own_user((select current_reseller()), tenant_id, user_id)');
select scope_to_reseller('{ledger_documents, ledger_readings}', '{all}',
  'is_own_account((select current_reseller()), tenant_id, customer)');
-- Intents of its lines; those of no line hold ids alone, and a new one takes the place of an older one.
select scope_to_reseller('{outbox}', '{all}',
  'subscription_id is null or is_own_line((select current_reseller()), tenant_id, subscription_id)');

-- Added to by what it does, and never read but where it is its own.
select scope_to_reseller('{postings}', '{select, update, delete}',
  'is_own_invoice((select current_reseller()), tenant_id, source_id)
    or is_own_payment((select current_reseller()), tenant_id, source_id)');
select scope_to_reseller('{entries}', '{select, update, delete}', 'reseller_id = (select current_reseller())
  or exists (select from postings p where p.tenant_id = entries.tenant_id and p.id = entries.posting_id)');
select scope_to_reseller('{messages}', '{select, update, delete}',
  'is_own_customer((select current_reseller()), tenant_id, customer_id)
    or is_own_user((select current_reseller()), tenant_id, user_id)');
select scope_to_reseller('{announcements, audit_logs, audit_pending, customer_tally}', '{select, update, delete}', 'false');

-- Read, because what it does depends on it, and never written.
select scope_to_reseller(t, '{insert, delete}', 'false'), scope_to_reseller(t, '{update}', 'false', true)
from (values ('{tenants, service_plans, coverage_areas, connections, nas, message_templates, opt_outs, webhook_endpoints,
  usage_reads, resellers, reseller_plans}'::text[])) of (t);
-- Of these its own; its name and its prices are the tenant's to change.
select scope_to_reseller('{resellers}', '{select}', 'id = (select current_reseller())');
select scope_to_reseller('{reseller_plans}', '{select}', 'reseller_id = (select current_reseller())');

-- Nothing that a reseller does needs them.
select scope_to_reseller('{asset_feeds, asset_hints, asset_moves, asset_operations, assets, attendance, audit_bases, audit_chain,
  bank_lines, bank_statements, changed_sessions, charge_looks, consumable_moves, consumables, cut_forecasts, cut_notices,
  cuts, described_lines, drift, dunning_steps, enforcements, finance_records, gateway_events, goods_in_turns, held_lines,
  holds, inbox, incentives, kill_switches, latency_buckets, ledger_cursors, ledger_outages, reconciliations,
  router_hearings, scan_steps, scans, schedules, source_sizes, tracker_places, usage_months, verified_lines}', '{all}',
  'false');

drop function scope_to_reseller(text[], text[], text, boolean);
