drop policy worker_looks on kill_switches;
drop table source_sizes;
alter table wakes drop column cut_at;
drop table cut_notices;
drop table promises;
