import { randomUUID } from 'node:crypto';
import { decideDirtyLines } from '#access/decide-lines.ts';
import { markLines } from '#access/mark-dirty.ts';
import { decodeAttributes } from '#connectors/freeradius/packet/attributes.ts';
import { codes } from '#connectors/freeradius/packet/codes.ts';
import { verifyRequest } from '#connectors/freeradius/packet/request.ts';
import { buildResponse } from '#connectors/freeradius/packet/response.ts';
import { groupName } from '#domain/groups.ts';
import { dispatchLane, type Lane, lanes } from '#outbox/dispatch.ts';
import type { FakeEnforcer } from '#ports/enforcer/fake.ts';
import type { Session } from '#ports/enforcer/port.ts';
import type { TestHub, TestLine } from '#test/pipeline/test-hub.ts';
import { closeSocket, openSocket } from './lossy-wire.ts';

const nasSecret = 'nas-secret-of-20-chars';

/** A router of a tenant at the bridge: known by `address`, asked at 127.0.0.1 and `coaPort`. */
export async function addRouter(hub: TestHub, tenantId: string, address: string, coaPort: number): Promise<string> {
  const id = randomUUID();
  const secret = (await hub.vaultOf(tenantId)).seal(nasSecret, { table: 'nas', column: 'secret', row: id });
  await hub.look(
    `insert into nas (id, tenant_id, radius_db, name, address, secret, coa_address, coa_port)
     values ($1, $2, $3, $4::text, $4::text::inet, $5, '127.0.0.1', $6)`,
    [id, tenantId, tenantId, address, secret, coaPort],
  );
  return id;
}

let opened = 0;

/** A line's session at a router, let in under its plan an hour ago. */
export function openSession(enforcer: FakeEnforcer, { tenantId, username }: TestLine, nasAddress: string): Session {
  opened += 1;
  const session: Session = {
    uniqueId: `unique-${opened}`,
    sessionId: `id-${opened}`,
    username,
    nasAddress,
    framedAddress: null,
    callingStationId: null,
    startedAt: new Date(Date.now() - 3_600_000),
    updatedAt: new Date(),
    inputOctets: 0,
    outputOctets: 0,
    group: groupName(tenantId, { plan: 'home' }),
  };
  enforcer.putSession(session);
  return session;
}

/** Holds lines by hand, or lets them go on: what stands of them is decided about anew. */
export async function hold(hub: TestHub, lines: readonly TestLine[], isHeld: boolean): Promise<void> {
  const [first] = lines;
  if (!first) return;
  const ids = lines.map(({ subscriptionId }) => subscriptionId);
  await hub.look(
    `update subscriptions set suspended_at = case when $2 then now() end, suspend_reason = 'test' where id = any($1)`,
    [ids, isHeld],
  );
  const mark = { tenantId: first.tenantId, correlationId: 'test', cause: 'test' };
  await hub.db.worker(first.tenantId, (tx) => markLines(tx, mark, ids));
}

export type Router = { readonly port: number; close(): Promise<void> };

/** A router of a few lines on a real port: ends the session that a Disconnect names, and says 503 when it is gone. */
export async function openRouter(
  enforcer: FakeEnforcer,
  find: (sessionId: string) => Session | undefined,
  onGone: () => void = () => undefined,
): Promise<Router> {
  const socket = await openSocket();
  const gone = new Set<string>();
  socket.on('message', (bytes, from) => {
    const read = verifyRequest(bytes, nasSecret);
    if (!read.ok) return;
    const named = decodeAttributes(read.value.packet.attributes)['Acct-Session-Id']?.[0];
    const session = find(named ?? '');
    const isThere = session !== undefined && !gone.has(session.uniqueId);
    if (isThere) {
      gone.add(session.uniqueId);
      enforcer.endSession(session.uniqueId);
      onGone();
    }
    const code = isThere ? codes.disconnectAck : codes.disconnectNak;
    const attributes = isThere ? [] : [{ name: 'Error-Cause', value: 503 } as const];
    const answer = buildResponse({ code, request: bytes, secret: nasSecret, attributes, signed: false });
    if (answer.ok) socket.send(answer.value, from.port, from.address);
  });
  return { port: socket.address().port, close: () => closeSocket(socket) };
}

export function laneOf(wanted: string): Lane {
  const lane = lanes.find(({ name }) => name === wanted);
  if (!lane) throw new Error(`there is no lane ${wanted}`);
  return lane;
}

/** Decides about marked lines and writes their rows; the orders to their routers wait for a claim. */
export async function decideAndWrite(hub: TestHub): Promise<void> {
  await decideDirtyLines(hub.db, hub.clock, null, () => undefined);
  await dispatchLane({ ...hub.dispatching, handing: null }, laneOf('rows'), new Map());
}
