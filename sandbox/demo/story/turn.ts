import { once } from 'node:events';
import type { Nas, ReceivedOrder, Session } from '../../nas/nas.ts';
import { milliseconds } from '../narrator.ts';
import { waitUntil } from '../wait-until.ts';
import { type Explanation, explain, type Line, type Scene } from './scene.ts';

/** What followed from something that happened in ERPNext; times in milliseconds since 1970. */
export type Turn = {
  readonly began: number;
  readonly explanation: Explanation;
  readonly rowsAt: number;
  /** Null: no router, nobody was online. */
  readonly packets: { readonly order: ReceivedOrder; readonly session: Session; readonly backAt: number } | null;
};

const limitMs = 20_000;

async function packetsAfter(nas: Nas): Promise<NonNullable<Turn['packets']>> {
  const signal = AbortSignal.timeout(limitMs);
  const [ordered, back] = await Promise.all([
    once(nas.events, 'order', { signal }) as Promise<[ReceivedOrder]>,
    once(nas.events, 'login', { signal }).then(([session]: Session[]) => ({ session, backAt: Date.now() })),
  ]);
  if (!back.session) throw new Error('the router told of a login without a session');
  return { order: ordered[0], session: back.session, backAt: back.backAt };
}

/** Does something in ERPNext and waits until the line is `state` in RADIUS, and its modem online under the new rows. */
export async function turnTo(scene: Scene, line: Line, state: string, happen: () => void): Promise<Turn> {
  const packets = scene.nas ? packetsAfter(scene.nas) : Promise.resolve(null);
  // Reported below, after the rows; until then nobody waits for it.
  packets.catch(() => undefined);
  const began = Date.now();
  happen();
  const explanation = await waitUntil(`the line becomes ${state}`, async () => {
    const now = await explain(scene, line);
    const { desired, applied } = now;
    const isApplied =
      desired !== null && applied.generation === desired.generation && applied.differences?.length === 0;
    return now.state === state && isApplied ? now : null;
  });
  const rows = explanation.timeline.filter(({ kind, at }) => kind === 'rows' && Date.parse(at) >= began).at(-1);
  if (!rows) throw new Error('the timeline does not tell that the rows were written');
  return { began, explanation, rowsAt: Date.parse(rows.at), packets: await packets };
}

/** Tells a turn in milliseconds since it began. */
export function tellTurn({ narrator }: Scene, turn: Turn, event: string): void {
  const { began, explanation, rowsAt, packets } = turn;
  narrator.timed(rowsAt - began, `${event} → RADIUS's rows say ${explanation.desired?.group}: ${explanation.reason}`);
  if (!packets) return;
  const { order, session, backAt } = packets;
  const answer = order.answer === 'ack' ? 'ACK' : 'refused';
  narrator.timed(
    order.at.getTime() - began,
    `${event} → the router got a Disconnect (Message-Authenticator ${order.messageAuthenticator}) and answers ${answer}.`,
  );
  const list = session.addressList === null ? '' : `, address list ${session.addressList}`;
  narrator.timed(
    backAt - began,
    `${event} → the modem is online again: Mikrotik-Rate-Limit ${session.rateLimit}${list}.`,
  );
}

/** One line that sums a turn up. */
export function sumUp(turn: Turn, event: string): string {
  const since = (at: number): string => milliseconds(at - turn.began);
  const packets = turn.packets
    ? `, ACK ${since(turn.packets.order.at.getTime())}, new session ${since(turn.packets.backAt)}`
    : '';
  return `${event}: rows ${since(turn.rowsAt)}${packets}`;
}
