-- Who was cut off for debt, and when: what the brake counts (spec B8). hold_id: a person had released it.
create table cuts (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  at timestamptz not null,
  hold_id uuid,
  primary key (tenant_id, subscription_id, at),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index cuts_lately on cuts (tenant_id, at);
alter table cuts enable row level security;
alter table cuts force row level security;
create policy own on cuts to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on cuts to hub_app;
grant select, insert on cuts to hub_worker;

-- How many lines fall due in an hour, fixed 24 h before: what is expected is no surprise.
create table cut_forecasts (
  tenant_id uuid not null references tenants (id),
  hour timestamptz not null,
  lines integer not null,
  fixed_at timestamptz not null,
  primary key (tenant_id, hour)
);
alter table cut_forecasts enable row level security;
alter table cut_forecasts force row level security;
create policy own on cut_forecasts to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on cut_forecasts to hub_app;
grant select, insert on cut_forecasts to hub_worker;

-- One engagement of the brake. told_at null: the admins are still to be told.
create table holds (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  state text not null default 'waiting' check (state in ('waiting', 'releasing', 'released', 'lapsed')),
  since timestamptz not null,
  evidence jsonb not null,
  note text,
  wave integer not null default 0,
  asked_by uuid,
  released_by uuid,
  released_at timestamptz,
  ended_at timestamptz,
  told_at timestamptz,
  unique (tenant_id, id)
);
create index holds_open on holds (tenant_id) where state in ('waiting', 'releasing');
create index holds_listed on holds (tenant_id, since, id);
alter table holds enable row level security;
alter table holds force row level security;
create policy own on holds to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy worker_looks on holds for select to hub_worker using (true);
grant select, update (state, note, wave, asked_by, released_by, released_at, ended_at, told_at) on holds to hub_app;
grant select, insert, update (state, note, wave, ended_at, told_at) on holds to hub_worker;

create table held_lines (
  tenant_id uuid not null references tenants (id),
  hold_id uuid not null,
  subscription_id uuid not null,
  state text not null default 'held' check (state in ('held', 'released', 'cut', 'spared')),
  since timestamptz not null,
  primary key (tenant_id, hold_id, subscription_id),
  foreign key (tenant_id, hold_id) references holds (tenant_id, id),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create unique index held_lines_open on held_lines (tenant_id, subscription_id) where state in ('held', 'released');
alter table held_lines enable row level security;
alter table held_lines force row level security;
create policy own on held_lines to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy worker_looks on held_lines for select to hub_worker using (true);
grant select, update (state) on held_lines to hub_app;
grant select, insert, update (state) on held_lines to hub_worker;

-- Stops cuts of one tenant; read inside every cut.
create table kill_switches (
  tenant_id uuid primary key references tenants (id),
  is_on boolean not null,
  reason text not null,
  changed_by uuid not null,
  changed_at timestamptz not null
);
alter table kill_switches enable row level security;
alter table kill_switches force row level security;
create policy own on kill_switches to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select, insert, update on kill_switches to hub_app;
grant select on kill_switches to hub_worker;

-- Stops the cuts of the whole installation; one row at most.
create table installation_kill_switch (
  only_one boolean primary key default true check (only_one),
  is_on boolean not null,
  reason text not null,
  changed_by uuid not null,
  changed_at timestamptz not null
);
alter table installation_kill_switch enable row level security;
alter table installation_kill_switch force row level security;
create policy gate on installation_kill_switch to hub_gate using (true) with check (true);
create policy all_look on installation_kill_switch for select to hub_app, hub_worker using (true);
grant select, insert, update on installation_kill_switch to hub_gate;
grant select on installation_kill_switch to hub_app, hub_worker;
