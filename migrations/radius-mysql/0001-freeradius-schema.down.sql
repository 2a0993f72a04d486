-- Takes away what 0001 made, and nothing that was there before. Rows in tables that the hub made go with them.

SET @hub_step = (
  SELECT IF(COUNT(*) = 0, 'DO 0', CONCAT('ALTER TABLE radacct ', GROUP_CONCAT('DROP COLUMN ', column_name)))
  FROM hub_created
  WHERE table_name = 'radacct' AND column_name <> ''
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;

SET @hub_step = (
  SELECT IF(COUNT(*) = 0, 'DO 0', CONCAT('ALTER TABLE radpostauth ', GROUP_CONCAT('DROP COLUMN ', column_name)))
  FROM hub_created
  WHERE table_name = 'radpostauth' AND column_name <> ''
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;

SET @hub_step = (
  SELECT IF(COUNT(*) = 0, 'DO 0', CONCAT('DROP TABLE IF EXISTS ', GROUP_CONCAT(table_name)))
  FROM hub_created
  WHERE column_name = ''
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;

DROP TABLE hub_created;
