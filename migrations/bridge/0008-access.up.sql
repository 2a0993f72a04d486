-- Each raise of token_epoch ends every access and refresh token that the user has: its role changed, it was deactivated,
-- its password is another one, or it asked for that.
alter table users
  add column token_epoch integer not null default 0,
  add column totp_secret text,
  add column totp_confirmed_at timestamptz,
  -- The 30-second step of the last code that was taken: none is taken twice.
  add column totp_last_step integer,
  add column last_login_at timestamptz;
alter table refresh_tokens add column epoch integer not null default 0;

-- The pairs that sign access tokens, shared by all processes; the private half is sealed. Retired ones verify what they
-- signed until that has expired.
create table signing_keys (
  id text primary key,
  private_key text not null,
  public_key text not null,
  created_at timestamptz not null default now(),
  retired_at timestamptz
);
alter table signing_keys enable row level security;
alter table signing_keys force row level security;
create policy gate on signing_keys to hub_gate using (true) with check (true);
grant select, insert, update, delete on signing_keys to hub_gate;

create table password_resets (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  user_id uuid not null,
  token_hash bytea not null unique,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  used_at timestamptz,
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index password_resets_user on password_resets (tenant_id, user_id);
alter table password_resets enable row level security;
alter table password_resets force row level security;
create policy own on password_resets to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate on password_resets to hub_gate using (true) with check (true);
grant select, insert on password_resets to hub_app;
grant select, update, delete on password_resets to hub_gate;

-- tenant_id is null for a platform owner's, which are for hub_gate only.
create table recovery_codes (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid references tenants (id),
  user_id uuid not null,
  code_hash bytea not null,
  used_at timestamptz,
  foreign key (tenant_id, user_id) references users (tenant_id, id)
);
create index recovery_codes_user on recovery_codes (user_id);
alter table recovery_codes enable row level security;
alter table recovery_codes force row level security;
create policy own on recovery_codes to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate on recovery_codes to hub_gate using (true) with check (true);
grant select, insert, delete on recovery_codes to hub_app;
grant select, insert, update, delete on recovery_codes to hub_gate;

create table api_keys (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid not null references tenants (id),
  name text not null,
  -- How the secret begins, so that people can tell their keys apart.
  hint text not null,
  key_hash bytea not null unique,
  scopes jsonb not null,
  created_by uuid not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz,
  last_used_at timestamptz,
  last_used_address text,
  revoked_at timestamptz,
  foreign key (tenant_id, created_by) references users (tenant_id, id)
);
create index api_keys_listed on api_keys (tenant_id, created_at, id);
alter table api_keys enable row level security;
alter table api_keys force row level security;
create policy own on api_keys to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate on api_keys to hub_gate using (true) with check (true);
grant select, insert, update (revoked_at) on api_keys to hub_app;
grant select, update (last_used_at, last_used_address) on api_keys to hub_gate;

-- Counters of the last minutes and hours; nothing is lost that anybody would miss when a crash empties it.
create unlogged table rate_limits (
  key text primary key,
  points integer not null,
  expire bigint
);
alter table rate_limits enable row level security;
alter table rate_limits force row level security;
create policy gate on rate_limits to hub_gate using (true) with check (true);
grant select, insert, update, delete on rate_limits to hub_gate;
