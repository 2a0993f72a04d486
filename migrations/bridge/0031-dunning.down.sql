alter table tenants no force row level security;
update tenants set settings = settings - 'bills_from' where settings ? 'bills_from';
alter table tenants force row level security;
drop table dunning_steps;
