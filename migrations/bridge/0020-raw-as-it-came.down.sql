alter table inbox alter column raw set storage extended;
