DROP TABLE hub_tenant;
DROP TABLE hub_nas;
DROP TABLE hub_fence;

ALTER TABLE radacct DROP COLUMN hub_user_name;

SET @hub_step = IF(
  EXISTS (
    SELECT 1 FROM information_schema.statistics AS existing
    WHERE existing.table_schema = DATABASE() AND existing.table_name = 'radacct' AND existing.index_name = 'hub_radacct_history'
  ),
  'DROP INDEX hub_radacct_history ON radacct',
  'DO 0'
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;

SET @hub_step = IF(
  EXISTS (
    SELECT 1 FROM information_schema.statistics AS existing
    WHERE existing.table_schema = DATABASE() AND existing.table_name = 'radusergroup' AND existing.index_name = 'hub_radusergroup_members'
  ),
  'DROP INDEX hub_radusergroup_members ON radusergroup',
  'DO 0'
);
PREPARE hub_step FROM @hub_step;
EXECUTE hub_step;
DEALLOCATE PREPARE hub_step;
