revoke select (id, tenant_id, email, name, role, is_active) on users from hub_worker;
drop table webhook_deliveries;
drop table announcements;
drop table webhook_endpoints;
