drop trigger payments_of_own_customer on payments;
create or replace function deposit_pays_for_own() returns trigger language plpgsql as $$
begin
  if not exists (select from customers c where c.tenant_id = new.tenant_id and c.id = new.customer_id
    and c.reseller_id = new.reseller_id)
  then
    raise exception 'a deposit pays for customers of its own reseller alone'
      using errcode = 'check_violation', constraint = 'payments_of_own_customer';
  end if;
  return null;
end $$;
create trigger payments_of_own_customer after insert on payments
  for each row when (new.method = 'deposit') execute function deposit_pays_for_own();

drop trigger note_unlinked on audit_logs;
create or replace function note_unlinked() returns trigger language plpgsql as $$
begin
  insert into audit_pending (tenant_id, entry_id, entry_at) values (new.tenant_id, new.id, new.at);
  return null;
end $$;
create trigger note_unlinked after insert on audit_logs for each row execute function note_unlinked();

drop index outbox_subscription;
create index outbox_subscription on outbox (tenant_id, subscription_id);
drop index payments_of_reseller;
create index payments_of_reseller on payments (tenant_id, reseller_id, created_at) where reseller_id is not null;
create index entries_of_reseller on entries (tenant_id, reseller_id) where reseller_id is not null;
create index postings_of on postings (tenant_id, source_id);

do $$
declare t text;
begin
  foreach t in array array['entries', 'payments', 'allocations', 'refunds', 'invoices', 'invoice_lines', 'deposits',
      'deposit_moves', 'commission_sources', 'commissions', 'access', 'dirty_lines', 'wakes', 'timeline'] loop
    execute format('alter table %I add constraint %I foreign key (tenant_id) references tenants (id)', t, t || '_tenant_id_fkey');
  end loop;
end $$;
