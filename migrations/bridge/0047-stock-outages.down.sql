alter table asset_feeds drop column failing_since, drop column told_at;
