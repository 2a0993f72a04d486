drop index ledger_documents_id;
alter table ledger_documents drop column id;
drop table ledger_invoices;
