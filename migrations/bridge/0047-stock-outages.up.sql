-- Since when a stock system cannot be followed, and whether the tenant's people were told (spec A1).
alter table asset_feeds add column failing_since timestamptz, add column told_at timestamptz;
