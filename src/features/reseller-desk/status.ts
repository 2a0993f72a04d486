import { z } from 'zod';
import type { Database, Tx } from '#db/database.ts';
import { localDate, localTime } from '#domain/local-time.ts';
import { moneyText } from '#domain/money-text.ts';
import type { Language } from '#domain/reason.ts';
import { dotOf, type ShopFacts, shopAnswer, shopReasons, shopWords } from '#domain/shop-status.ts';
import type { Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import { openOf } from './bills.ts';
import { type Counter, type Desk, openCounter } from './desk.ts';
import { type LineRow, linesOf, stateOf } from './lines.ts';
import type { PastSession } from './modem-looks.ts';
import type { SubCustomerStatus, ToldLine } from './schema.ts';

const Reason = z.object({ code: z.enum(shopReasons) });

/** A customer with more lines than these is no shop's. */
const shownLines = 5;

async function findCustomer(tx: Tx, { tenantId, resellerId }: Counter, id: string) {
  const row = await tx
    .selectFrom('customers')
    .where('tenant_id', '=', tenantId)
    .where('reseller_id', '=', resellerId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .select(['id', 'customer_code', 'name', 'phone', 'address', 'latitude', 'longitude', 'status'])
    .executeTakeFirst();
  if (!row) throw notFound('customer');
  return row;
}

/** Routers that answer the hub no more, by id and by address: the hub's own look, for no reseller reads routers. */
const deafRouters = (db: Database, tenantId: string): Promise<ReadonlySet<string>> =>
  db.look(tenantId, async (tx) => {
    const deaf = tx.selectFrom('nas').where('tenant_id', '=', tenantId).where('deaf_since', 'is not', null);
    return new Set((await deaf.select(['id', 'address']).execute()).flatMap(({ id, address }) => [id, address]));
  });

const months: Readonly<Record<Language, readonly string[]>> = {
  id: 'Januari Februari Maret April Mei Juni Juli Agustus September Oktober November Desember'.split(' '),
  en: 'January February March April May June July August September October November December'.split(' '),
};

/** `2026-11-20` as people say it. */
function dayText(date: string, language: Language): string {
  const [year = '', month = '', day = ''] = date.split('-');
  return `${Number(day)} ${months[language][Number(month) - 1] ?? month} ${year}`;
}

/** An instant by the tenant's clock: today by its time alone. */
function momentText(at: Date | null, { settings, today }: Counter, language: Language): string {
  if (at === null) return '?';
  const day = localDate(at.getTime(), settings.time_zone);
  const time = localTime(at.getTime(), settings.time_zone).slice(11, 16);
  return day === today ? time : `${dayText(day, language)} ${time}`;
}

type Owing = { readonly open: bigint; readonly due: string };
type Seen = {
  readonly counter: Counter;
  readonly owing: Owing | undefined;
  readonly deaf: ReadonlySet<string>;
};

const megabytes = (octets: number): number => Math.round(octets / 1_000_000);

function sessionView({ startedAt, endedAt, seenAt, inputOctets, outputOctets }: PastSession) {
  const until = endedAt ?? seenAt;
  const ms = startedAt && until ? until.getTime() - startedAt.getTime() : null;
  return {
    started_at: startedAt?.toISOString() ?? null,
    ended_at: endedAt?.toISOString() ?? null,
    seconds: ms === null ? null : Math.max(0, Math.round(ms / 1_000)),
    // As the router counts: its input is what the line sent.
    up_mb: megabytes(inputOctets),
    down_mb: megabytes(outputOctets),
  };
}

function factsOf(line: LineRow, sessions: readonly PastSession[] | null, { owing, deaf }: Seen): ShopFacts {
  const reason = Reason.safeParse(line.reason);
  const [last] = sessions ?? [];
  return {
    state: stateOf(line.state),
    reason: reason.success ? reason.data.code : null,
    isInstalled: line.installed_at !== null,
    online: sessions?.some(({ endedAt }) => endedAt === null) ?? null,
    wasSeen: last !== undefined,
    routerAway:
      (line.router_id !== null && deaf.has(line.router_id)) || (last !== undefined && deaf.has(last.nasAddress)),
    owes: owing !== undefined,
  };
}

function lineView(line: LineRow, sessions: readonly PastSession[] | null, seen: Seen): ToldLine {
  const { counter, owing } = seen;
  const facts = factsOf(line, sessions, seen);
  const { cause, step, dot } = shopAnswer(facts);
  const since = sessions?.find(({ endedAt }) => endedAt === null)?.startedAt ?? null;
  const lastSeen = sessions?.[0]?.seenAt ?? null;
  const text = (language: Language): string =>
    shopWords(cause, language, {
      amount: moneyText(owing?.open ?? 0n, counter.settings.currency, language),
      due: owing ? dayText(owing.due, language) : '',
      since: momentText(since, counter, language),
      seen: momentText(lastSeen, counter, language),
    });
  return {
    subscription_id: line.id,
    username: line.username,
    plan: { id: line.plan_id, name: line.plan_name, price: Number(line.monthly_fee) },
    state: facts.state,
    dot,
    online: facts.online,
    online_since: since?.toISOString() ?? null,
    last_seen_at: lastSeen?.toISOString() ?? null,
    why: { code: cause, step, text: { id: text('id'), en: text('en') } },
    sessions: (sessions ?? []).map(sessionView),
  };
}

/**
 * How one customer of a reseller stands: whether its modem is online, its last sessions, and why it is off in words of a
 * shop (spec S1). Accounting that does not answer leaves that grey, and is said so.
 */
export async function customerStatus(desk: Desk, who: Who, id: string): Promise<SubCustomerStatus> {
  const { db, clock, looks } = desk;
  const { tenantId } = who;
  const { counter, row, lines, owing } = await db.tenant(tenantId, async (tx) => {
    const open = await openCounter(tx, who, clock());
    const customer = await findCustomer(tx, open, id);
    const [all, owed] = await Promise.all([linesOf(tx, tenantId, [id]), openOf(tx, open, [id])]);
    return { counter: open, row: customer, lines: all.slice(0, shownLines), owing: owed.get(id) };
  });
  const [deaf, sessions] = await Promise.all([
    deafRouters(db, tenantId),
    Promise.all(lines.map((line) => looks.lastSessions(tenantId, line.canonical_username))),
  ]);
  const told = lines.map((line, i) => lineView(line, sessions[i] ?? null, { counter, owing, deaf }));
  const { status, ...shown } = row;
  const state = stateOf(status);
  const seesAll = told.every(({ online }) => online !== null);
  const isOnline = told.some(({ online }) => online === true) || (seesAll ? false : null);
  return { ...shown, state, dot: dotOf(state, isOnline), open: Number(owing?.open ?? 0n), lines: told };
}
