drop table counters;
drop table tenants;
drop function current_tenant();
