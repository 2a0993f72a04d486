do $$
declare
  p record;
begin
  for p in select policyname, tablename from pg_policies where schemaname = 'public' and policyname like 'of_reseller%' loop
    execute format('drop policy %I on %I', p.policyname, p.tablename);
  end loop;
end $$;
drop function customers_of_reseller();
drop function is_own_account(uuid, uuid, text);
drop function is_own_user(uuid, uuid, uuid);
drop function is_own_order(uuid, uuid, uuid);
drop function is_own_payment(uuid, uuid, uuid);
drop function is_own_invoice(uuid, uuid, uuid);
drop function is_own_line(uuid, uuid, uuid);
drop function is_own_customer(uuid, uuid, uuid);
alter table entries drop column reseller_id;
drop index customers_of_reseller_by_status;
alter table leads drop constraint leads_tenant_id_reseller_id_fkey;
alter table customers drop constraint customers_tenant_id_reseller_id_fkey;
-- A reseller's customers go back to its first user; a reseller without one leaves them to nobody.
alter table users no force row level security;
alter table customers no force row level security;
alter table leads no force row level security;
update customers c set reseller_id = (select u.id from users u
  where u.tenant_id = c.tenant_id and u.reseller_id = c.reseller_id order by u.created_at, u.id limit 1)
  where reseller_id is not null;
update leads l set reseller_id = (select u.id from users u
  where u.tenant_id = l.tenant_id and u.reseller_id = l.reseller_id order by u.created_at, u.id limit 1)
  where reseller_id is not null;
alter table leads force row level security;
alter table customers force row level security;
alter table users force row level security;
alter table leads add foreign key (tenant_id, reseller_id) references users (tenant_id, id);
alter table customers add foreign key (tenant_id, reseller_id) references users (tenant_id, id);
alter table api_keys drop column reseller_id;
alter table users drop column reseller_id;
drop table reseller_plans;
drop table resellers;
drop function current_reseller();
