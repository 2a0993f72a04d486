drop table finance_records;
