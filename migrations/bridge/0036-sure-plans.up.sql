-- On the day of a mass isolir a table has grown by thousands of rows that no statistics know of, and of two indexes that
-- both seem to lead to one row the planner may take the one that leads to all of them. Each of these is open to the
-- questions alone that it was made for: who asks for what waits, in order, says that it has a time; who asks for a key does not.
drop index outbox_ready;
create index outbox_ready on outbox (kind, urgency, next_at, id) where state = 'ready' and next_at is not null;

-- All cuts of an hour, but not those of one line in it.
drop index cuts_lately;
create index cuts_lately on cuts (tenant_id, at) where hold_id is null;
