drop policy of_reseller on vouchers;
drop index vouchers_unsold;
drop index vouchers_of_sale;
alter table vouchers drop column sale_id, drop column reseller_id;
drop table voucher_sales;
drop policy of_reseller on voucher_batches;
drop index voucher_batches_offered;
alter table voucher_batches drop column reseller_price, drop column handed_out_at;
revoke update on voucher_batches from hub_app;
