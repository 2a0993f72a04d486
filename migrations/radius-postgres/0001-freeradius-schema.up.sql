-- FreeRADIUS 3.2's tables, where they are missing. An existing schema (FreeRADIUS's own, daloRADIUS's) is adopted: its
-- tables stay as they are, and only columns that radius-config/ writes are added to them.
-- `hub_created` remembers what was made here, so that the way back takes away nothing else.

CREATE TABLE hub_created (
  table_name text NOT NULL,
  column_name text NOT NULL DEFAULT '',
  index_name text NOT NULL DEFAULT '',
  PRIMARY KEY (table_name, column_name, index_name)
);

INSERT INTO hub_created (table_name)
SELECT wanted.name
FROM unnest(ARRAY[
  'radcheck', 'radreply', 'radgroupcheck', 'radgroupreply', 'radusergroup',
  'radacct', 'radpostauth', 'nas', 'nasreload'
]) AS wanted (name)
WHERE to_regclass(format('%I.%I', current_schema(), wanted.name)) IS NULL;

CREATE TABLE IF NOT EXISTS radcheck (
  id serial PRIMARY KEY,
  username text NOT NULL DEFAULT '',
  attribute text NOT NULL DEFAULT '',
  op varchar(2) NOT NULL DEFAULT '==',
  value text NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS radreply (
  id serial PRIMARY KEY,
  username text NOT NULL DEFAULT '',
  attribute text NOT NULL DEFAULT '',
  op varchar(2) NOT NULL DEFAULT '=',
  value text NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS radgroupcheck (
  id serial PRIMARY KEY,
  groupname text NOT NULL DEFAULT '',
  attribute text NOT NULL DEFAULT '',
  op varchar(2) NOT NULL DEFAULT '==',
  value text NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS radgroupreply (
  id serial PRIMARY KEY,
  groupname text NOT NULL DEFAULT '',
  attribute text NOT NULL DEFAULT '',
  op varchar(2) NOT NULL DEFAULT '=',
  value text NOT NULL DEFAULT ''
);

CREATE TABLE IF NOT EXISTS radusergroup (
  id serial PRIMARY KEY,
  username text NOT NULL DEFAULT '',
  groupname text NOT NULL DEFAULT '',
  priority integer NOT NULL DEFAULT 0
);

CREATE TABLE IF NOT EXISTS radacct (
  radacctid bigserial PRIMARY KEY,
  acctsessionid text NOT NULL,
  acctuniqueid text NOT NULL UNIQUE,
  username text,
  realm text,
  nasipaddress inet NOT NULL,
  nasportid text,
  nasporttype text,
  acctstarttime timestamptz,
  acctupdatetime timestamptz,
  acctstoptime timestamptz,
  acctinterval bigint,
  acctsessiontime bigint,
  acctauthentic text,
  connectinfo_start text,
  connectinfo_stop text,
  acctinputoctets bigint,
  acctoutputoctets bigint,
  calledstationid text,
  callingstationid text,
  acctterminatecause text,
  servicetype text,
  framedprotocol text,
  framedipaddress inet,
  framedipv6address inet,
  framedipv6prefix inet,
  framedinterfaceid text,
  delegatedipv6prefix inet,
  class text
);

CREATE TABLE IF NOT EXISTS radpostauth (
  id bigserial PRIMARY KEY,
  username text NOT NULL,
  pass text,
  reply text,
  calledstationid text,
  callingstationid text,
  authdate timestamptz NOT NULL DEFAULT now(),
  class text
);

CREATE TABLE IF NOT EXISTS nas (
  id serial PRIMARY KEY,
  nasname text NOT NULL,
  shortname text NOT NULL,
  type text NOT NULL DEFAULT 'other',
  ports integer,
  secret text NOT NULL,
  server text,
  community text,
  description text
);

CREATE TABLE IF NOT EXISTS nasreload (
  nasipaddress inet PRIMARY KEY,
  reloadtime timestamptz NOT NULL
);

-- Columns that older schemas lack.
INSERT INTO hub_created (table_name, column_name)
SELECT wanted.table_name, wanted.column_name
FROM (
  VALUES
    ('radacct', 'framedipv6address'),
    ('radacct', 'framedipv6prefix'),
    ('radacct', 'framedinterfaceid'),
    ('radacct', 'delegatedipv6prefix'),
    ('radacct', 'class'),
    ('radpostauth', 'class')
) AS wanted (table_name, column_name)
WHERE NOT EXISTS (
  SELECT 1 FROM information_schema.columns AS existing
  WHERE existing.table_schema = current_schema()
    AND existing.table_name = wanted.table_name
    AND existing.column_name = wanted.column_name
);

ALTER TABLE radacct ADD COLUMN IF NOT EXISTS framedipv6address inet;
ALTER TABLE radacct ADD COLUMN IF NOT EXISTS framedipv6prefix inet;
ALTER TABLE radacct ADD COLUMN IF NOT EXISTS framedinterfaceid text;
ALTER TABLE radacct ADD COLUMN IF NOT EXISTS delegatedipv6prefix inet;
ALTER TABLE radacct ADD COLUMN IF NOT EXISTS class text;
ALTER TABLE radpostauth ADD COLUMN IF NOT EXISTS class text;

-- FreeRADIUS's own indexes under its own names: an adopted schema has most of them already.
INSERT INTO hub_created (table_name, index_name)
SELECT wanted.table_name, wanted.index_name
FROM (
  VALUES
    ('radcheck', 'radcheck_username'),
    ('radreply', 'radreply_username'),
    ('radgroupcheck', 'radgroupcheck_groupname'),
    ('radgroupreply', 'radgroupreply_groupname'),
    ('radusergroup', 'radusergroup_username'),
    ('radacct', 'radacct_bulk_close'),
    ('radpostauth', 'radpostauth_username_idx'),
    ('nas', 'nas_nasname')
) AS wanted (table_name, index_name)
WHERE to_regclass(format('%I.%I', current_schema(), wanted.index_name)) IS NULL;

CREATE INDEX IF NOT EXISTS radcheck_username ON radcheck (username, attribute);
CREATE INDEX IF NOT EXISTS radreply_username ON radreply (username, attribute);
CREATE INDEX IF NOT EXISTS radgroupcheck_groupname ON radgroupcheck (groupname, attribute);
CREATE INDEX IF NOT EXISTS radgroupreply_groupname ON radgroupreply (groupname, attribute);
CREATE INDEX IF NOT EXISTS radusergroup_username ON radusergroup (username);
CREATE INDEX IF NOT EXISTS radacct_bulk_close ON radacct (nasipaddress, acctstarttime) WHERE acctstoptime IS NULL;
CREATE INDEX IF NOT EXISTS radpostauth_username_idx ON radpostauth (username);
CREATE INDEX IF NOT EXISTS nas_nasname ON nas (nasname);
