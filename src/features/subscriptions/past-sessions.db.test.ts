import { afterAll, beforeAll, expect, inject, it } from 'vitest';
import { err, ok } from '#domain/result.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { type Office, openOffice } from '#test/setup/office.ts';
import type { PastSession, RadiusView } from './radius-view.ts';

let bridge: TestBridge;
beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const session: PastSession = {
  row: '4711',
  sessionId: '8100000a',
  nasAddress: '10.0.0.1',
  framedAddress: '10.1.1.1',
  callingStationId: 'AA:BB:CC:DD:EE:FF',
  startedAt: new Date('2025-01-31T17:00:00Z'),
  endedAt: new Date('2025-01-31T18:00:30Z'),
  seenAt: new Date('2025-01-31T18:00:30Z'),
  terminateCause: 'Lost-Carrier',
  inputOctets: 5_000_000_000,
  outputOctets: 1,
  group: 't1:home-10',
};

/** A RADIUS that notes what it is asked; `away` is why it does not answer. */
const radiusOf = (asked: string[], away: string | null = null): RadiusView => ({
  sessionsOf: async () => ok([]),
  readUser: async () => ok(null),
  history: async (_tenant, username, { from, to, limit, offset }) => {
    asked.push([username, from?.toISOString(), to?.toISOString(), limit, offset].join(' '));
    return away === null ? ok({ sessions: [session], total: 21 }) : err({ detail: away });
  },
});

const lineOf = async (office: Office, more: Record<string, unknown> = {}): Promise<{ readonly id: string }> =>
  (await office.registered(more)).body.subscription as { id: string };

it('R9: the sessions of a line are told in pages, with how long, how much each way, and in words why they ended', async () => {
  const asked: string[] = [];
  const office = await openOffice(bridge, { radius: radiusOf(asked) });
  const { id } = await lineOf(office, { username: 'Budi2' });
  const sessions = (query = '') => office.subscriptions('GET', `/subscriptions/${id}/sessions${query}`);
  expect(await sessions('?page=3&from=2025-01-01T00:00:00Z&to=2025-02-01T00:00:00Z')).toMatchObject({
    status: 200,
    body: {
      data: [
        {
          id: '4711',
          started_at: '2025-01-31T17:00:00.000Z',
          ended_at: '2025-01-31T18:00:30.000Z',
          seconds: 3_630,
          upload_octets: 5_000_000_000,
          download_octets: 1,
          nas_address: '10.0.0.1',
          framed_address: '10.1.1.1',
          calling_station_id: 'AA:BB:CC:DD:EE:FF',
          terminate_cause: 'Lost-Carrier',
          ended_because: 'Sambungan ke modem hilang.',
        },
      ],
      page: 3,
      page_size: 10,
      total: 21,
    },
  });
  expect(asked).toEqual(['budi2 2025-01-01T00:00:00.000Z 2025-02-01T00:00:00.000Z 10 20']);
  expect(await sessions('?from=2025-02-01T00:00:00Z&to=2025-01-01T00:00:00Z')).toMatchObject({
    status: 400,
    body: { details: { fields: [{ field: 'to' }] } },
  });
  expect((await sessions('?page_size=101')).status).toBe(400);
  const other = await openOffice(bridge, { radius: radiusOf(asked) });
  expect((await other.subscriptions('GET', `/subscriptions/${id}/sessions`)).status).toBe(404);
  expect(asked).toHaveLength(1);
});

it('R9: sessions of a RADIUS that is away are no empty page', async () => {
  const office = await openOffice(bridge, { radius: radiusOf([], 'the RADIUS database refuses connections') });
  const { id } = await lineOf(office);
  expect(await office.subscriptions('GET', `/subscriptions/${id}/sessions`)).toMatchObject({
    status: 503,
    body: { code: 'UNAVAILABLE', message: expect.stringContaining('refuses connections') },
  });
});
