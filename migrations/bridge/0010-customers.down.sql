drop index customers_found;
revoke update (fact) on ledger_documents from hub_app;
drop index customers_by_name;
drop trigger subscriptions_customer_moved on subscriptions;
drop function follow_moved_line();
drop trigger subscriptions_customer_new on subscriptions;
drop function follow_new_line();
drop trigger access_customer_moved on access;
drop trigger access_customer_new on access;
drop function follow_line_state();
drop function set_customer_status(uuid, uuid);
drop trigger customers_tally_changed on customers;
drop trigger customers_tally_new on customers;
drop function keep_customer_tally();
drop table customer_tally;
drop trigger customers_terms_changed on customers;
drop trigger customers_terms_new on customers;
drop function keep_customer_terms();
drop function customer_terms_of(text, text, text, text);
drop table customer_terms;
drop table customer_positions;
alter table customers
  drop column reseller_id,
  drop column latitude,
  drop column longitude,
  drop column national_id,
  drop column national_id_index,
  drop column photo_file,
  drop column photo_type,
  drop column status,
  drop column erased_at;
alter table service_plans
  drop column queue_type,
  drop column parent_queue,
  drop column dns,
  drop column max_connections,
  drop column quota_action,
  drop column throttle_plan_id;
