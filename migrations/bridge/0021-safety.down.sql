drop table installation_kill_switch;
drop table kill_switches;
drop table held_lines;
drop table holds;
drop table cut_forecasts;
drop table cuts;
