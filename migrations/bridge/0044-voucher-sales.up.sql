-- Vouchers that resellers sell (spec S1): bought from the deposit, and the hub's debt until they are redeemed.

-- reseller_price: what a reseller pays for one; null: resellers are not offered this batch. handed_out_at: when somebody of
-- the ISP first saw its codes. A code that is on the ISP's own paper may be sold there, so it is offered to nobody.
alter table voucher_batches
  add column reseller_price bigint check (reseller_price > 0 and reseller_price <= price),
  add column handed_out_at timestamptz,
  add constraint voucher_batches_one_seller check (reseller_price is null or handed_out_at is null);
-- Nobody can tell which of the batches of before were printed. The owner sees these rows for the moment only: row-level
-- security is forced.
alter table voucher_batches no force row level security;
update voucher_batches set handed_out_at = created_at;
alter table voucher_batches force row level security;
create index voucher_batches_offered on voucher_batches (tenant_id, days, id) where reseller_price is not null;
grant update (reseller_price, handed_out_at) on voucher_batches to hub_app;
-- All of it may be read: a code that is redeemed at a reseller's counter is worth what its batch says.
create policy of_reseller on voucher_batches as restrictive to hub_app using (true)
  with check ((select current_reseller()) is null);

-- So many vouchers of a batch, paid from a deposit. unit_price: what each cost then.
create table voucher_sales (
  tenant_id uuid not null references tenants (id),
  id uuid not null default gen_random_uuid(),
  reseller_id uuid not null,
  batch_id uuid not null,
  count integer not null check (count between 1 and 100),
  unit_price bigint not null check (unit_price > 0),
  -- The same key is one sale, whoever repeats it.
  idem_key text not null,
  sold_by uuid not null,
  sold_at timestamptz not null default now(),
  primary key (tenant_id, id),
  unique (tenant_id, id, reseller_id),
  foreign key (tenant_id, reseller_id) references resellers (tenant_id, id),
  foreign key (tenant_id, batch_id) references voucher_batches (tenant_id, id)
);
create unique index voucher_sales_once on voucher_sales (tenant_id, idem_key);
create index voucher_sales_listed on voucher_sales (tenant_id, sold_at, id);
create index voucher_sales_of_reseller on voucher_sales (tenant_id, reseller_id, sold_at, id);
create index voucher_sales_of_batch on voucher_sales (tenant_id, batch_id);
alter table voucher_sales enable row level security;
alter table voucher_sales force row level security;
create policy own on voucher_sales to hub_app using (tenant_id = (select current_tenant()));
create policy of_reseller on voucher_sales as restrictive to hub_app
  using (case when (select current_reseller()) is null then true else reseller_id = (select current_reseller()) end);
grant select, insert on voucher_sales to hub_app;

-- Whose a voucher is: it was bought in that sale, once.
alter table vouchers
  add column reseller_id uuid,
  add column sale_id uuid,
  add check ((sale_id is null) = (reseller_id is null)),
  add foreign key (tenant_id, sale_id, reseller_id) references voucher_sales (tenant_id, id, reseller_id);
create index vouchers_of_sale on vouchers (tenant_id, sale_id, no) where sale_id is not null;
create index vouchers_unsold on vouchers (tenant_id, batch_id, no) where state = 'unused' and sale_id is null;
grant update (reseller_id, sale_id) on vouchers to hub_app;
-- A reseller meets its own, and those that nobody has bought: it may buy them, and redeem the ISP's own by their codes.
create policy of_reseller on vouchers as restrictive to hub_app
  using (case when (select current_reseller()) is null then true
    else reseller_id is null or reseller_id = (select current_reseller()) end);
