revoke select (reseller_id) on users from hub_worker;
drop policy of_reseller on charges;
alter table charge_looks no force row level security;
alter table charges no force row level security;
delete from charge_looks l using charges c where c.tenant_id = l.tenant_id and c.id = l.charge_id and c.top_up_id is not null;
delete from charges where top_up_id is not null;
alter table charges force row level security;
alter table charge_looks force row level security;
drop index charges_of_top_up;
alter table charges drop constraint charges_of_one, drop constraint charges_payer, drop constraint charges_paid,
  drop column top_up_id, alter column customer_id set not null,
  add constraint charges_check check ((invoice_id is null) <> (erp_invoice is null)),
  add constraint charges_check1 check (state <> 'paid' or payment_id is not null);
drop table deposit_top_ups;
alter table entries drop constraint entries_of_deposit;
alter table payments drop constraint payments_of_deposit;
drop index payments_of_reseller;
alter table payments no force row level security;
update payments set method = 'other' where method = 'deposit';
alter table payments force row level security;
alter table payments drop column reseller_id;
drop trigger entries_of_deposits_moved on entries;
drop table deposit_moves;
drop table deposits;
drop function deposit_entry_is_moved();
drop function deposit_has_moved();
drop function deposit_move_fits();
