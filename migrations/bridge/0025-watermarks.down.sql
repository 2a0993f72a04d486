drop table verified_lines;
drop index subscriptions_by_name;
drop table ledger_outages;
drop table ledger_cursors;
