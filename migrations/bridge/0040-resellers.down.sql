drop policy of_reseller on payments;
drop policy of_reseller on invoices;
drop policy of_reseller on subscriptions;
drop policy of_reseller on leads;
drop policy of_reseller on customers;
alter table entries drop column reseller_id;
drop index customers_of_reseller_by_status;
alter table leads drop constraint leads_tenant_id_reseller_id_fkey;
alter table customers drop constraint customers_tenant_id_reseller_id_fkey;
-- A reseller's customers go back to its first user; a reseller without one leaves them to nobody.
update customers c set reseller_id = (select u.id from users u
  where u.tenant_id = c.tenant_id and u.reseller_id = c.reseller_id order by u.created_at, u.id limit 1)
  where reseller_id is not null;
update leads l set reseller_id = (select u.id from users u
  where u.tenant_id = l.tenant_id and u.reseller_id = l.reseller_id order by u.created_at, u.id limit 1)
  where reseller_id is not null;
alter table leads add foreign key (tenant_id, reseller_id) references users (tenant_id, id);
alter table customers add foreign key (tenant_id, reseller_id) references users (tenant_id, id);
alter table api_keys drop column reseller_id;
alter table users drop column reseller_id;
drop table reseller_plans;
drop table resellers;
drop function current_reseller();
