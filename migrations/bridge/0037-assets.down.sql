drop table scan_steps;
drop table scans;
drop table asset_feeds;
drop table asset_moves;
drop table asset_operations;
drop table tracker_places;
drop table assets;
