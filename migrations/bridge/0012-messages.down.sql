drop table opt_outs;
drop table message_templates;
drop table messages;
delete from connections where system = 'smtp';
alter table connections drop constraint connections_system_check;
alter table connections add constraint connections_system_check
  check (system in ('erpnext', 'freeradius', 'inventree'));
