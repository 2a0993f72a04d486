-- Deliveries are kept as they came. Packing each of them cost PostgreSQL more than all the rest of taking it in.
alter table inbox alter column raw set storage external;
