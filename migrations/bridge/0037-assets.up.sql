-- Modems and whatever else has a serial (spec A1): the hub's own list, or what InvenTree was last seen to have. What the
-- hub alone knows of a unit (MAC, GPON serial, label) has unique keys of its own here.
create table assets (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  tracker text not null check (tracker in ('builtin', 'inventree')),
  -- InvenTree's number of the unit; of the hub's own list the id itself.
  tracker_ref text not null check (tracker_ref <> ''),
  part text not null check (part <> ''),
  part_ref text,
  serial text check (serial <> ''),
  -- As people read it out: without case, blanks and dashes.
  serial_key text generated always as (upper(regexp_replace(serial, '[^0-9A-Za-z]', '', 'g'))) stored,
  mac text check (mac ~ '^([0-9A-F]{2}:){5}[0-9A-F]{2}$'),
  gpon_sn text check (gpon_sn ~ '^[A-Z0-9]{4}[0-9A-F]{8}$'),
  barcode text check (barcode <> ''),
  state text not null check (state in ('in_stock', 'in_transit', 'installed', 'returned', 'damaged', 'lost')),
  -- In whose bag it is.
  technician_id uuid,
  -- At whose it is, and for which line it was installed; null: somebody installed it past the hub.
  customer_id uuid,
  subscription_id uuid,
  -- The place in words, for people; and the tracker's own judgement of the unit.
  place text not null default '',
  status text not null default 'ok',
  note text not null default '',
  -- It is in the tracker no more.
  gone_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  version bigint not null default 1,
  primary key (tenant_id, id),
  check (technician_id is null or state in ('in_transit', 'returned', 'damaged')),
  check (subscription_id is null or (state = 'installed' and customer_id is not null)),
  check (customer_id is null or state = 'installed'),
  foreign key (tenant_id, technician_id) references users (tenant_id, id),
  foreign key (tenant_id, customer_id) references customers (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create unique index assets_ref on assets (tenant_id, tracker, tracker_ref);
create unique index assets_mac on assets (tenant_id, mac) where mac is not null and gone_at is null;
create unique index assets_gpon on assets (tenant_id, gpon_sn) where gpon_sn is not null and gone_at is null;
create unique index assets_barcode on assets (tenant_id, barcode) where barcode is not null and gone_at is null;
-- A line has one modem: the one whose MAC it is locked to.
create unique index assets_modem on assets (tenant_id, subscription_id) where subscription_id is not null and mac is not null;
create index assets_serial on assets (tenant_id, serial_key);
-- In the hub's own list a part has a serial once; what InvenTree lets happen is told, not refused.
create unique index assets_own_serial on assets (tenant_id, part, serial_key)
  where tracker = 'builtin' and serial_key is not null;
create index assets_listed on assets (tenant_id, state, id);
create index assets_bag on assets (tenant_id, technician_id) where technician_id is not null;
create index assets_at on assets (tenant_id, customer_id) where customer_id is not null;

-- A place or customer of the hub's and what the tracker calls it; made once.
create table tracker_places (
  tenant_id uuid not null references tenants (id),
  tracker text not null check (tracker in ('builtin', 'inventree')),
  kind text not null check (kind in ('bag', 'customer')),
  owner_id uuid not null,
  ref text not null check (ref <> ''),
  created_at timestamptz not null default now(),
  primary key (tenant_id, tracker, kind, owner_id)
);
create unique index tracker_places_ref on tracker_places (tenant_id, tracker, kind, ref);

-- A move that the hub wants of a unit: its id is committed before the first request (spec A4), and is the only open one.
create table asset_operations (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  asset_id uuid not null,
  kind text not null check (kind in ('hand_over', 'install', 'uninstall', 'to_warehouse', 'mark')),
  -- For whom: the bag's technician, the line that is given the unit, and in which condition it came back.
  technician_id uuid,
  subscription_id uuid,
  condition text check (condition in ('ok', 'damaged', 'lost')),
  scan_id uuid,
  state text not null default 'waiting' check (state in ('waiting', 'done', 'refused', 'held')),
  problem text,
  happened_at timestamptz not null,
  requested_by uuid not null,
  correlation_id text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, asset_id) references assets (tenant_id, id)
);
create unique index asset_operations_open on asset_operations (tenant_id, asset_id) where state in ('waiting', 'held');
create index asset_operations_scan on asset_operations (tenant_id, scan_id);

-- The history of a unit, whoever moved it (spec A1).
create table asset_moves (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  asset_id uuid not null,
  happened_at timestamptz not null,
  recorded_at timestamptz not null default now(),
  kind text not null check (kind <> ''),
  from_state text,
  to_state text not null,
  from_place text not null default '',
  to_place text not null default '',
  technician_id uuid,
  customer_id uuid,
  subscription_id uuid,
  moved_by uuid,
  -- Of whom the tracker tells, where it was not done through the hub.
  moved_by_name text not null default '',
  operation_id uuid,
  tracker_row bigint,
  note text not null default '',
  primary key (tenant_id, id),
  foreign key (tenant_id, asset_id) references assets (tenant_id, id)
);
create unique index asset_moves_operation on asset_moves (tenant_id, operation_id) where operation_id is not null;
create unique index asset_moves_row on asset_moves (tenant_id, asset_id, tracker_row) where tracker_row is not null;
create index asset_moves_listed on asset_moves (tenant_id, asset_id, happened_at, id);

-- Whether the mirror agrees with what stands is looked at by a run of its own.
alter table reconciliations drop constraint reconciliations_scope_check;
alter table reconciliations add constraint reconciliations_scope_check
  check (scope in ('all', 'radius', 'sessions', 'ledger', 'assets'));

-- How far a tenant's tracker was followed.
create table asset_feeds (
  tenant_id uuid primary key references tenants (id),
  mark bigint not null default 0,
  looked_at timestamptz,
  walked_at timestamptz,
  error text,
  -- 401 and 403 stop all writing until a person has mended it.
  stopped_at timestamptz
);

-- Units that InvenTree's event plugin named: they are looked at before their turn. Any may be lost.
create table asset_hints (
  tenant_id uuid not null references tenants (id),
  ref text not null check (ref <> ''),
  hinted_at timestamptz not null default now(),
  primary key (tenant_id, ref)
);
alter table asset_hints enable row level security;
alter table asset_hints force row level security;
create policy own on asset_hints to hub_app using (tenant_id = (select current_tenant()));
create policy worker_claims on asset_hints to hub_worker using (true) with check (true);
grant select on asset_hints to hub_app;
grant select, insert, update, delete on asset_hints to hub_worker;

-- What a phone scanned, once by `client_ref` (spec A4), with each step of what follows from it.
create table scans (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  client_ref text not null check (client_ref <> ''),
  digest bytea not null,
  kind text not null check (kind in ('hand_over', 'pick_up', 'install', 'return')),
  code text not null,
  scanned_at timestamptz not null,
  received_at timestamptz not null default now(),
  scanned_by uuid not null,
  technician_id uuid,
  work_order_id uuid,
  subscription_id uuid,
  condition text check (condition in ('ok', 'damaged', 'lost')),
  latitude double precision,
  longitude double precision,
  asset_id uuid,
  replaced_asset_id uuid,
  state text not null check (state in ('running', 'done', 'refused', 'held')),
  -- Why it is refused or held: a code, its texts are in the hub's two languages.
  problem text,
  problem_details jsonb not null default '{}',
  correlation_id text not null,
  finished_at timestamptz,
  primary key (tenant_id, id),
  foreign key (tenant_id, asset_id) references assets (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create unique index scans_client_ref on scans (tenant_id, scanned_by, client_ref);
create index scans_listed on scans (tenant_id, scanned_at, id);
create index scans_running on scans (tenant_id, id) where state in ('running', 'held');

create table scan_steps (
  tenant_id uuid not null references tenants (id),
  scan_id uuid not null,
  no smallint not null,
  name text not null check (name <> ''),
  state text not null check (state in ('waiting', 'done', 'skipped', 'refused', 'held')),
  detail text not null default '',
  happened_at timestamptz,
  primary key (tenant_id, scan_id, no),
  foreign key (tenant_id, scan_id) references scans (tenant_id, id)
);

do $$
declare t text;
begin
  foreach t in array array['assets', 'tracker_places', 'asset_operations', 'asset_moves', 'asset_feeds', 'scans', 'scan_steps'] loop
    execute format('alter table %I enable row level security', t);
    execute format('alter table %I force row level security', t);
    execute format('create policy own on %I to hub_app, hub_worker using (tenant_id = (select current_tenant()))', t);
  end loop;
end $$;
grant select, insert, update on assets, asset_operations, scans, scan_steps to hub_app, hub_worker;
grant select, insert on tracker_places, asset_moves to hub_app, hub_worker;
create policy gate_counts on asset_feeds for select to hub_gate using (error is not null);
grant select (error) on asset_feeds to hub_gate;
grant select on asset_feeds to hub_app;
grant select, insert, update on asset_feeds to hub_worker;
