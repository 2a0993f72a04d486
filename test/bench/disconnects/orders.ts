import { groupName } from '#domain/groups.ts';
import type { FakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Session } from '#ports/enforcer/port.ts';
import { addRouter } from '#test/faults/routers/stage.ts';
import type { TestHub } from '#test/pipeline/test-hub.ts';

/** A tenant with so many lines at each of so many routers, written past the doors. */
export async function fillTenant(hub: TestHub, routers: number, linesEach: number): Promise<string> {
  const tenantId = await hub.addTenant();
  await hub.addLine(tenantId, 'pola');
  const count = routers * linesEach;
  await hub.look(
    `insert into subscriptions (id, tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db,
       username, canonical_username, password)
     select gen_random_uuid(), tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee, radius_db,
       'baris' || n, 'baris' || n, password
     from subscriptions, generate_series(0, ${count - 1}) n where tenant_id = $1 and username = 'pola'`,
    [tenantId],
  );
  for (let i = 0; i < routers; i++) await addRouter(hub, tenantId, addressOf(i), 3799);
  return tenantId;
}

const addressOf = (router: number): string => `10.6.${router >> 8}.${router & 255}`;

/** Says where the routers are this time; none has been silent yet. */
export const placeRouters = (hub: TestHub, tenantId: string, ports: readonly number[]): Promise<unknown> =>
  hub.look(
    `update nas set coa_port = p.port, silences = 0, deaf_since = null, next_try_at = null, last_silence_at = null
     from unnest($2::text[], $3::int[]) p (address, port) where tenant_id = $1 and nas.address = p.address::inet`,
    [tenantId, ports.map((_port, i) => addressOf(i)), ports],
  );

/** Opens a session on each line of the routers from `first` on, under a group that no longer stands, by its id. */
export function openSessions(
  enforcer: FakeEnforcer,
  tenantId: string,
  [first, end]: readonly [number, number],
  linesEach: number,
): ReadonlyMap<string, Session> {
  const sessions = new Map<string, Session>();
  for (let line = first * linesEach; line < end * linesEach; line++) {
    const session: Session = {
      uniqueId: `unique-${line}`,
      sessionId: `id-${line}`,
      username: `baris${line}`,
      nasAddress: addressOf(Math.floor(line / linesEach)),
      framedAddress: null,
      callingStationId: null,
      startedAt: new Date(),
      updatedAt: new Date(),
      inputOctets: 0,
      outputOctets: 0,
      group: groupName(tenantId, { plan: 'home' }),
    };
    enforcer.putSession(session);
    sessions.set(session.sessionId, session);
  }
  return sessions;
}

/** One order for each of these sessions, as a cut leaves it in the outbox. */
export async function orderDrops(hub: TestHub, tenantId: string, sessions: Iterable<Session>): Promise<void> {
  const names = [...sessions].map(({ username }) => username);
  await hub.look(
    `insert into outbox (tenant_id, kind, key, subscription_id, intent, generation, urgency, correlation_id)
     select $1, 'sessions.drop', username, id, jsonb_build_object('kind', 'sessions.drop', 'subscriptionId', id,
       'username', username, 'group', $3::text, 'appliedAt', now()), 1, 2, 'bench'
     from subscriptions where tenant_id = $1 and username = any($2) order by random()`,
    [tenantId, names, groupName(tenantId, 'isolir')],
  );
}
