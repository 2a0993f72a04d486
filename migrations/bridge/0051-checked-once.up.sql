-- What the hub writes most often is not checked twice, nor row by row where a statement's rows can be looked at together.

-- These rows belong to another row of their tenant, which belongs to the tenant itself or to a third: the reference that
-- carries the tenant says it already, and a second one only locks and reads the tenant's row for each of them.
do $$
declare t text;
begin
  foreach t in array array['entries', 'payments', 'allocations', 'refunds', 'invoices', 'invoice_lines', 'deposits',
      'deposit_moves', 'commission_sources', 'commissions', 'access', 'dirty_lines', 'wakes', 'timeline'] loop
    execute format('alter table %I drop constraint %I', t, t || '_tenant_id_fkey');
  end loop;
end $$;

-- Nobody looks for a posting by what it is of, nor for the entries of one reseller: statements are those of its moves.
drop index postings_of;
drop index entries_of_reseller;
-- Of payments out of deposits those alone are looked for that ERPNext keeps.
drop index payments_of_reseller;
create index payments_of_reseller on payments (tenant_id, reseller_id, created_at)
  where reseller_id is not null and posting_id is null;
-- Most intents are of a line; those of money are of none.
drop index outbox_subscription;
create index outbox_subscription on outbox (tenant_id, subscription_id) where subscription_id is not null;

drop trigger note_unlinked on audit_logs;
create or replace function note_unlinked() returns trigger language plpgsql as $$
begin
  insert into audit_pending (tenant_id, entry_id, entry_at) select tenant_id, id, at from added;
  return null;
end $$;
create trigger note_unlinked after insert on audit_logs referencing new table as added
  for each statement execute function note_unlinked();

drop trigger payments_of_own_customer on payments;
create or replace function deposit_pays_for_own() returns trigger language plpgsql as $$
begin
  if exists (select from added a where a.method = 'deposit' and not exists (
    select from customers c where c.tenant_id = a.tenant_id and c.id = a.customer_id and c.reseller_id = a.reseller_id))
  then
    raise exception 'a deposit pays for customers of its own reseller alone'
      using errcode = 'check_violation', constraint = 'payments_of_own_customer';
  end if;
  return null;
end $$;
create trigger payments_of_own_customer after insert on payments referencing new table as added
  for each statement execute function deposit_pays_for_own();
