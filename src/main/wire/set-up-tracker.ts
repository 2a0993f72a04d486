import { type InventreeSetUp, setUpInventree } from '#connectors/inventree/install/setup.ts';
import { inventreeSettings } from '#connectors/inventree/settings.ts';
import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import { err, type Result } from '#domain/result.ts';

type Reach = {
  readonly connected: (
    tenantId: string,
    system: 'inventree',
  ) => Promise<{ readonly settings: unknown; readonly allowPrivate: boolean } | null>;
  readonly guardFor: (allowPrivate: boolean) => AddressGuard;
  readonly now: () => Date;
};

const timeoutMs = 10_000;

/** Furnishes a tenant's InvenTree (`install`), or looks what it lacks (`inspect`); the error is for the operator. */
export async function setUpTracker(
  { connected, guardFor, now }: Reach,
  tenantId: string,
  how: 'inspect' | 'install',
): Promise<Result<InventreeSetUp, string>> {
  const found = await connected(tenantId, 'inventree');
  if (!found) return err('InvenTree is not connected yet: PUT connections/inventree first.');
  const settings = inventreeSettings.parse(found.settings);
  return setUpInventree(settings, how, { guard: guardFor(found.allowPrivate), timeoutMs, now });
}
