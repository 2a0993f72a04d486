-- When a router could take its next order if the answers of all processes were spread at its pace (spec X3).
alter table nas add column paced_until timestamptz;
grant update (paced_until) on nas to hub_worker;
