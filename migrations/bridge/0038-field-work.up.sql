-- Field work (spec A3, A7, A8): orders for technicians with their proof, who came and went, what is used up.

-- What is to be done at a customer's (SPK). `state` moves by the table of moves in src/domain/work-order.ts.
create table work_orders (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  number text not null check (number <> ''),
  kind text not null check (kind in ('install', 'repair', 'replace', 'remove', 'survey')),
  state text not null check (state in
    ('issued', 'assigned', 'picked_up', 'on_site', 'installed', 'verified', 'failed', 'cancelled')),
  -- Who wanted it: a registration, ERPNext (a subscription that arose there), or somebody in the office.
  source text not null check (source in ('registration', 'erpnext', 'office')),
  customer_id uuid not null,
  -- Null: of no line, such as a survey.
  subscription_id uuid,
  technician_id uuid,
  scheduled_at timestamptz,
  -- What the technician should know; and why it failed or was cancelled.
  notes text not null default '',
  reason text,
  issued_by uuid,
  issued_at timestamptz not null,
  assigned_at timestamptz,
  -- When, by the technician's phone, the work was done, and by whom: what figures and incentives count.
  installed_at timestamptz,
  installed_by uuid,
  closed_at timestamptz,
  incentive_id uuid,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, id),
  check (technician_id is not null or state in ('issued', 'failed', 'cancelled')),
  check ((installed_at is null) = (installed_by is null)),
  check (state not in ('installed', 'verified') or installed_at is not null),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id),
  foreign key (tenant_id, technician_id) references users (tenant_id, id),
  foreign key (tenant_id, installed_by) references users (tenant_id, id)
);
create unique index work_orders_number on work_orders (tenant_id, number);
-- A line is installed once at a time.
create unique index work_orders_install on work_orders (tenant_id, subscription_id)
  where kind = 'install' and state not in ('installed', 'verified', 'cancelled');
create index work_orders_listed on work_orders (tenant_id, issued_at, id);
create index work_orders_of_technician on work_orders (tenant_id, technician_id, state);
create index work_orders_of_customer on work_orders (tenant_id, customer_id);
create index work_orders_of_line on work_orders (tenant_id, subscription_id) where subscription_id is not null;
create index work_orders_done on work_orders (tenant_id, installed_at) where installed_at is not null;

-- Each step, with where the phone was. `client_ref`: an offline phone sends a step again until it is answered.
create table work_order_events (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  no bigint generated always as identity,
  order_id uuid not null,
  at timestamptz not null,
  recorded_at timestamptz not null default now(),
  from_state text,
  to_state text not null,
  technician_id uuid,
  -- A user or a key; null: the hub itself, after a scan.
  by_user uuid,
  by_whom text not null check (by_whom in ('office', 'technician', 'scan', 'hub')),
  latitude double precision,
  longitude double precision,
  accuracy_m integer,
  -- From the customer's position, if both are known.
  distance_m integer,
  note text,
  client_ref text,
  primary key (tenant_id, id),
  foreign key (tenant_id, order_id) references work_orders (tenant_id, id)
);
create index work_order_events_listed on work_order_events (tenant_id, order_id, no);
create unique index work_order_events_ref on work_order_events (tenant_id, order_id, client_ref)
  where client_ref is not null;

-- Proof; the picture itself is a file of the tenant's. The same bytes again are the same photo.
create table work_order_photos (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  order_id uuid not null,
  digest bytea not null,
  type text not null check (type in ('image/jpeg', 'image/png', 'image/webp')),
  bytes integer not null check (bytes > 0),
  file text not null,
  taken_at timestamptz,
  latitude double precision,
  longitude double precision,
  uploaded_by uuid not null,
  uploaded_at timestamptz not null default now(),
  primary key (tenant_id, id),
  foreign key (tenant_id, order_id) references work_orders (tenant_id, id)
);
create unique index work_order_photos_same on work_order_photos (tenant_id, order_id, digest);

create table attendance (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  user_id uuid not null,
  client_ref text not null check (client_ref <> ''),
  kind text not null check (kind in ('in', 'out')),
  at timestamptz not null,
  received_at timestamptz not null default now(),
  latitude double precision not null,
  longitude double precision not null,
  accuracy_m integer,
  -- The nearest of the tenant's places, and how far from it; null: it has named none.
  place text,
  distance_m integer,
  is_outside boolean not null,
  note text,
  -- In the ledger's HR, and why not.
  erp_checkin text,
  erp_error text,
  primary key (tenant_id, id),
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create unique index attendance_ref on attendance (tenant_id, user_id, client_ref);
create index attendance_listed on attendance (tenant_id, at, id);

-- What a technician is paid on top for a month's installations: counted once, in minor units.
create table incentives (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  month text not null check (month ~ '^\d{4}-(0[1-9]|1[0-2])$'),
  technician_id uuid not null,
  installs integer not null check (installs > 0),
  rate bigint not null check (rate > 0),
  amount bigint not null check (amount = installs * rate),
  -- In the ledger's payroll: `kept`: here alone.
  state text not null check (state in ('kept', 'waiting', 'pushed', 'refused')),
  erp_employee text,
  erp_salary text,
  error text,
  counted_by uuid not null,
  counted_at timestamptz not null,
  primary key (tenant_id, id),
  foreign key (tenant_id, technician_id) references users (tenant_id, id)
);
create unique index incentives_once on incentives (tenant_id, month, technician_id);
alter table work_orders add foreign key (tenant_id, incentive_id) references incentives (tenant_id, id);

-- What the ledger's HR calls a user.
alter table users add column erp_employee text check (erp_employee <> '');
create unique index users_erp_employee on users (tenant_id, erp_employee) where erp_employee is not null;
grant select (erp_employee) on users to hub_worker;

-- Cable, connectors, tools (spec A8): so many of a thing at a place. The quantity changes by moves alone.
create table consumables (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  name text not null check (name <> ''),
  kind text not null check (kind in ('cable', 'router', 'switch', 'antenna', 'connector', 'tool', 'other')),
  unit text not null check (unit <> ''),
  -- A warehouse's name; in a technician's bag `bag`.
  place text not null check (place <> ''),
  technician_id uuid,
  quantity bigint not null check (quantity >= 0),
  minimum bigint not null default 0 check (minimum >= 0),
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  deleted_at timestamptz,
  primary key (tenant_id, id),
  check ((technician_id is not null) = (place = 'bag')),
  foreign key (tenant_id, technician_id) references users (tenant_id, id)
);
create unique index consumables_once on consumables (tenant_id, lower(name), lower(unit), lower(place), technician_id)
  nulls not distinct where deleted_at is null;
create index consumables_listed on consumables (tenant_id, created_at, id) where deleted_at is null;

create table consumable_moves (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  consumable_id uuid not null,
  kind text not null check (kind in ('in', 'out', 'use', 'transfer')),
  -- Positive; `after` is what was left at the place.
  quantity bigint not null check (quantity > 0),
  after bigint not null check (after >= 0),
  -- Of a transfer: where it went.
  to_consumable_id uuid,
  -- Of a use: for which order.
  order_id uuid,
  note text not null default '',
  client_ref text,
  moved_by uuid not null,
  at timestamptz not null default now(),
  primary key (tenant_id, id),
  check ((kind = 'transfer') = (to_consumable_id is not null)),
  check (kind = 'use' or order_id is null),
  foreign key (tenant_id, consumable_id) references consumables (tenant_id, id),
  foreign key (tenant_id, to_consumable_id) references consumables (tenant_id, id),
  foreign key (tenant_id, order_id) references work_orders (tenant_id, id)
);
create unique index consumable_moves_ref on consumable_moves (tenant_id, moved_by, client_ref) where client_ref is not null;
create index consumable_moves_listed on consumable_moves (tenant_id, consumable_id, at, id);
create index consumable_moves_of_order on consumable_moves (tenant_id, order_id) where order_id is not null;

do $$
declare t text;
begin
  foreach t in array array['work_orders', 'work_order_events', 'work_order_photos', 'attendance', 'incentives',
    'consumables', 'consumable_moves'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own on %I to hub_app, hub_worker using (tenant_id = (select current_tenant()))', t);
  end loop;
end $$;
grant select, insert, update on work_orders to hub_app, hub_worker;
grant select, insert, update (note, latitude, longitude, distance_m) on work_order_events to hub_app;
grant select, insert on work_order_events to hub_worker;
grant select, insert, delete on work_order_photos to hub_app;
grant select, insert on attendance to hub_app;
grant select, update (erp_checkin, erp_error) on attendance to hub_worker;
grant select, insert, update (state, erp_employee, error) on incentives to hub_app;
grant select, update (state, erp_salary, error) on incentives to hub_worker;
grant select, insert, update on consumables to hub_app;
grant select, insert, update (note) on consumable_moves to hub_app;
-- For the figure of how many are below their minimum.
create policy worker_claims on consumables for select to hub_worker using (true);
grant select (quantity, minimum, deleted_at) on consumables to hub_worker;
