drop table reseller_imports;
drop table reseller_request_messages;
drop table reseller_requests;
