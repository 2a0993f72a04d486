DROP TABLE hub_tenant;
DROP TABLE hub_nas;
DROP TABLE hub_fence;
DROP INDEX IF EXISTS hub_radcheck_name;
DROP INDEX IF EXISTS hub_radreply_name;
DROP INDEX IF EXISTS hub_radusergroup_name;
DROP INDEX IF EXISTS hub_radusergroup_members;
DROP INDEX IF EXISTS hub_radacct_history;
DROP INDEX IF EXISTS hub_radacct_open;
