drop table commissions;
drop table commission_payouts;
drop table commission_sources;
drop table commission_rules;
drop trigger customers_note_reseller on customers;
drop function note_reseller_since();
alter table customers drop column reseller_since;
