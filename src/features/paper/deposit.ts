import type { Tx } from '#db/database.ts';
import { addDays, instantAt, localDate } from '#domain/local-time.ts';
import { demand, demandReseller, type Who } from '#platform/caller.ts';
import type { DepositPaper } from '#platform/paper/papers.ts';
import { notFound } from '#platform/refusal.ts';
import { headingOf } from './letterhead.ts';
import type { StatementQuery } from './schema.ts';
import * as store from './store.ts';
import { checkRows, type Drafted, daysOf } from './verbs.ts';

/** `resellerId`: whose deposit; null: the caller's own. `now` in ms since 1970. */
type Asked = { readonly resellerId: string | null; readonly query: StatementQuery; readonly now: number };

/** What moved a reseller's deposit, by days of the tenant's calendar (spec S2). */
export async function draftDeposit(
  tx: Tx,
  who: Who,
  { resellerId, query, now }: Asked,
): Promise<Drafted<DepositPaper>> {
  demand(who.caller, resellerId === null ? 'own_sales:read' : 'deposits:read');
  const { tenantId } = who;
  const id = resellerId ?? demandReseller(who);
  const [reseller, heading] = await Promise.all([
    store.resellerOfId(tx, tenantId, id),
    headingOf(tx, tenantId, query.language, now),
  ]);
  if (!reseller) throw notFound('reseller');
  const { from, to } = daysOf(query, heading);
  const { time_zone: zone } = heading.settings;
  const midnight = (day: string): Date => new Date(instantAt(day, 0, 0, zone));
  const [opening, moves] = await Promise.all([
    store.depositBefore(tx, tenantId, id, midnight(from)),
    store.depositMoves(tx, tenantId, id, midnight(from), midnight(addDays(to, 1))),
  ]);
  checkRows(moves);
  const rows = moves.map(({ kind, amount, balance, memo, moved_at: at }) => ({
    ...{ on: localDate(at.getTime(), zone), what: kind, memo, amount, balance },
  }));
  return {
    heading,
    paper: { kind: 'deposit_statement', head: heading.head, reseller: reseller.name, from, to, opening, rows },
  };
}
