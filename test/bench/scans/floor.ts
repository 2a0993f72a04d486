import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { createCoaClient } from '#connectors/freeradius/coa-client.ts';
import { createFreeradiusEnforcer } from '#connectors/freeradius/enforcer.ts';
import type { Result } from '#domain/result.ts';
import type { MoveWish } from '#ports/asset-tracker/port.ts';
import type { Warehouse } from '#test/inventree/stand-in.ts';
import type { Installation } from '../latency/installation.ts';
import type { ThrowAway } from '../throw-away.ts';

function good<T>(result: Result<T, { readonly reason: string; readonly detail: string }>): T {
  if (!result.ok) throw new Error(`the floor failed: ${result.error.reason} ${result.error.detail}`);
  return result.value;
}

/**
 * A PostgreSQL commit, one unit given to a customer in InvenTree (looked at before and after), another commit, one MariaDB
 * transaction that writes one user's lock behind its fence: on the same servers and through the same connectors, one after
 * the other, with nothing in between. As many units take turns as do with the hub. Answers milliseconds.
 */
export async function openFloor(
  { keep }: ThrowAway,
  at: Installation,
  warehouse: Warehouse,
  username: string,
  unitCount: number,
): Promise<() => Promise<number>> {
  const client = keep(new pg.Client({ connectionString: at.bridge.options.connectionString }), (it) => it.end());
  await client.connect();
  await client.query('create table floor (id bigint generated always as identity, body text)');
  const coa = keep(createCoaClient(), (it) => it.close());
  const enforcer = keep(createFreeradiusEnforcer({ databaseUrl: at.radiusUrl, coa }), (it) => it.close());
  const group = good(await enforcer.readUser(username.toLowerCase()))?.groups[0] ?? '';
  const tracker = warehouse.hub();
  const serials = Array.from({ length: unitCount }, (_, i) => `LANTAI${i}`);
  const pks = warehouse.server.addItems(warehouse.parts[1], warehouse.shelf, serials);
  const units = serials.map((serial, i) => ({ serial, ref: String(pks[i]) }));
  const bag = good(await tracker.bagOf({ id: randomUUID(), name: 'Lantai' }));
  const customer = good(await tracker.customerOf({ id: randomUUID(), code: 'FLOOR', name: 'Lantai' }));
  const move = async (unit: (typeof units)[number], wish: MoveWish): Promise<unknown> =>
    good(await tracker.move({ operationId: randomUUID(), ...unit, wish, by: 'floor', note: '' }));
  for (const unit of units) await move(unit, { kind: 'hand_over', from: String(warehouse.shelf), to: bag });
  let generation = 0n;

  return async () => {
    generation += 1n;
    const unit = units[Number(generation) % units.length] as (typeof units)[number];
    const mac = `02:00:00:00:00:${(generation % 100n).toString().padStart(2, '0')}`;
    const began = performance.now();
    await client.query('insert into floor (body) values ($1)', ['one']);
    await move(unit, { kind: 'install', from: bag, customer });
    await client.query('insert into floor (body) values ($1)', ['two']);
    good(await enforcer.applyUsers([{ username: 'floor', generation, group, password: 'rahasia', mac, reply: [] }]));
    const ms = performance.now() - began;
    await move(unit, { kind: 'uninstall', customer, to: bag, condition: 'ok' });
    return ms;
  };
}
