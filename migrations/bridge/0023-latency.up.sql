-- How long it took, from the ledger's word to the new session (spec X5): a row for each cut and each restore, gathered
-- from the timeline after the fact, so that nothing waits for its being measured.
create table enforcements (
  tenant_id uuid not null references tenants (id),
  subscription_id uuid not null,
  generation bigint not null,
  kind text not null check (kind in ('suspend', 'restore')),
  -- The router that acknowledged, by its id as text: it may be in the bridge no more.
  nas text,
  correlation_id text not null,
  -- Receipt of the webhook that began it; null: the clock or a person did.
  received_at timestamptz,
  decided_at timestamptz not null,
  rows_at timestamptz,
  acked_at timestamptz,
  session_at timestamptz,
  -- Nothing more is expected of it: it stands in latency_buckets.
  counted boolean not null default false,
  primary key (tenant_id, subscription_id, generation),
  foreign key (tenant_id, subscription_id) references subscriptions (tenant_id, id)
);
create index enforcements_decided on enforcements (tenant_id, decided_at);
create index enforcements_open on enforcements (tenant_id) where not counted;
alter table enforcements enable row level security;
alter table enforcements force row level security;
create policy own on enforcements to hub_app, hub_worker using (tenant_id = (select current_tenant()));
grant select on enforcements to hub_app;
grant select, insert, update on enforcements to hub_worker;

-- Histograms for /metrics, growing only: how many took at most `le_ms` and more than the bound below it.
create table latency_buckets (
  tenant_id uuid not null references tenants (id),
  nas text not null,
  kind text not null,
  step text not null,
  le_ms integer not null,
  count bigint not null,
  sum_ms double precision not null,
  primary key (tenant_id, nas, kind, step, le_ms)
);
alter table latency_buckets enable row level security;
alter table latency_buckets force row level security;
create policy own on latency_buckets to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy gate_reads on latency_buckets for select to hub_gate using (true);
grant select on latency_buckets to hub_app, hub_gate;
grant select, insert, update on latency_buckets to hub_worker;

create index timeline_decisions on timeline (tenant_id, at) where kind = 'decision';
