alter table asset_moves add constraint asset_moves_tenant_id_fkey foreign key (tenant_id) references tenants (id);
alter table asset_operations add constraint asset_operations_tenant_id_fkey foreign key (tenant_id) references tenants (id);
alter table scan_steps add constraint scan_steps_tenant_id_fkey foreign key (tenant_id) references tenants (id);
drop index outbox_own;
drop index scans_held;
