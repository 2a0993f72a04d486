-- What resellers have paid in beforehand, and what they paid with it (spec S2). Amounts are in the currency's minor unit.

-- One row a reseller, made with its first move or its first limit. It is the hot row of all that a reseller pays: one
-- conditional UPDATE takes from it, as the last statement before the commit. No index holds its figures, so that it is
-- updated in place.
create table deposits (
  tenant_id uuid not null references tenants (id),
  reseller_id uuid not null,
  -- At most what JSON numbers hold exactly.
  balance bigint not null default 0 check (balance between 0 and 9007199254740991),
  -- How many moves made it; the next one's number is one more.
  moves bigint not null default 0 check (moves >= 0),
  -- What may be spent on one day of the tenant's calendar; null: no limit.
  daily_limit bigint check (daily_limit >= 0),
  spent bigint not null default 0 check (spent >= 0),
  spent_on text check (spent_on ~ '^\d{4}-\d{2}-\d{2}$'),
  -- Below this the reseller is told, once until it is back above; null: never.
  low_mark bigint check (low_mark > 0),
  low_told_at timestamptz,
  updated_at timestamptz not null default now(),
  primary key (tenant_id, reseller_id),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id)
) with (fillfactor = 50);
alter table deposits enable row level security;
alter table deposits force row level security;
create policy own on deposits to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy of_reseller on deposits as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else reseller_id = (select current_reseller()) end);
grant select, insert, update (balance, moves, daily_limit, spent, spent_on, low_mark, low_told_at, updated_at)
  on deposits to hub_app, hub_worker;

-- The statement of a deposit: written once, with the posting that it is of, and never changed. What was wrong is given
-- back by another (`reverses`, once).
create table deposit_moves (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  reseller_id uuid not null,
  no bigint not null check (no > 0),
  kind text not null check (kind in ('top_up', 'payment', 'vouchers', 'reversal', 'refund', 'payout', 'commission')),
  -- Above zero: it came in.
  amount bigint not null,
  balance bigint not null check (balance >= 0),
  posting_id uuid not null,
  -- The payment, sale of vouchers, request or payout that it is of.
  source_id uuid not null,
  idem_key text not null,
  reverses uuid,
  memo text not null default '',
  moved_by uuid,
  correlation_id text not null,
  moved_at timestamptz not null,
  primary key (tenant_id, id),
  check (case when kind in ('payment', 'vouchers', 'payout') then amount < 0 else amount > 0 end),
  check (reverses is null or kind = 'reversal'),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, posting_id) references postings (tenant_id, id),
  foreign key (tenant_id, reverses) references deposit_moves (tenant_id, id)
);
create unique index deposit_moves_no on deposit_moves (tenant_id, reseller_id, no);
create unique index deposit_moves_once on deposit_moves (tenant_id, idem_key);
create unique index deposit_moves_posting on deposit_moves (tenant_id, posting_id);
create unique index deposit_moves_reversed_once on deposit_moves (tenant_id, reverses) where reverses is not null;
create index deposit_moves_of on deposit_moves (tenant_id, source_id);
alter table deposit_moves enable row level security;
alter table deposit_moves force row level security;
create policy own on deposit_moves to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy of_reseller on deposit_moves as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else reseller_id = (select current_reseller()) end);
grant select, insert on deposit_moves to hub_app, hub_worker;

-- Balance, moves and books are one: whatever writes one of them alone is refused, whoever it is.
create function deposit_move_fits() returns trigger language plpgsql as $$
begin
  if not exists (select from deposits d where d.tenant_id = new.tenant_id and d.reseller_id = new.reseller_id
      and d.moves = new.no and d.balance = new.balance)
    or (new.no = 1 and new.balance <> new.amount)
    or (new.no > 1 and not exists (select from deposit_moves b where b.tenant_id = new.tenant_id
      and b.reseller_id = new.reseller_id and b.no = new.no - 1 and b.balance + new.amount = new.balance))
    or not exists (select from entries e where e.tenant_id = new.tenant_id and e.posting_id = new.posting_id
      and e.account = 'deposits' having count(*) = 1 and bool_and(e.reseller_id = new.reseller_id)
      and sum(e.amount) = -new.amount)
  then
    raise exception 'a move of a deposit, its balance and its posting must agree'
      using errcode = 'check_violation', constraint = 'deposit_moves_fit';
  end if;
  return null;
end $$;
create trigger deposit_moves_fit after insert on deposit_moves for each row execute function deposit_move_fits();

create function deposit_has_moved() returns trigger language plpgsql as $$
begin
  if (new.moves = 0 and new.balance <> 0) or (new.moves > 0 and not exists (select from deposit_moves m
    where m.tenant_id = new.tenant_id and m.reseller_id = new.reseller_id and m.no = new.moves and m.balance = new.balance))
  then
    raise exception 'the balance of a deposit changes by its moves alone'
      using errcode = 'check_violation', constraint = 'deposits_moved';
  end if;
  return null;
end $$;
create trigger deposits_moved after insert or update of balance, moves on deposits
  for each row execute function deposit_has_moved();

-- At the commit, for the posting is written before the move.
create function deposit_entry_is_moved() returns trigger language plpgsql as $$
begin
  if not exists (select from deposit_moves m where m.tenant_id = new.tenant_id and m.posting_id = new.posting_id
    and m.reseller_id = new.reseller_id and m.amount = -new.amount)
  then
    raise exception 'what the books say of a deposit must be one of its moves'
      using errcode = 'check_violation', constraint = 'entries_of_deposits_moved';
  end if;
  return null;
end $$;
create constraint trigger entries_of_deposits_moved after insert on entries deferrable initially deferred
  for each row when (new.account = 'deposits') execute function deposit_entry_is_moved();

-- Whose deposit paid. Until now "deposit" was a word that a clerk could choose, without a deposit behind it.
alter table payments add column reseller_id uuid,
  add foreign key (tenant_id, reseller_id) references resellers (tenant_id, id);
alter table payments no force row level security;
alter table refunds no force row level security;
alter table entries no force row level security;
update payments set method = 'other' where method = 'deposit';
update refunds set method = 'other' where method = 'deposit';
update entries set account = 'clearing' where account = 'deposits';
alter table payments force row level security;
alter table refunds force row level security;
alter table entries force row level security;
alter table payments add constraint payments_of_deposit check ((method = 'deposit') = (reseller_id is not null));
alter table entries add constraint entries_of_deposit check (account <> 'deposits' or reseller_id is not null);
create index payments_of_reseller on payments (tenant_id, reseller_id, created_at) where reseller_id is not null;

-- Money that is to come in, or to be given back: asked for by the reseller or by whoever looks after money. From the
-- tenant's limit on, two different people say yes.
create table deposit_top_ups (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  kind text not null check (kind in ('top_up', 'refund')),
  reseller_id uuid not null,
  amount bigint not null check (amount > 0),
  method text not null check (method in ('cash', 'transfer', 'qris', 'e_wallet', 'virtual_account', 'other')),
  reference text,
  notes text not null default '',
  state text not null default 'requested' check (state in ('requested', 'approved_once', 'done', 'rejected')),
  -- A gateway collects it, and its word is the approval.
  by_gateway boolean not null default false,
  idem_key text not null,
  requested_by uuid,
  requested_at timestamptz not null,
  -- Nobody approves it any more from then on.
  expires_at timestamptz not null,
  first_by uuid,
  first_at timestamptz,
  decided_by uuid,
  decided_at timestamptz,
  reason text,
  primary key (tenant_id, id),
  check ((first_by is null) = (first_at is null)),
  check ((state in ('done', 'rejected')) = (decided_at is not null)),
  check (state <> 'approved_once' or first_by is not null),
  check (state <> 'done' or first_by is null or first_by <> decided_by),
  check ((state = 'rejected') = (reason is not null)),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id)
);
create unique index deposit_top_ups_once on deposit_top_ups (tenant_id, idem_key);
create index deposit_top_ups_listed on deposit_top_ups (tenant_id, kind, requested_at, id);
create index deposit_top_ups_of_reseller on deposit_top_ups (tenant_id, reseller_id, requested_at);
alter table deposit_top_ups enable row level security;
alter table deposit_top_ups force row level security;
create policy own on deposit_top_ups to hub_app, hub_worker using (tenant_id = (select current_tenant()));
create policy of_reseller on deposit_top_ups as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else reseller_id = (select current_reseller()) end);
grant select, insert, update (state, first_by, first_at, decided_by, decided_at, reason) on deposit_top_ups
  to hub_app, hub_worker;

-- A gateway may collect a top-up: then there is neither a bill nor a customer.
alter table charges alter column customer_id drop not null,
  add column top_up_id uuid,
  drop constraint charges_check,
  drop constraint charges_check1,
  add constraint charges_of_one check (num_nonnulls(invoice_id, erp_invoice, top_up_id) = 1),
  add constraint charges_payer check ((customer_id is null) = (top_up_id is not null)),
  add constraint charges_paid check (state <> 'paid' or payment_id is not null or top_up_id is not null),
  add foreign key (tenant_id, top_up_id) references deposit_top_ups (tenant_id, id);
create unique index charges_of_top_up on charges (tenant_id, top_up_id) where top_up_id is not null;
create policy of_reseller on charges as restrictive to hub_app
  using (case when (select current_reseller()) is null then true
    when top_up_id is not null then exists (
      select from deposit_top_ups t where t.tenant_id = charges.tenant_id and t.id = charges.top_up_id)
    else is_own_customer((select current_reseller()), tenant_id, customer_id) end);

-- Whoever logs in for a reseller is written to when its deposit falls below its mark, or a gateway has topped it up.
grant select (reseller_id) on users to hub_worker;
