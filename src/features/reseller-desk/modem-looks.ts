import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { Result } from '#domain/result.ts';
import type { Clock } from '#platform/clock.ts';

/** A session of one user, open or over, as accounting has it. */
export type PastSession = {
  readonly startedAt: Date | null;
  readonly endedAt: Date | null;
  readonly seenAt: Date | null;
  readonly nasAddress: string;
  readonly inputOctets: number;
  readonly outputOctets: number;
};

/** A look at a tenant's accounting; the error says in words why there is none. Names are canonical ones. */
export type ModemView = {
  readonly online: (tenantId: string, names: readonly string[]) => Promise<Result<ReadonlySet<string>, unknown>>;
  readonly lastSessions: (
    tenantId: string,
    name: string,
    limit: number,
  ) => Promise<Result<readonly PastSession[], unknown>>;
};

/** Which of a reseller's customers were online. `at` in ms since 1970. */
export type ResellerLook = { readonly at: number; readonly customers: ReadonlySet<string> };

export type ModemLooks = {
  /** Who of these is online; null: accounting did not answer in time. */
  online(tenantId: string, names: readonly string[]): Promise<ReadonlySet<string> | null>;
  lastSessions(tenantId: string, name: string): Promise<readonly PastSession[] | null>;
  /** The same of all of a reseller's served customers, as it was half a minute ago at most. */
  ofReseller(tenantId: string, resellerId: string): Promise<ResellerLook | null>;
};

/** Whoever stands at a counter waits no longer for a dot. */
const patienceMs = 2_000;
const keptMs = 30_000;
/** Accounting that is away is not asked by every page. */
const awayMs = 5_000;
const keptLooks = 500;
const shownSessions = 10;

const late = Symbol('late');

/** Null: no answer, or none in time. A failure that comes later has nobody to tell any more. */
async function inTime<T>(asked: Promise<Result<T, unknown>>): Promise<T | null> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<typeof late>((resolve) => {
    timer = setTimeout(() => resolve(late), patienceMs);
  });
  const answer = await Promise.race([asked, limit]).finally(() => clearTimeout(timer));
  return answer === late || !answer.ok ? null : answer.value;
}

type ServedLine = { readonly customer_id: string; readonly name: string };

/** The hub's own look, for it is kept longer than one request: only ids of this reseller's customers come out of it. */
const servedLines = (db: Database, tenantId: string, resellerId: string) =>
  db.look(tenantId, async (tx) => {
    const { rows } = await sql<ServedLine>`
      select s.customer_id, s.canonical_username as name
      from customers c join subscriptions s on s.tenant_id = c.tenant_id and s.customer_id = c.id
      where c.tenant_id = ${tenantId} and c.reseller_id = ${resellerId} and c.status = 'active' and c.deleted_at is null
        and s.terminated_at is null`.execute(tx);
    return rows;
  });

type Kept = { readonly until: number; readonly look: Promise<ResellerLook | null> };

/** Looks at modems for resellers: each with a time limit, those at all customers of one shared and kept for a moment. */
export function createModemLooks(db: Database, modems: ModemView, clock: Clock): ModemLooks {
  const kept = new Map<string, Kept>();

  async function look(tenantId: string, resellerId: string): Promise<ResellerLook | null> {
    const lines = await servedLines(db, tenantId, resellerId);
    const names = await inTime(
      modems.online(
        tenantId,
        lines.map(({ name }) => name),
      ),
    );
    if (names === null) return null;
    const online = lines.filter(({ name }) => names.has(name));
    return { at: clock(), customers: new Set(online.map((line) => line.customer_id)) };
  }

  function begin(key: string, tenantId: string, resellerId: string): Promise<ResellerLook | null> {
    const begun = look(tenantId, resellerId);
    kept.set(key, { until: clock() + keptMs, look: begun });
    const [oldest] = kept.keys();
    if (kept.size > keptLooks && oldest !== undefined) kept.delete(oldest);
    const forgetSoon = (): void => {
      if (kept.get(key)?.look === begun) kept.set(key, { until: clock() + awayMs, look: begun });
    };
    begun.then(
      (seen) => seen === null && forgetSoon(),
      () => kept.delete(key),
    );
    return begun;
  }

  return {
    online: (tenantId, names) => inTime(modems.online(tenantId, names)),
    lastSessions: (tenantId, name) => inTime(modems.lastSessions(tenantId, name, shownSessions)),
    ofReseller: (tenantId, resellerId) => {
      const key = `${tenantId} ${resellerId}`;
      const found = kept.get(key);
      if (found && found.until > clock()) return found.look;
      kept.delete(key);
      return begin(key, tenantId, resellerId);
    },
  };
}
