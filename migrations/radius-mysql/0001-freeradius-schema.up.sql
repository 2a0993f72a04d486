-- FreeRADIUS 3.2's tables, where they are missing. An existing schema (FreeRADIUS's own, daloRADIUS's) is adopted: its
-- tables stay as they are, and only columns that radius-config/ writes are added to them.
-- `hub_created` remembers what was made here, so that the way back takes away nothing else. It is written before the
-- change itself, because MySQL cannot undo a half-done migration: running it again then completes it. Names are
-- compared as bytes, since information_schema has another collation on each server.

CREATE TABLE IF NOT EXISTS hub_created (
  table_name varchar(64) NOT NULL,
  column_name varchar(64) NOT NULL DEFAULT '',
  PRIMARY KEY (table_name, column_name)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT IGNORE INTO hub_created (table_name)
SELECT wanted.name
FROM (
  SELECT 'radcheck' AS name UNION ALL SELECT 'radreply' UNION ALL SELECT 'radgroupcheck'
  UNION ALL SELECT 'radgroupreply' UNION ALL SELECT 'radusergroup'
  UNION ALL SELECT 'radacct' UNION ALL SELECT 'radpostauth' UNION ALL SELECT 'nas' UNION ALL SELECT 'nasreload'
) AS wanted
WHERE CAST(wanted.name AS BINARY) NOT IN (
  SELECT CAST(existing.table_name AS BINARY)
  FROM information_schema.tables AS existing
  WHERE existing.table_schema = DATABASE()
);

CREATE TABLE IF NOT EXISTS radcheck (
  id int unsigned NOT NULL AUTO_INCREMENT,
  username varchar(64) NOT NULL DEFAULT '',
  attribute varchar(64) NOT NULL DEFAULT '',
  op char(2) NOT NULL DEFAULT '==',
  value varchar(253) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY username (username)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS radreply (
  id int unsigned NOT NULL AUTO_INCREMENT,
  username varchar(64) NOT NULL DEFAULT '',
  attribute varchar(64) NOT NULL DEFAULT '',
  op char(2) NOT NULL DEFAULT '=',
  value varchar(253) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY username (username)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS radgroupcheck (
  id int unsigned NOT NULL AUTO_INCREMENT,
  groupname varchar(64) NOT NULL DEFAULT '',
  attribute varchar(64) NOT NULL DEFAULT '',
  op char(2) NOT NULL DEFAULT '==',
  value varchar(253) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY groupname (groupname)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS radgroupreply (
  id int unsigned NOT NULL AUTO_INCREMENT,
  groupname varchar(64) NOT NULL DEFAULT '',
  attribute varchar(64) NOT NULL DEFAULT '',
  op char(2) NOT NULL DEFAULT '=',
  value varchar(253) NOT NULL DEFAULT '',
  PRIMARY KEY (id),
  KEY groupname (groupname)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS radusergroup (
  id int unsigned NOT NULL AUTO_INCREMENT,
  username varchar(64) NOT NULL DEFAULT '',
  groupname varchar(64) NOT NULL DEFAULT '',
  priority int NOT NULL DEFAULT 1,
  PRIMARY KEY (id),
  KEY username (username)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS radacct (
  radacctid bigint NOT NULL AUTO_INCREMENT,
  acctsessionid varchar(64) NOT NULL DEFAULT '',
  acctuniqueid varchar(32) NOT NULL DEFAULT '',
  username varchar(64) NOT NULL DEFAULT '',
  realm varchar(64) DEFAULT '',
  nasipaddress varchar(15) NOT NULL DEFAULT '',
  nasportid varchar(128) DEFAULT NULL,
  nasporttype varchar(32) DEFAULT NULL,
  acctstarttime datetime DEFAULT NULL,
  acctupdatetime datetime DEFAULT NULL,
  acctstoptime datetime DEFAULT NULL,
  acctinterval int DEFAULT NULL,
  acctsessiontime int unsigned DEFAULT NULL,
  acctauthentic varchar(32) DEFAULT NULL,
  connectinfo_start varchar(128) DEFAULT NULL,
  connectinfo_stop varchar(128) DEFAULT NULL,
  acctinputoctets bigint DEFAULT NULL,
  acctoutputoctets bigint DEFAULT NULL,
  calledstationid varchar(50) NOT NULL DEFAULT '',
  callingstationid varchar(50) NOT NULL DEFAULT '',
  acctterminatecause varchar(32) NOT NULL DEFAULT '',
  servicetype varchar(32) DEFAULT NULL,
  framedprotocol varchar(32) DEFAULT NULL,
  framedipaddress varchar(15) NOT NULL DEFAULT '',
  framedipv6address varchar(45) NOT NULL DEFAULT '',
  framedipv6prefix varchar(45) NOT NULL DEFAULT '',
  framedinterfaceid varchar(44) NOT NULL DEFAULT '',
  delegatedipv6prefix varchar(45) NOT NULL DEFAULT '',
  class varchar(64) DEFAULT NULL,
  PRIMARY KEY (radacctid),
  UNIQUE KEY acctuniqueid (acctuniqueid),
  KEY username (username),
  KEY acctsessionid (acctsessionid),
  KEY acctstarttime (acctstarttime),
  KEY acctstoptime (acctstoptime),
  KEY nasipaddress (nasipaddress),
  KEY framedipaddress (framedipaddress)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS radpostauth (
  id int NOT NULL AUTO_INCREMENT,
  username varchar(64) NOT NULL DEFAULT '',
  pass varchar(64) NOT NULL DEFAULT '',
  reply varchar(32) NOT NULL DEFAULT '',
  authdate timestamp(6) NOT NULL DEFAULT CURRENT_TIMESTAMP(6),
  class varchar(64) DEFAULT NULL,
  PRIMARY KEY (id),
  KEY username (username)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS nas (
  id int NOT NULL AUTO_INCREMENT,
  nasname varchar(128) NOT NULL,
  shortname varchar(32) DEFAULT NULL,
  type varchar(30) DEFAULT 'other',
  ports int DEFAULT NULL,
  secret varchar(60) NOT NULL DEFAULT 'secret',
  server varchar(64) DEFAULT NULL,
  community varchar(50) DEFAULT NULL,
  description varchar(200) DEFAULT 'RADIUS Client',
  PRIMARY KEY (id),
  KEY nasname (nasname)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

CREATE TABLE IF NOT EXISTS nasreload (
  nasipaddress varchar(15) NOT NULL,
  reloadtime datetime NOT NULL,
  PRIMARY KEY (nasipaddress)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci;

-- Columns that older schemas lack. MySQL has no ADD COLUMN IF NOT EXISTS, so the statement is put together first; one
-- statement a table, because each may copy a table of millions of rows.
INSERT IGNORE INTO hub_created (table_name, column_name)
SELECT wanted.table_name, wanted.column_name
FROM (
  SELECT 'radacct' AS table_name, 'framedipv6address' AS column_name
  UNION ALL SELECT 'radacct', 'framedipv6prefix'
  UNION ALL SELECT 'radacct', 'framedinterfaceid'
  UNION ALL SELECT 'radacct', 'delegatedipv6prefix'
  UNION ALL SELECT 'radacct', 'class'
  UNION ALL SELECT 'radpostauth', 'class'
) AS wanted
LEFT JOIN information_schema.columns AS existing
  ON existing.table_schema = DATABASE()
  AND CAST(existing.table_name AS BINARY) = CAST(wanted.table_name AS BINARY)
  AND CAST(existing.column_name AS BINARY) = CAST(wanted.column_name AS BINARY)
WHERE existing.column_name IS NULL;

SET @hub_step = (
  SELECT IF(
    COUNT(*) = 0,
    'DO 0',
    CONCAT('ALTER TABLE radacct ', GROUP_CONCAT('ADD COLUMN ', wanted.name, ' ', wanted.definition))
  )
  FROM (
    SELECT 'framedipv6address' AS name, 'varchar(45) NOT NULL DEFAULT ''''' AS definition
    UNION ALL SELECT 'framedipv6prefix', 'varchar(45) NOT NULL DEFAULT '''''
    UNION ALL SELECT 'framedinterfaceid', 'varchar(44) NOT NULL DEFAULT '''''
    UNION ALL SELECT 'delegatedipv6prefix', 'varchar(45) NOT NULL DEFAULT '''''
    UNION ALL SELECT 'class', 'varchar(64) DEFAULT NULL'
  ) AS wanted
  WHERE CAST(wanted.name AS BINARY) NOT IN (
    SELECT CAST(existing.column_name AS BINARY)
    FROM information_schema.columns AS existing
    WHERE existing.table_schema = DATABASE() AND existing.table_name = 'radacct'
  )
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;

SET @hub_step = (
  SELECT IF(
    COUNT(*) = 0,
    'DO 0',
    CONCAT('ALTER TABLE radpostauth ', GROUP_CONCAT('ADD COLUMN ', wanted.name, ' ', wanted.definition))
  )
  FROM (
    SELECT 'class' AS name, 'varchar(64) DEFAULT NULL' AS definition
  ) AS wanted
  WHERE CAST(wanted.name AS BINARY) NOT IN (
    SELECT CAST(existing.column_name AS BINARY)
    FROM information_schema.columns AS existing
    WHERE existing.table_schema = DATABASE() AND existing.table_name = 'radpostauth'
  )
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;
