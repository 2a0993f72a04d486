import { createDuitku } from '#connectors/duitku/gateway.ts';
import { duitkuSettings } from '#connectors/duitku/settings.ts';
import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import type { GatewayLine } from '#connectors/kit/gateway-calls.ts';
import { createMidtrans } from '#connectors/midtrans/gateway.ts';
import { midtransSettings } from '#connectors/midtrans/settings.ts';
import { createTripay } from '#connectors/tripay/gateway.ts';
import { tripaySettings } from '#connectors/tripay/settings.ts';
import { createXendit } from '#connectors/xendit/gateway.ts';
import { xenditSettings } from '#connectors/xendit/settings.ts';
import { type GatewayFailure, type GatewayName, gatewayNames } from '#domain/charge.ts';
import { err } from '#domain/result.ts';
import { createPerTenant, type PerTenant } from '#main/wire/per-tenant.ts';
import type { GatewayDesk } from '#platform/gateway-desk.ts';
import type { PaymentGateway } from '#ports/payment-gateway/port.ts';

type Connected = { readonly settings: unknown; readonly allowPrivate: boolean };
type Accounts = { readonly of: ReadonlyMap<GatewayName, PaymentGateway>; close(): void };

/** Who collects money for whom. */
export type Gateways = {
  /** Null: the tenant has not connected it. */
  readonly gatewayOf: (tenantId: string, gateway: GatewayName) => Promise<PaymentGateway | null>;
  readonly desk: GatewayDesk;
};

export type GatewaysAround = {
  readonly guardFor: (allowPrivate: boolean) => AddressGuard;
  readonly connected: (tenantId: string, gateway: GatewayName) => Promise<Connected | null>;
  readonly versionOf: (tenantId: string) => Promise<string>;
};

/** The sender of a callback waits for 30 s at most, and so does whoever wants to pay. */
const timeoutMs = 15_000;

const open: Readonly<Record<GatewayName, (settings: unknown, line: GatewayLine) => PaymentGateway>> = {
  midtrans: (settings, line) => createMidtrans(midtransSettings.parse(settings), line),
  xendit: (settings, line) => createXendit(xenditSettings.parse(settings), line),
  tripay: (settings, line) => createTripay(tripaySettings.parse(settings), line),
  duitku: (settings, line) => createDuitku(duitkuSettings.parse(settings), line),
};

async function openAccounts(tenantId: string, { connected, guardFor }: GatewaysAround): Promise<Accounts> {
  const of = new Map<GatewayName, PaymentGateway>();
  for (const name of gatewayNames) {
    const found = await connected(tenantId, name);
    if (!found) continue;
    const line = { guard: guardFor(found.allowPrivate), timeoutMs, now: () => performance.now() };
    of.set(name, open[name](found.settings, line));
  }
  return {
    of,
    close: () => {
      for (const gateway of of.values()) gateway.close();
    },
  };
}

const notConnected = (gateway: GatewayName) =>
  err<GatewayFailure>({ reason: 'rejected', detail: `${gateway} is not connected (any more)` });

function deskOf(gatewayOf: Gateways['gatewayOf'], accounts: PerTenant<Accounts>): GatewayDesk {
  return {
    async connected(tenantId) {
      const { of } = await accounts.get(tenantId);
      return [...of].map(([name, { methods }]) => ({ name, methods }));
    },
    async create(tenantId, gateway, order) {
      return (await gatewayOf(tenantId, gateway))?.createCharge(order) ?? notConnected(gateway);
    },
    async status(tenantId, gateway, order) {
      return (await gatewayOf(tenantId, gateway))?.status(order) ?? notConnected(gateway);
    },
    async refund(tenantId, gateway, order) {
      return (await gatewayOf(tenantId, gateway))?.refund(order) ?? notConnected(gateway);
    },
  };
}

/** The tenants' accounts at payment gateways, opened once and kept while their settings stay as they are. */
export function createGateways(around: GatewaysAround): Gateways & { readonly accounts: PerTenant<Accounts> } {
  const accounts = createPerTenant(around.versionOf, (tenantId) => openAccounts(tenantId, around));
  const gatewayOf: Gateways['gatewayOf'] = async (tenantId, gateway) =>
    (await accounts.get(tenantId)).of.get(gateway) ?? null;
  return { accounts, gatewayOf, desk: deskOf(gatewayOf, accounts) };
}
