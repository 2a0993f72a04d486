import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { admin, asCaller, platformOwner } from '#test/features/room.ts';
import { schedulesRoutes } from './routes.ts';

let room: BridgeRoom;
let tenantId: string;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  tenantId = await room.addTenant();
  await room.look(
    `insert into schedules (name, tenant_id, cron, zone, next_due_at, last_error, attempts, locked_until) values
       ('audit.heads', null, '5 * * * *', 'UTC', '2026-11-20T04:05:00Z', null, 0, null),
       ('clean.platform', null, '40 2 * * *', 'UTC', '2026-11-21T02:40:00Z', null, 1, now() + interval '1 minute'),
       ('usage.count', $1, '30 1 * * *', 'Asia/Jakarta', '2026-11-22T18:30:00Z', 'out of reach', 3, null)`,
    [tenantId],
  );
});
afterAll(() => room.close());

const list = async (query: string, who = platformOwner) => {
  const answer = await asCaller(schedulesRoutes({ db: room.db }), who)('GET', `/schedules?${query}`);
  return { ...answer, rows: Object.values(answer.body.data ?? {}) };
};

describe('GET schedules', () => {
  it('O8: shows what is done by the clock, what failed first, with its error and when it is tried again', async () => {
    const { rows, body } = await list('');
    expect(body).toMatchObject({ total: 3, page: 1, page_size: 10 });
    expect(rows).toMatchObject([
      { name: 'usage.count', tenant_id: tenantId, zone: 'Asia/Jakarta', last_error: 'out of reach', attempts: 3 },
      { name: 'audit.heads', tenant_id: null, is_running: false, next_due_at: '2026-11-20T04:05:00.000Z' },
      { name: 'clean.platform', is_running: true },
    ]);
  });

  it('P12: each row matches what it is filtered by', async () => {
    expect((await list('failing=true')).rows.map(({ name }) => name)).toEqual(['usage.count']);
    expect((await list('failing=false')).rows).toHaveLength(2);
    expect((await list('name=audit.heads')).rows).toHaveLength(1);
    expect((await list(`tenant_id=${tenantId}`)).rows).toHaveLength(1);
  });

  it('P7: is for the platform owner alone', async () => {
    expect((await list('', admin(tenantId))).status).toBe(403);
  });
});
