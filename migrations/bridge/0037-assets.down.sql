drop table scan_steps;
drop table scans;
drop table asset_hints;
drop table asset_feeds;
drop table asset_moves;
drop table asset_operations;
drop table tracker_places;
drop table assets;
delete from drift d using reconciliations r where r.tenant_id = d.tenant_id and r.id = d.run_id and r.scope = 'assets';
delete from reconciliations where scope = 'assets';
alter table reconciliations drop constraint reconciliations_scope_check;
alter table reconciliations add constraint reconciliations_scope_check
  check (scope in ('all', 'radius', 'sessions', 'ledger'));
