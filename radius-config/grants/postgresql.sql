-- The login of FreeRADIUS on PostgreSQL: it reads the lookups and writes accounting, no more.
-- Replace :database (radius), :login (freeradius) and :password. Run after the hub's migrations, in that database, as
-- the owner of the tables.
CREATE ROLE ":login" LOGIN PASSWORD ':password';
GRANT CONNECT ON DATABASE ":database" TO ":login";
GRANT USAGE ON SCHEMA public TO ":login";
GRANT SELECT ON radcheck, radreply, radgroupcheck, radgroupreply, radusergroup TO ":login";
GRANT SELECT ON nas, nasreload, hub_nas, hub_tenant TO ":login";
GRANT SELECT, INSERT, UPDATE ON radacct TO ":login";
GRANT INSERT ON radpostauth TO ":login";
GRANT USAGE ON SEQUENCE radacct_radacctid_seq, radpostauth_id_seq TO ":login";
