import { isPlanGroup } from '#domain/groups.ts';
import type { Intent } from '#domain/intents.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { createEarlyLooks } from '#outbox/early-look.ts';
import { type Nas, readRouters, routersOf } from '#outbox/routers.ts';
import type { Session } from '#ports/enforcer/port.ts';

export type DropIntent = Extract<Intent, { kind: 'sessions.drop' }>;

/** The sessions that are open under a name, and the routers that hold them. */
export type SessionsSeen = { readonly sessions: readonly Session[]; readonly routers: ReadonlyMap<string, Nas> };

type Standing = { readonly generation: bigint | undefined };

/** As long as a slow commit takes; whoever came since came in under the new rows. */
const looks = createEarlyLooks<DropIntent, SessionsSeen | null>(1_000);
/** As long as it takes from a commit to the packet, and hardly longer. */
const standing = createEarlyLooks<DropIntent, Standing>(20);

/** Only from plan to plan a session can have been told anything; all else is asked nothing more. */
export const mayHaveBeenTold = ({ group }: DropIntent, sessions: readonly Session[]): boolean =>
  isPlanGroup(group) && sessions.some((session) => session.group !== null && isPlanGroup(session.group));

async function routersHolding(
  d: Dispatching,
  tenantId: string,
  sessions: readonly Session[],
): Promise<SessionsSeen['routers']> {
  const addresses = [...new Set(sessions.map(({ nasAddress }) => nasAddress))];
  const [vault, rows] = await Promise.all([
    d.vaultOf(tenantId),
    d.db.look(tenantId, (tx) => readRouters(tx, tenantId, addresses)),
  ]);
  return routersOf(rows, vault);
}

/** Null: it cannot be said so simply, and is looked at when the intent's turn comes. */
async function seeSessions(d: Dispatching, tenantId: string, intent: DropIntent): Promise<SessionsSeen | null> {
  const open = await (await d.enforcerOf(tenantId))?.openSessions(intent.username);
  if (!open?.ok || mayHaveBeenTold(intent, open.value)) return null;
  return { sessions: open.value, routers: await routersHolding(d, tenantId, open.value) };
}

/** Looks for the sessions that an intent is about, once the rows that they should run under are committed and not before. */
export const foreseeSessions = (d: Dispatching, tenantId: string, intent: DropIntent): void =>
  looks.begin(intent, () => seeSessions(d, tenantId, intent));

/** The decisions that stood of the lines, under their locks, until the commit that gave out the intents. */
export function foreseeStanding(
  intents: readonly DropIntent[],
  lines: readonly { readonly id: string; readonly generation: bigint }[],
): void {
  const generations = new Map(lines.map(({ id, generation }) => [id, generation]));
  for (const intent of intents)
    standing.begin(intent, async () => ({ generation: generations.get(intent.subscriptionId) }));
}

/** What was seen for an intent that this process has just given out; null: it is to be looked at. */
export const foreseenSessions = (intent: DropIntent): Promise<SessionsSeen | null> => looks.take(intent);

/** The decision that stood at the commit just now; null: it is to be asked for. */
export const foreseenStanding = (intent: DropIntent): Promise<Standing | null> => standing.take(intent);
