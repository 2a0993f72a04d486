drop index timeline_decisions;
drop table latency_buckets;
drop table enforcements;
