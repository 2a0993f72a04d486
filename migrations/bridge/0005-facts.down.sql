drop table access;
drop sequence access_generation;
drop table ledger_readings;
drop table ledger_documents;
