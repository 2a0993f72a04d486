drop table changed_sessions;
drop index outbox_groups;
drop index outbox_nas;
alter table outbox drop column nas_id;
alter table nas
  drop column silences,
  drop column deaf_since,
  drop column next_try_at,
  drop column heard_from,
  drop column orders_per_second;
