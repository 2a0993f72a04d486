-- The login of FreeRADIUS on MySQL or MariaDB: it reads the lookups and writes accounting, no more.
-- Replace :database (radius), :login (freeradius), :host (127.0.0.1, or % where it is another machine) and :password.
-- Run after the hub's migrations, as an administrator.
CREATE USER IF NOT EXISTS ':login'@':host' IDENTIFIED BY ':password';
GRANT SELECT ON :database.radcheck TO ':login'@':host';
GRANT SELECT ON :database.radreply TO ':login'@':host';
GRANT SELECT ON :database.radgroupcheck TO ':login'@':host';
GRANT SELECT ON :database.radgroupreply TO ':login'@':host';
GRANT SELECT ON :database.radusergroup TO ':login'@':host';
GRANT SELECT ON :database.nas TO ':login'@':host';
GRANT SELECT ON :database.nasreload TO ':login'@':host';
GRANT SELECT ON :database.hub_nas TO ':login'@':host';
GRANT SELECT ON :database.hub_tenant TO ':login'@':host';
GRANT SELECT, INSERT, UPDATE ON :database.radacct TO ':login'@':host';
GRANT INSERT ON :database.radpostauth TO ':login'@':host';
