drop table service_plans;
drop table nas;
drop table connections;
