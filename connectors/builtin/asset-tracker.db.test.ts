import { randomUUID } from 'node:crypto';
import { inject } from 'vitest';
import { assetState } from '#domain/asset.ts';
import { assetTrackerContract } from '#ports/asset-tracker/contract.ts';
import type { TrackerSubject } from '#ports/asset-tracker/contract-subject.ts';
import { addTenant } from '#test/setup/admin-app.ts';
import { createTestBridge } from '#test/setup/bridge.ts';
import { createBuiltinTracker } from './asset-tracker.ts';

/** The hub's own list, and rows that are written past it. */
async function openSubject(): Promise<TrackerSubject> {
  const bridge = await createTestBridge(inject('postgresUrl'));
  const { db, look } = bridge;
  const { id: tenantId } = await addTenant(bridge);
  const one = async (sql: string, ...values: readonly unknown[]): Promise<string> =>
    (await look<{ is: string }>(sql, [tenantId, ...values]))[0]?.is ?? '';
  const person = async (name: string) => ({
    id: await one(
      `insert into users (tenant_id, email, name, role, password_hash) values ($1, $2, $3, 'technician', '-') returning id as is`,
      `${randomUUID()}@x.id`,
      name,
    ),
    name,
  });
  const buyer = async (name: string) => ({
    id: await one(
      `insert into customers (tenant_id, customer_code, name, phone, address) values ($1, $2, $3, '-', '-') returning id as is`,
      randomUUID(),
      name,
    ),
    code: 'CKP0001',
    name,
  });
  const put = (serial: string, part = 'ONT F670L') =>
    one(
      `insert into assets (tenant_id, id, tracker, tracker_ref, part, serial, state, place)
       select $1, id, 'builtin', id::text, $2, $3, 'in_stock', 'Gudang' from (select gen_random_uuid() as id) as fresh
       returning id as is`,
      part,
      serial,
    );
  await put('F1');
  await put('H1', 'ONT HG8245');
  let isAway = false;
  const opening = (): void => {
    if (isAway) throw new Error('connect ECONNREFUSED');
  };
  const reach: Pick<typeof db, 'worker' | 'look'> = {
    worker: async (id, work) => {
      opening();
      return db.worker(id, work);
    },
    look: async (id, work) => {
      opening();
      return db.look(id, work);
    },
  };
  const tracker = createBuiltinTracker(reach, tenantId);
  return {
    tracker,
    parts: ['ONT F670L', 'ONT HG8245'],
    technicians: [await person('Budi'), await person('Budi')],
    customers: [await buyer('Siti'), await buyer('Siti')],
    put,
    async carry(ref, to) {
      const [bag, customer] = 'customer' in to ? [null, to.customer] : [to.place.replace('bag:', ''), null];
      await look('update assets set technician_id = $1, customer_id = $2, state = $3 where id = $4', [
        bag,
        customer,
        customer === null ? 'in_transit' : 'installed',
        ref,
      ]);
    },
    async judge(ref, status) {
      const isLost = status === 'lost';
      await look(
        `update assets set status = $1, state = $2, technician_id = case when $3 then null else technician_id end where id = $4`,
        [status, assetState(status, 'bag'), isLost, ref],
      );
    },
    remove: null,
    history: async (ref) =>
      Number((await look<{ n: string }>('select count(*) as n from asset_moves where asset_id = $1', [ref]))[0]?.n),
    feel: (mood) => {
      isAway = mood === 'away';
    },
    forbid: null,
    loseNextAnswer: null,
    amidst: null,
    close: () => bridge.close(),
  };
}

assetTrackerContract('the hub’s own list', openSubject);
