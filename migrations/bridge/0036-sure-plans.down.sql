drop index cuts_lately;
create index cuts_lately on cuts (tenant_id, at);

drop index outbox_ready;
create index outbox_ready on outbox (kind, urgency, next_at, id) where state = 'ready';
