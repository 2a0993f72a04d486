import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { distanceM } from '#domain/distance.ts';
import { ok } from '#domain/result.ts';
import { claimIntents } from '#outbox/claim.ts';
import { dispatchCheckIn } from '#outbox/dispatch-check-in.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createLog } from '#platform/log.ts';
import type { LedgerPush } from '#ports/ledger/push/port.ts';
import { addTenant, type Call, callAs, type TestTenant } from '#test/setup/admin-app.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { nearestPlace } from './nearest-place.ts';
import { attendanceRoutes } from './routes.ts';

let bridge: TestBridge;
let tenant: TestTenant;
const now = Date.parse('2026-11-21T02:00:00Z');
const office = { name: 'Kantor', latitude: -6.3, longitude: 107.3, radius_m: 100 };

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
  tenant = await addTenant(bridge, { field_work: { places: [office] } });
});
afterAll(() => bridge.close());

async function addUser(): Promise<string> {
  const id = randomUUID();
  const sql = `insert into users (id, tenant_id, email, name, role, password_hash) values ($1, $2, $3, 'Dewi', 'technician', '-')`;
  await bridge.look(sql, [id, tenant.id, `${id}@x.id`]);
  return id;
}
const as = (role: string, userId?: string): Call =>
  callAs(attendanceRoutes({ db: bridge.db, clock: () => now }), tenant, role, userId);

describe('attendance', () => {
  it('A7: a check-in is kept once by its reference, at most now, and marked where it is outside', async () => {
    const dewi = as('technician', await addUser());
    const told = { kind: 'in', client_ref: 'a', latitude: -6.3005, longitude: 107.3, at: '2026-11-21T08:00:00+07:00' };
    const first = await dewi('POST', '/attendance/check-ins', told);
    expect(first).toMatchObject({
      status: 201,
      body: { place: 'Kantor', distance_m: 56, is_outside: false, at: '2026-11-21T01:00:00.000Z' },
    });
    const many = await Promise.all(Array.from({ length: 4 }, () => dewi('POST', '/attendance/check-ins', told)));
    expect(many.map(({ body }) => body)).toEqual(Array(4).fill(first.body));
    expect((await dewi('POST', '/attendance/check-ins', { ...told, kind: 'out' })).status).toBe(409);
    const away = { kind: 'out', client_ref: 'b', latitude: -6.31, longitude: 107.3, at: '2030-01-01T00:00:00Z' };
    expect((await dewi('POST', '/attendance/check-ins', away)).body).toMatchObject({
      is_outside: true,
      distance_m: 1112,
      at: new Date(now).toISOString(),
    });
    expect((await dewi('GET', '/attendance?is_outside=true')).body).toMatchObject({ total: 1 });
  });

  it('A7: HR sees who came and went, whoever else itself', async () => {
    const [one, two] = [await addUser(), await addUser()];
    const told = { kind: 'in', client_ref: 'a', latitude: -6.3, longitude: 107.3 };
    for (const user of [one, two]) await as('technician', user)('POST', '/attendance/check-ins', told);
    const list = async (by: Call) => (await by('GET', '/attendance?page_size=100')).body.data as { user_id: string }[];
    expect((await list(as('technician', one))).map(({ user_id }) => user_id)).toEqual([one]);
    const seen = (await list(as('hr'))).map(({ user_id }) => user_id);
    expect(seen).toEqual(expect.arrayContaining([one, two]));
    expect((await as('finance')('GET', '/attendance')).status).toBe(403);
  });

  it('A7: HR of ERPNext is told of who is an employee there, by the clocks of the tenant', async () => {
    await bridge.look(
      `insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', '-')`,
      [tenant.id],
    );
    const [one, two] = [await addUser(), await addUser()];
    await bridge.look(`update users set erp_employee = 'HR-EMP-1' where id = $1`, [one]);
    const told = { kind: 'in', client_ref: 'e', latitude: -6.3, longitude: 107.3 };
    for (const user of [one, two, one]) await as('technician', user)('POST', '/attendance/check-ins', told);
    const asked: unknown[] = [];
    const recordCheckIn: LedgerPush['recordCheckIn'] = async (checkIn) => {
      asked.push(checkIn);
      return ok('EMP-CKIN-1');
    };
    const dispatching = {
      ...{ db: bridge.db, log: createLog('silent'), ledgerOf: async () => ({ push: { recordCheckIn } }) },
    } as unknown as Dispatching; // Check-ins use no more of it.
    for (const claimed of await claimIntents(bridge.db, ['ledger.checkin'], 60_000, 10)) {
      if (claimed.intent.kind === 'ledger.checkin') await dispatchCheckIn(dispatching, claimed, claimed.intent);
    }
    expect(asked).toMatchObject([{ employee: 'HR-EMP-1', kind: 'in', at: '2026-11-21 09:00:00', place: 'Kantor' }]);
    const { data } = (await as('technician', one)('GET', '/attendance')).body;
    expect(data).toMatchObject([{ erp_checkin: 'EMP-CKIN-1', erp_error: null }]);
  });

  it('A7: outside is further from every place than its radius, by the metres between two positions', () => {
    const degrees = {
      latitude: fc.double({ min: -80, max: 80, noNaN: true }),
      longitude: fc.double({ min: -180, max: 180, noNaN: true }),
    };
    const place = fc.record({ ...degrees, name: fc.string(), radius_m: fc.integer({ min: 10, max: 50_000 }) });
    fc.assert(
      fc.property(fc.record(degrees), fc.array(place, { maxLength: 5 }), (at, places) => {
        const isWithin = places.some((one) => distanceM(at, one) <= one.radius_m);
        expect(nearestPlace(at, places).is_outside).toBe(places.length > 0 && !isWithin);
        for (const one of places) expect(distanceM(at, one)).toBeCloseTo(distanceM(one, at), 3);
      }),
      { numRuns: 100 },
    );
    // A minute of latitude is a nautical mile.
    expect(distanceM({ latitude: 0, longitude: 0 }, { latitude: 1 / 60, longitude: 0 })).toBeCloseTo(1853, 0);
  });
});
