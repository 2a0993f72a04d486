drop table vouchers;
drop table voucher_batches;
