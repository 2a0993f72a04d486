-- tenant_id is null for the platform owner alone; such rows are for hub_gate only.
create table users (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid references tenants (id),
  email text not null check (email = lower(email)),
  name text not null,
  role text not null,
  password_hash text not null,
  is_active boolean not null default true,
  created_at timestamptz not null default now(),
  unique (tenant_id, id),
  check ((tenant_id is null) = (role = 'platform_owner'))
);
create unique index users_email on users (tenant_id, email) nulls not distinct;
alter table users enable row level security;
alter table users force row level security;
create policy own on users to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate on users to hub_gate using (true) with check (true);
grant select, insert, update on users to hub_app, hub_gate;

create table refresh_tokens (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid references tenants (id),
  user_id uuid not null references users (id),
  family_id uuid not null,
  token_hash bytea not null unique,
  expires_at timestamptz not null,
  used_at timestamptz,
  revoked_at timestamptz,
  created_at timestamptz not null default now()
);
create index refresh_tokens_family on refresh_tokens (family_id);
create index refresh_tokens_user on refresh_tokens (user_id);
alter table refresh_tokens enable row level security;
alter table refresh_tokens force row level security;
create policy gate on refresh_tokens to hub_gate using (true) with check (true);
grant select, insert, update, delete on refresh_tokens to hub_gate;
