-- What the hub keeps beside FreeRADIUS's tables. Names of users and groups are compared byte by byte here, although
-- FreeRADIUS's own tables ignore case.

-- Who comes with an older generation than `gen` is refused; the row is the lock of its user, group, router or tenant.
CREATE TABLE hub_fence (
  kind varchar(8) NOT NULL,
  name varchar(64) NOT NULL,
  gen bigint NOT NULL,
  hash char(64) DEFAULT NULL,
  applied_at timestamp(3) NOT NULL DEFAULT CURRENT_TIMESTAMP(3),
  PRIMARY KEY (kind, name),
  CONSTRAINT hub_fence_kind CHECK (kind IN ('user', 'group', 'nas', 'tenant'))
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

-- Whose router this is; `nasname` is the source address of its packets, as in table `nas`.
CREATE TABLE hub_nas (
  nasname varchar(128) NOT NULL,
  tenant_key varchar(16) NOT NULL,
  PRIMARY KEY (nasname),
  KEY hub_nas_tenant (tenant_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- `allow_roaming`: 1 lets the tenant's subscribers log in at other tenants' routers.
CREATE TABLE hub_tenant (
  tenant_key varchar(16) NOT NULL,
  allow_roaming smallint NOT NULL DEFAULT 0,
  PRIMARY KEY (tenant_key)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- A session's User-Name as its router sent it: a Disconnect in any other spelling is one for a session that is not there.
ALTER TABLE radacct ADD COLUMN hub_user_name varchar(64) DEFAULT NULL;

-- A subscriber's sessions by time, and the members of a group. MySQL has no CREATE INDEX IF NOT EXISTS.

SET @hub_step = IF(
  EXISTS (
    SELECT 1 FROM information_schema.statistics AS existing
    WHERE existing.table_schema = DATABASE() AND existing.table_name = 'radacct' AND existing.index_name = 'hub_radacct_history'
  ),
  'DO 0',
  'CREATE INDEX hub_radacct_history ON radacct (username, acctstarttime)'
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;

SET @hub_step = IF(
  EXISTS (
    SELECT 1 FROM information_schema.statistics AS existing
    WHERE existing.table_schema = DATABASE() AND existing.table_name = 'radusergroup' AND existing.index_name = 'hub_radusergroup_members'
  ),
  'DO 0',
  'CREATE INDEX hub_radusergroup_members ON radusergroup (groupname)'
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;
