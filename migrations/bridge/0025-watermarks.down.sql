drop table verified_lines;
drop table ledger_outages;
drop table ledger_cursors;
