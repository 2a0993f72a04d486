-- Takes away what 0001 made, and nothing that was there before. Rows in tables that the hub made go with them.
-- PostgreSQL has no conditional DROP in plain SQL, hence EXECUTE; tables go last, with their columns and indexes.
DO $$ BEGIN EXECUTE coalesce(
  (
    SELECT string_agg(
      CASE
        WHEN index_name <> '' THEN format('DROP INDEX IF EXISTS %I', index_name)
        WHEN column_name <> '' THEN format('ALTER TABLE %I DROP COLUMN %I', table_name, column_name)
        ELSE format('DROP TABLE IF EXISTS %I', table_name)
      END,
      '; '
      ORDER BY index_name = '', column_name = ''
    )
    FROM hub_created
  ),
  'SELECT'
); END $$;

DROP TABLE hub_created;
