drop table leads;
drop table coverage_areas;
