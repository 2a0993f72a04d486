import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import type { AnnouncedType } from '#domain/announcements.ts';
import { announce, announceAll } from '#outbox/announce.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { createOutwards, type Outwards } from '#test/setup/outwards.ts';

let room: BridgeRoom;
let out: Outwards;
let tenantId: string;
let count = 0;

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
  out = createOutwards(room);
});
afterAll(() => room.close());
beforeEach(async () => {
  ({ id: tenantId } = await out.addTenant());
});

type Endpoint = { readonly id: string; readonly url: string; readonly secret: string };

async function addEndpoint(types: readonly (AnnouncedType | '*')[] = ['*'], tenant = tenantId): Promise<Endpoint> {
  count += 1;
  const url = `https://hook${count}.example.net/in`;
  const secret = `whsec_${randomBytes(24).toString('base64')}`;
  const id = crypto.randomUUID();
  const sealed = (await room.vaultOf(tenant)).seal(secret, { table: 'webhook_endpoints', column: 'secret', row: id });
  await room.look(
    'insert into webhook_endpoints (id, tenant_id, url, event_types, secret) values ($1, $2, $3, $4, $5)',
    [id, tenant, url, JSON.stringify(types), sealed],
  );
  return { id, url, secret };
}

const ping = (text = 'hello', tenant = tenantId): Promise<void> =>
  room.db.tenant(tenant, (tx) => announce(tx, tenant, { type: 'ping', data: { text }, correlationId: 'c-1' }));

const postsTo = ({ url }: Endpoint) => out.sender.posts.filter((post) => post.url === url);
type Delivery = { readonly state: string; readonly attempts: number; readonly status_code: number | null };
const deliveriesOf = ({ id }: Endpoint): Promise<Delivery[]> =>
  room.look('select state, attempts, status_code from webhook_deliveries where endpoint_id = $1 order by created_at', [
    id,
  ]);
type Stored = { readonly is_active: boolean; readonly disabled_reason: string | null; readonly failing: boolean };
const stored = async ({ id }: Endpoint): Promise<Stored | undefined> =>
  (
    await room.look<Stored>(
      'select is_active, disabled_reason, failing_since is not null as failing from webhook_endpoints where id = $1',
      [id],
    )
  )[0];

describe('what happens is announced', () => {
  it('X12: each endpoint is told once of each event that it asked for, under one id, and no other tenant', async () => {
    const other = await out.addTenant();
    const all = await addEndpoint();
    const plans = await addEndpoint(['plan.created']);
    const foreign = await addEndpoint(['*'], other.id);
    const plan = { type: 'plan.created', data: { id: 'p', name: 'Home 10', price: 150_000 } } as const;
    await room.db.tenant(tenantId, (tx) =>
      announceAll(tx, tenantId, [
        { ...plan, correlationId: 'c-1' },
        { type: 'ping', data: { text: 'x' }, correlationId: 'c-2' },
      ]),
    );
    await out.run('webhooks');
    await out.endWaits();
    await out.run('webhooks');
    expect([postsTo(all).length, postsTo(plans).length, postsTo(foreign).length]).toEqual([2, 1, 0]);
    const told = postsTo(plans)[0];
    expect(postsTo(all).map(({ id, body }) => `${id} ${body}`)).toContain(`${told?.id} ${told?.body}`);
    expect(told?.secrets).toEqual([plans.secret]);
    expect(JSON.parse(told?.body ?? '')).toEqual({ ...plan, timestamp: expect.stringMatching(/^\d{4}-.*Z$/) });
    expect(await deliveriesOf(all)).toEqual([
      { state: 'delivered', attempts: 1, status_code: 204 },
      { state: 'delivered', attempts: 1, status_code: 204 },
    ]);
  });

  it('B10: what was rolled back is not told, and what nobody asked for is not kept', async () => {
    await ping();
    const endpoint = await addEndpoint(['plan.created']);
    await ping();
    await expect(
      room.db.tenant(tenantId, async (tx) => {
        await announce(tx, tenantId, {
          type: 'plan.deleted',
          data: { id: 'p', name: 'x', price: 1 },
          correlationId: 'c',
        });
        throw new Error('in use');
      }),
    ).rejects.toThrow('in use');
    await out.run('webhooks');
    expect(postsTo(endpoint)).toEqual([]);
    expect(await room.look('select type from announcements where tenant_id = $1', [tenantId])).toEqual([]);
  });

  it('T2: of a deactivated tenant waits', async () => {
    const endpoint = await addEndpoint();
    await ping();
    await room.look('update tenants set is_active = false where id = $1', [tenantId]);
    await out.run('webhooks');
    expect(postsTo(endpoint)).toEqual([]);
    await room.look('update tenants set is_active = true where id = $1', [tenantId]);
    await out.run('webhooks');
    expect(postsTo(endpoint)).toHaveLength(1);
  });
});

describe('a delivery', () => {
  it.each([500, 429, 404, 302])(
    'X12: that is answered %i is tried again with the same id and body, until 2xx',
    async (status) => {
      const endpoint = await addEndpoint();
      out.sender.answer(endpoint.url, status);
      await ping();
      for (let i = 0; i < 3; i++) {
        await out.run('webhooks');
        await out.endWaits();
      }
      expect(await deliveriesOf(endpoint)).toEqual([{ state: 'pending', attempts: 3, status_code: status }]);
      expect(await stored(endpoint)).toMatchObject({ is_active: true, failing: true });
      out.sender.answer(endpoint.url, 200);
      await out.run('webhooks');
      expect(await deliveriesOf(endpoint)).toEqual([{ state: 'delivered', attempts: 4, status_code: 200 }]);
      expect(await stored(endpoint)).toMatchObject({ failing: false });
      expect(new Set(postsTo(endpoint).map(({ id, body }) => `${id} ${body}`)).size).toBe(1);
    },
  );

  it('survives a crash: whoever takes over makes it', async () => {
    const endpoint = await addEndpoint();
    out.sender.answer(endpoint.url, { reason: 'unreachable', detail: 'reset' });
    await ping();
    await out.run('webhooks');
    await out.crash();
    out.sender.answer(endpoint.url, 204);
    await out.run('webhooks');
    expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'delivered' }]);
  });

  it('is given up after three days, and said so', async () => {
    const endpoint = await addEndpoint();
    out.sender.answer(endpoint.url, 500);
    await ping();
    await room.look(`update outbox set created_at = now() - interval '73 h' where tenant_id = $1`, [tenantId]);
    await out.run('webhooks');
    expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'failed', attempts: 1 }]);
    expect(await room.look(`select error from outbox where tenant_id = $1 and state = 'dead'`, [tenantId])).toEqual([
      { error: expect.stringContaining('500') },
    ]);
  });

  it('B10: to an endpoint that rests costs no try', async () => {
    const endpoint = await addEndpoint();
    out.sender.answer(endpoint.url, { reason: 'resting', detail: 'it failed several times', waitMs: 30_000 });
    await ping();
    await out.run('webhooks');
    expect(await deliveriesOf(endpoint)).toEqual([{ state: 'pending', attempts: 0, status_code: null }]);
    expect(await stored(endpoint)).toMatchObject({ failing: false });
  });

  it('to a removed endpoint, or one that is off, is not made', async () => {
    const [removed, off] = [await addEndpoint(), await addEndpoint()];
    await ping();
    await room.look('delete from webhook_endpoints where id = $1', [removed.id]);
    await room.look('update webhook_endpoints set is_active = false where id = $1', [off.id]);
    await out.run('webhooks');
    expect([...postsTo(removed), ...postsTo(off)]).toEqual([]);
    expect(await deliveriesOf(off)).toMatchObject([{ state: 'cancelled' }]);
  });

  it('SEC-17: where the hub may not connect is refused at each try', async () => {
    const endpoint = await addEndpoint();
    await room.look('update webhook_endpoints set url = $1 where id = $2', ['https://closed.invalid/', endpoint.id]);
    await ping();
    await out.run('webhooks');
    expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'pending', attempts: 1 }]);
  });
});

describe('an endpoint', () => {
  it('X12: that answers 410 is turned off at once, with the reason', async () => {
    const endpoint = await addEndpoint();
    out.sender.answer(endpoint.url, 410);
    await ping();
    await out.run('webhooks');
    expect(await stored(endpoint)).toMatchObject({ is_active: false, disabled_reason: expect.stringContaining('410') });
    expect(await deliveriesOf(endpoint)).toMatchObject([{ state: 'failed', status_code: 410 }]);
    await ping();
    await out.run('webhooks');
    expect(await deliveriesOf(endpoint)).toHaveLength(1);
    const kept = await room.look('select type from announcements where tenant_id = $1', [tenantId]);
    expect(kept).toHaveLength(2);
  });

  it.each([
    [4, true],
    [6, false],
  ])(
    'X12: that has done nothing but fail for %i days: on is %s; its admins are written to when it is turned off',
    async (days, isOn) => {
      const endpoint = await addEndpoint();
      await room.look(
        `insert into users (tenant_id, email, name, role, password_hash, is_active) values
        ($1, 'admin@isp.example', 'A', 'admin', '-', true), ($1, 'gone@isp.example', 'B', 'admin', '-', false),
        ($1, 'noc@isp.example', 'C', 'noc', '-', true)`,
        [tenantId],
      );
      await room.look(`update webhook_endpoints set failing_since = now() - $2 * interval '1 day' where id = $1`, [
        endpoint.id,
        days,
      ]);
      out.sender.answer(endpoint.url, 500);
      await ping();
      await out.run('webhooks');
      expect((await stored(endpoint))?.is_active).toBe(isOn);
      const told = await room.look('select event, recipient_masked as "to" from messages where tenant_id = $1', [
        tenantId,
      ]);
      expect(told).toEqual(isOn ? [] : [{ event: 'webhook_disabled', to: 'a***@isp.example' }]);
    },
  );

  it('X12: signs with the old secret beside the new one for 24 hours, then with the new one alone', async () => {
    const endpoint = await addEndpoint();
    const old = 'whsec_b2xk';
    const vault = await room.vaultOf(tenantId);
    const place = { table: 'webhook_endpoints', column: 'previous_secret', row: endpoint.id };
    for (const [hours, secrets] of [
      [23, [endpoint.secret, old]],
      [25, [endpoint.secret]],
    ] as const) {
      await room.look(
        `update webhook_endpoints set previous_secret = $2, rotated_at = now() - $3 * interval '1 h' where id = $1`,
        [endpoint.id, vault.seal(old, place), hours],
      );
      await ping();
      await out.run('webhooks');
      expect(postsTo(endpoint).at(-1)?.secrets).toEqual(secrets);
    }
  });
});
