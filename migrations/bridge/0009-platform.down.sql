revoke delete on inbox from hub_worker;
drop index inbox_received;
drop table schedules, usage_months, tenant_tombstones;
revoke update (deletion_waits_for) on tenants from hub_worker;
alter table tenants
  drop constraint tenants_deletion,
  drop column deletion_waits_for,
  drop column deletion_asked_by,
  drop column deletion_asked_at;
