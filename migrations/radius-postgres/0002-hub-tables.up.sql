-- What the hub keeps beside FreeRADIUS's tables.

-- Who comes with an older generation than `gen` is refused; the row is the lock of its user, group, router or tenant.
CREATE TABLE hub_fence (
  kind varchar(8) NOT NULL CONSTRAINT hub_fence_kind CHECK (kind IN ('user', 'group', 'nas', 'tenant')),
  name varchar(64) COLLATE "C" NOT NULL,
  gen bigint NOT NULL,
  hash char(64),
  applied_at timestamp(3) with time zone NOT NULL DEFAULT now(),
  PRIMARY KEY (kind, name)
);

-- Whose router this is; `nasname` is the source address of its packets, as in table `nas`.
CREATE TABLE hub_nas (
  nasname varchar(128) PRIMARY KEY,
  tenant_key varchar(16) NOT NULL
);
CREATE INDEX hub_nas_tenant ON hub_nas (tenant_key);

-- `allow_roaming`: 1 lets the tenant's subscribers log in at other tenants' routers.
CREATE TABLE hub_tenant (
  tenant_key varchar(16) PRIMARY KEY,
  allow_roaming smallint NOT NULL DEFAULT 0
);

-- A session's User-Name as its router sent it: a Disconnect in any other spelling is one for a session that is not there.
ALTER TABLE radacct ADD COLUMN hub_user_name varchar(64);

-- Lookups without regard to case (radius-config), the members of a group, a subscriber's sessions and the open ones.
CREATE INDEX IF NOT EXISTS hub_radcheck_name ON radcheck (lower(username));
CREATE INDEX IF NOT EXISTS hub_radreply_name ON radreply (lower(username));
CREATE INDEX IF NOT EXISTS hub_radusergroup_name ON radusergroup (lower(username));
CREATE INDEX IF NOT EXISTS hub_radusergroup_members ON radusergroup (groupname);
CREATE INDEX IF NOT EXISTS hub_radacct_history ON radacct (username, acctstarttime);
CREATE INDEX IF NOT EXISTS hub_radacct_open ON radacct (username) WHERE acctstoptime IS NULL;
