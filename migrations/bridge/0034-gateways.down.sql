drop table bank_lines;
drop table bank_statements;
drop table gateway_events;
drop table charge_looks;
drop table charges;
delete from connections where system in ('midtrans', 'xendit', 'tripay', 'duitku');
alter table connections drop constraint connections_system_check;
alter table connections add constraint connections_system_check
  check (system in ('erpnext', 'freeradius', 'inventree', 'smtp'));
