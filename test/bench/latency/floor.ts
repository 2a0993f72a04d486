import pg from 'pg';
import { createErpnextLedger } from '#connectors/erpnext/ledger.ts';
import { createCoaClient } from '#connectors/freeradius/coa-client.ts';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import type { Enforcer, Session, UserAccess } from '#ports/enforcer/port.ts';
import type { ThrowAway } from '../throw-away.ts';
import type { Installation } from './installation.ts';

/** One run of the least that the job can do, in milliseconds: with the packet, and up to the rows. */
export type FloorRun = { readonly toAckMs: number; readonly toRowsMs: number };

const nobody: Session = {
  uniqueId: '',
  sessionId: 'ffffffff',
  username: 'nobody',
  nasAddress: '',
  framedAddress: null,
  callingStationId: null,
  startedAt: null,
  updatedAt: null,
  inputOctets: 0,
  outputOctets: 0,
  group: null,
};

function demand(what: string, isDone: boolean): void {
  if (!isDone) throw new Error(`the floor's ${what} failed`);
}

/** The plan of a line that is served, and its tenant's walled garden. */
async function groupsOf(enforcer: Enforcer, username: string): Promise<readonly string[]> {
  const user = await enforcer.readUser(username.toLowerCase());
  const plan = user.ok ? user.value?.groups[0] : undefined;
  if (plan === undefined) throw new Error(`RADIUS has no group for ${username}`);
  return [plan, `${plan.split(':')[0]}:isolir`];
}

/**
 * Two PostgreSQL commits, one fetch of a document from ERPNext, one MariaDB transaction that moves one user to another
 * group behind its fence, one packet to the router and back: on the same servers and through the same connectors, one
 * after the other, with nothing in between.
 */
export async function openFloor(
  place: ThrowAway,
  at: Installation,
  invoice: string,
  username: string,
): Promise<() => Promise<FloorRun>> {
  const client = place.keep(new pg.Client({ connectionString: at.bridge.options.connectionString }), (it) => it.end());
  await client.connect();
  await client.query('create table floor (id bigint generated always as identity, body text)');
  const loopback = parseNetworks(['127.0.0.0/8']);
  if (!loopback.ok) throw new Error(loopback.error);
  const ledger = createErpnextLedger({
    url: at.erpnext.url,
    apiKey: at.erpnext.apiKey,
    apiSecret: at.erpnext.apiSecret,
    currency: 'IDR',
    isCurrencyChosen: true,
    guard: createAddressGuard({ allow: loopback.value, allowPrivate: true }),
    timeoutMs: 10_000,
  });
  place.keep(ledger, (it) => it.close());
  const coa = place.keep(createCoaClient(), (it) => it.close());
  const enforcer = place.keep(createFreeradiusEnforcer({ databaseUrl: at.radiusUrl, coa }), (it) => it.close());
  const target = { host: at.router.address, port: at.nas.coaPort, secret: at.router.secret, signed: true };
  const groups = await groupsOf(enforcer, username);
  let generation = 0n;

  return async () => {
    generation += 1n;
    const user: UserAccess = {
      username: 'floor',
      generation,
      group: groups[Number(generation % 2n)] ?? '',
      password: 'rahasia',
      mac: null,
      reply: [],
    };
    const began = performance.now();
    await client.query('insert into floor (body) values ($1)', ['one']);
    demand('fetch', (await ledger.fetch('Sales Invoice', invoice)).ok);
    await client.query('insert into floor (body) values ($1)', ['two']);
    demand('transaction', (await enforcer.applyUsers([user])).ok);
    const rows = performance.now();
    const answer = await enforcer.dropSession(nobody, target);
    demand('packet', answer.ok && answer.value.answer === 'nak');
    return { toAckMs: performance.now() - began, toRowsMs: rows - began };
  };
}
