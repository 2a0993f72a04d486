import { type GatewayName, gatewayNames } from '#domain/charge.ts';
import type { Wire } from '#main/wire/wire.ts';

export type System = 'erpnext' | 'freeradius' | 'inventree' | 'smtp' | GatewayName;
/** What came of a test, and in words what works or what to do. */
export type Tested = { readonly ok: boolean; readonly text: string };

const isGateway = (system: System): system is GatewayName => gatewayNames.some((name) => name === system);

async function testGateway(
  { gatewayOf }: Pick<Wire, 'gatewayOf'>,
  tenantId: string,
  name: GatewayName,
): Promise<Tested> {
  const tested = await (await gatewayOf(tenantId, name))?.test();
  if (!tested) return { ok: false, text: `${name} is not connected yet: PUT connections/${name} first.` };
  return tested.ok ? { ok: true, text: tested.value } : { ok: false, text: tested.error.detail };
}

/** Asks the other side, and says in words what works or what to do. */
export async function testConnection(
  wire: Pick<Wire, 'notifierOf' | 'enforcerOf' | 'ledgerOf' | 'gatewayOf' | 'assetTrackerOf'>,
  tenantId: string,
  system: System,
): Promise<Tested> {
  if (system === 'inventree') {
    const tested = await (await wire.assetTrackerOf(tenantId)).test();
    return tested.ok ? { ok: true, text: tested.value } : { ok: false, text: tested.error.detail };
  }
  if (isGateway(system)) return testGateway(wire, tenantId, system);
  if (system === 'smtp') {
    const tested = await (await wire.notifierOf(tenantId))?.test();
    if (!tested) return { ok: false, text: 'No mail server is connected yet: PUT connections/smtp first.' };
    return tested.ok ? { ok: true, text: tested.value } : { ok: false, text: tested.error.detail };
  }
  if (system === 'freeradius') {
    const tested = await (await wire.enforcerOf(tenantId))?.test();
    if (!tested)
      return { ok: false, text: 'No RADIUS database is configured: set RADIUS_DATABASE_URL, or connect one.' };
    return tested.ok ? { ok: true, text: tested.value } : { ok: false, text: tested.error.detail };
  }
  const ledger = await wire.ledgerOf(tenantId);
  if (!ledger) return { ok: false, text: 'ERPNext is not connected yet: PUT connections/erpnext first.' };
  const tested = await ledger.test();
  if (!tested.ok) return { ok: false, text: tested.error.detail };
  const { user, version, timeZone, notes } = tested.value;
  return { ok: true, text: [`Connected to ${version} as ${user}, time zone ${timeZone}.`, ...notes].join(' ') };
}
