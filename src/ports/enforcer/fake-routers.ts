import { err, ok, type Result } from '#domain/result.ts';
import type { FakeFences } from './fake-fences.ts';
import type { Applied, EnforcerFailure, NasEntry, NasGone, TenantEntry, TenantGone } from './port.ts';

const rowsOf = (nas: NasEntry | undefined): readonly string[] =>
  nas ? [`${nas.shortname} ${nas.secret} ${nas.type}`] : [];

/** Routers and roaming of the enforcer in memory. */
export function createFakeRouters(fences: FakeFences) {
  const routers = new Map<string, NasEntry>();
  const tenants = new Map<string, TenantEntry>();
  return {
    applyNas(nas: NasEntry): Result<Applied, EnforcerFailure> {
      const known = routers.get(nas.address);
      if (known && known.tenantKey !== nas.tenantKey) {
        return err({ reason: 'rejected', detail: `${nas.address} is a NAS of another tenant` });
      }
      const write = () => routers.set(nas.address, nas);
      return ok(fences.apply(`nas ${nas.address}`, nas.generation, rowsOf(known), rowsOf(nas), write));
    },
    removeNas({ address, generation, tenantKey }: NasGone): Result<Applied, EnforcerFailure> {
      const known = routers.get(address);
      const own = known?.tenantKey === tenantKey ? known : undefined;
      const write = () => own && routers.delete(address);
      return ok(fences.apply(`nas ${address}`, generation, rowsOf(own), [], write));
    },
    applyTenant(tenant: TenantEntry): Result<Applied, EnforcerFailure> {
      const known = tenants.get(tenant.tenantKey);
      const before = known ? [String(known.allowRoaming)] : [];
      const write = () => tenants.set(tenant.tenantKey, tenant);
      const after = [String(tenant.allowRoaming)];
      return ok(fences.apply(`tenant ${tenant.tenantKey}`, tenant.generation, before, after, write));
    },
    /** Answers how many routers and entries went. */
    removeTenant({ tenantKey }: TenantGone): number {
      const own = [...routers.values()].filter((nas) => nas.tenantKey === tenantKey);
      for (const { address } of own) {
        routers.delete(address);
        fences.forget(`nas ${address}`);
      }
      fences.forget(`tenant ${tenantKey}`);
      return own.length + (tenants.delete(tenantKey) ? 1 : 0);
    },
    nas: (address: string) => routers.get(address),
    tenant: (tenantKey: string) => tenants.get(tenantKey),
  };
}
