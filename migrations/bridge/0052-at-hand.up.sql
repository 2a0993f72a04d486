-- What is asked for while somebody waits is found at once, however much was scanned and decided before.

-- Few scans are held, and each move asks which of them wait for it.
create index scans_held on scans (tenant_id) where state = 'held';
-- What a line had of its own, newest first: whoever looks after its sessions asks for the last hundred.
create index outbox_own on outbox (tenant_id, subscription_id, generation) where kind = 'access.apply' and state = 'done';

-- These belong to another row of their tenant, and so to the tenant (as in 0051).
alter table scan_steps drop constraint scan_steps_tenant_id_fkey;
alter table asset_operations drop constraint asset_operations_tenant_id_fkey;
alter table asset_moves drop constraint asset_moves_tenant_id_fkey;
