drop table described_lines;
drop table router_hearings;
drop table usage_reads;
drop table usage_sessions;
drop table usage_days;
alter table subscriptions drop column valid_until;
