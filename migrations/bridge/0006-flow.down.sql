drop table timeline;
drop table outbox;
drop table wakes;
drop table dirty_lines;
drop table dirty_documents;
drop table inbox;
