-- Whose turn it is to take new units into a tenant's InvenTree. Two hub processes that do so at once can make one serial twice
-- there (seen of API 421), and nobody could tell those units apart again.
create table goods_in_turns (
  tenant_id uuid primary key references tenants (id),
  -- A process, from its start to its end.
  holder uuid not null,
  -- It works until then at the most: a process that was killed does not keep the others out for ever.
  busy_until timestamptz not null,
  -- An answer was lost: what was asked for may still be done, and only who knows of it may go on before then.
  quiet_until timestamptz not null default '-infinity'
);
alter table goods_in_turns enable row level security;
alter table goods_in_turns force row level security;
create policy own on goods_in_turns to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on goods_in_turns to hub_app;
grant select, insert, update on goods_in_turns to hub_worker;
