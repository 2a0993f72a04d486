drop table consumable_moves;
drop table consumables;
alter table users drop column erp_employee;
alter table work_orders drop column incentive_id;
drop table incentives;
drop table attendance;
drop table work_order_photos;
drop table work_order_events;
drop table work_orders;
