drop table drift;
drop table reconciliations;
