import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest';
import { createErpnextWebhookSource } from '#connectors/erpnext/webhook-source.ts';
import { openDatabase } from '#db/database.ts';
import { createReceiver } from '#inbox/receive.ts';
import { createSenders } from '#inbox/senders.ts';
import { createStore } from '#inbox/store.ts';
import { recording, recordingNames } from '#sandbox/erpnext/recorded/recording.ts';
import { type BridgeRoom, createBridgeRoom } from '#test/features/bridge-room.ts';
import { type OpenApp, openApp } from '#test/features/open-app.ts';

const recorded = recordingNames.map(recording);
const secret = recorded[0]?.secret ?? '';

let room: BridgeRoom;
let app: OpenApp;
let tenantId: string;
let subdomain: string;
let count = 0;

const sign = (body: string, key = secret): string => createHmac('sha256', key).update(body).digest('base64');
const doorTo = (db: BridgeRoom['db']): OpenApp => {
  const senders = createSenders(room.db, room.vault, Date.now);
  const source = { name: 'erpnext', webhooks: createErpnextWebhookSource() };
  return openApp({ receiver: createReceiver(source, senders, createStore(db)) });
};
const send = async (body: string, signature = sign(body), to = app) => {
  const headers = { 'X-Frappe-Webhook-Signature': signature };
  const path = `/webhooks/erpnext/${subdomain}`;
  const answer = await to.request(path, { method: 'POST', body: new TextEncoder().encode(body), headers });
  return { status: answer.status, body: (await answer.json()) as { readonly event_id?: string } };
};
const stored = () =>
  room.look<{ id: string; raw: Buffer; state: string }>('select id, raw, state from inbox where tenant_id = $1', [
    tenantId,
  ]);

beforeAll(async () => {
  room = await createBridgeRoom(inject('postgresUrl'));
});
afterAll(() => room.close());
beforeEach(async () => {
  subdomain = `w${++count}`;
  tenantId = await room.addTenant(subdomain);
  const vault = await room.vaultOf(tenantId);
  const place = { table: 'connections', column: 'secrets', row: 'erpnext' };
  await room.look(`insert into connections (tenant_id, system, settings, secrets) values ($1, 'erpnext', '{}', $2)`, [
    tenantId,
    vault.seal(JSON.stringify({ webhook_secret: secret }), place),
  ]);
  app = doorTo(room.db);
});

describe('the webhook door on a real bridge', () => {
  it('B2: each recorded delivery is stored byte for byte before it is acknowledged', async () => {
    for (const { raw_body } of recorded) {
      const { status, body } = await send(raw_body);
      expect(status).toBe(202);
      const [row] = await room.look<{ raw: Buffer }>('select raw from inbox where id = $1', [body.event_id]);
      expect(row?.raw.toString()).toBe(raw_body);
    }
  });

  it('REL-4: the same delivery 10 times in a row and 100 times at once is one row, always acknowledged', async () => {
    const body = recorded[0]?.raw_body ?? '';
    const answers = [];
    for (let i = 0; i < 10; i++) answers.push(await send(body));
    answers.push(...(await Promise.all(Array.from({ length: 100 }, () => send(body)))));
    const [row, ...others] = await stored();
    expect(others).toEqual([]);
    expect(answers.map(({ status }) => status)).toEqual([202, ...Array.from({ length: 109 }, () => 200)]);
    expect(new Set(answers.map(({ body: { event_id } }) => event_id))).toEqual(new Set([row?.id]));
  });

  it('B2: what is not signed by this tenant’s secret is 401 and leaves no row', async () => {
    const body = recorded[0]?.raw_body ?? '';
    for (const signature of ['', sign(body, 'another'), sign(`${body} `), sign(body).slice(0, -1)]) {
      expect((await send(body, signature)).status, signature).toBe(401);
    }
    subdomain = 'nobody';
    expect((await send(body)).status).toBe(401);
    expect(await stored()).toEqual([]);
  });

  it('signed nonsense is 202, stored as dead, visible', async () => {
    for (const body of ['', 'nonsense', '[]', '{"doctype": 1}', '\u0000', '<html>'])
      expect((await send(body)).status).toBe(202);
    expect((await stored()).map(({ state }) => state)).toEqual(Array.from({ length: 6 }, () => 'dead'));
  });

  it('T2: a deactivated tenant is 403 within a second, and nothing is stored', async () => {
    await room.look('update tenants set is_active = false where id = $1', [tenantId]);
    expect((await send(recorded[0]?.raw_body ?? '')).status).toBe(403);
    expect(await stored()).toEqual([]);
  });

  it('REL-10: with the database away a delivery is 503, and taken when it is sent again', async () => {
    const body = recorded[0]?.raw_body ?? '';
    const away = openDatabase('postgres://nobody@127.0.0.1:1/none', 1);
    expect((await send(body, sign(body), doorTo(away))).status).toBe(503);
    await away.close();
    expect((await send(body)).status).toBe(202);
  });
});
