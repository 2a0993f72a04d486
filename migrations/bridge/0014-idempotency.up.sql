-- What was asked under an Idempotency-Key, and what was answered (REL-17). A row is `running` while its request is worked
-- on; the transaction that has the effect makes it `done`; the stored answer makes it `answered`. `holder` is the try that
-- may do so: a try that stopped before its effect is taken over once its lock has run out, and finds itself replaced.
-- tenant_id is null for a platform owner's keys; those are for hub_gate only.
create table idempotency_keys (
  id uuid primary key default gen_random_uuid(),
  tenant_id uuid references tenants (id),
  actor_id uuid not null,
  key text not null check (length(key) between 1 and 255),
  request text not null,
  fingerprint bytea not null,
  state text not null default 'running' check (state in ('running', 'done', 'answered')),
  holder uuid not null,
  locked_until timestamptz not null,
  status integer,
  answer text,
  correlation_id text not null,
  created_at timestamptz not null default now(),
  expires_at timestamptz not null,
  check ((state = 'answered') = (status is not null))
);
create unique index idempotency_keys_key on idempotency_keys (tenant_id, actor_id, key) nulls not distinct;
create index idempotency_keys_expires on idempotency_keys (expires_at);
alter table idempotency_keys enable row level security;
alter table idempotency_keys force row level security;
create policy own on idempotency_keys to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate on idempotency_keys to hub_gate using (tenant_id is null) with check (tenant_id is null);
grant select, insert, update, delete on idempotency_keys to hub_app, hub_gate;
grant select, delete on idempotency_keys to hub_worker;
