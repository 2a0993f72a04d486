import type { Tx } from '#db/database.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import { sightOf } from './sight.ts';
import { findCustomer, linesOf, positionsOf } from './store.ts';

const entriesMax = 1_000;

const textIn = (data: unknown, field: string): string | null => {
  const value = typeof data === 'object' && data !== null ? (data as Record<string, unknown>)[field] : undefined;
  return typeof value === 'string' ? value : null;
};

/** What of the timelines of these lines tells their states, oldest first. */
const entriesOf = (tx: Tx, tenantId: string, lineIds: readonly string[]) =>
  lineIds.length === 0
    ? Promise.resolve([])
    : tx
        .selectFrom('timeline')
        .where('tenant_id', '=', tenantId)
        .where('subscription_id', 'in', lineIds)
        .where('kind', 'in', ['registered', 'decision', 'by_hand'])
        .select(['subscription_id', 'at', 'kind', 'text', 'correlation_id', 'data'])
        .orderBy('id', 'desc')
        .limit(entriesMax)
        .execute();

type Entry = Awaited<ReturnType<typeof entriesOf>>[number];

const isMove = ({ kind, data }: Entry): boolean => kind !== 'decision' || textIn(data, 'state') !== textIn(data, 'was');

/** A decision is of whoever acted under the same request; else of the event that caused it. */
function changeOf(entry: Entry, hands: ReadonlyMap<string, string>) {
  return {
    at: entry.at.toISOString(),
    kind: entry.kind,
    state: textIn(entry.data, 'state'),
    was: textIn(entry.data, 'was'),
    text: entry.text,
    by: hands.get(`${entry.subscription_id} ${entry.correlation_id}`) ?? null,
    cause: textIn(entry.data, 'cause') ?? textIn(entry.data, 'source'),
    correlation_id: entry.correlation_id,
  };
}

/** How each line came to be as it is: when, why, by whom or by which event; and where the customer was (spec C9). */
export async function customerHistory(tx: Tx, who: Who, id: string) {
  demand(who.caller, 'customers:read');
  const sight = sightOf(who);
  if (!(await findCustomer(tx, sight, id))) throw notFound('customer');
  const lines = await linesOf(tx, who.tenantId, [id]);
  const entries = await entriesOf(
    tx,
    who.tenantId,
    lines.map((line) => line.id),
  );
  const hands = new Map(
    entries.flatMap((entry) => {
      const user = entry.kind === 'by_hand' ? textIn(entry.data, 'user') : null;
      return user === null ? [] : [[`${entry.subscription_id} ${entry.correlation_id}`, user] as const];
    }),
  );
  const moves = entries.filter(isMove).reverse();
  const positions = sight.seesContact ? await positionsOf(tx, who.tenantId, id) : [];
  return {
    subscriptions: lines.map((line) => ({
      subscription_id: line.id,
      username: line.username,
      changes: moves.filter((entry) => entry.subscription_id === line.id).map((entry) => changeOf(entry, hands)),
    })),
    positions: positions.map(({ recorded_at, ...position }) => ({
      ...position,
      recorded_at: recorded_at.toISOString(),
    })),
  };
}
