drop table bridge_links;
drop table subscriptions;
drop table customers;
