-- What resellers ask of the provider, and files of customers that they brought in (spec S1).

create table reseller_requests (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  reseller_id uuid not null,
  -- Null: about no customer.
  customer_id uuid,
  kind text not null check (kind in ('no_internet', 'slow', 'billing', 'move', 'plan', 'equipment', 'other')),
  -- `open`: the provider's turn; `answered`: the reseller's.
  state text not null default 'open' check (state in ('open', 'answered', 'closed')),
  opened_by uuid not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id)
);
create index reseller_requests_listed on reseller_requests (tenant_id, updated_at, id);
create index reseller_requests_of_reseller on reseller_requests (tenant_id, reseller_id, updated_at, id);
create index reseller_requests_open on reseller_requests (tenant_id, reseller_id) where state <> 'closed';
create index reseller_requests_of_customer on reseller_requests (tenant_id, customer_id) where customer_id is not null;

-- The thread of a request, written once.
create table reseller_request_messages (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  no bigint generated always as identity,
  request_id uuid not null,
  reseller_id uuid not null,
  by_provider boolean not null,
  -- A user or a key, and its name then.
  author_id uuid not null,
  author text not null,
  text text not null,
  created_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, request_id) references reseller_requests (tenant_id, id),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id)
);
create index reseller_request_messages_of on reseller_request_messages (tenant_id, request_id, no);

-- A file of customers that was read in: the same one is read in once.
create table reseller_imports (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  reseller_id uuid not null,
  digest bytea not null check (length(digest) = 32),
  customers integer not null check (customers > 0),
  imported_by uuid not null,
  imported_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id)
);
create unique index reseller_imports_once on reseller_imports (tenant_id, reseller_id, digest);

do $$ declare name text; begin
  foreach name in array array['reseller_requests', 'reseller_request_messages', 'reseller_imports'] loop
    execute format('alter table %I enable row level security', name);
    execute format('alter table %I force row level security', name);
    execute format('create policy own on %I to hub_app, hub_worker using (tenant_id = (select current_tenant()))', name);
    execute format('create policy of_reseller on %I as restrictive to hub_app using
      (case when (select current_reseller()) is null then true else reseller_id = (select current_reseller()) end)', name);
  end loop;
end $$;
grant select, insert, update (state, updated_at) on reseller_requests to hub_app;
-- What is personal is taken out of it once its customer is forgotten.
grant select, insert, update (text) on reseller_request_messages to hub_app;
grant select, insert on reseller_imports to hub_app;
