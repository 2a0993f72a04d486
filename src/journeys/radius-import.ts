import type { Database, Tx } from '#db/database.ts';
import type { AttributeRow } from '#domain/access.ts';
import { noDetails } from './customer-code.ts';
import { type Registration, register } from './registration.ts';
import { attempt } from './savepoint.ts';
import type { Surroundings } from './tenant-context.ts';

/** A user of a RADIUS database, as whoever read it classified it. `password` is in clear. */
export type RadiusUser = {
  readonly username: string;
  /** From daloRADIUS's userinfo, where there is one. */
  readonly name: string | null;
  readonly password: string;
  readonly group: string;
  readonly mac: string | null;
  /** Reply rows that become the line's own. */
  readonly reply: readonly AttributeRow[];
};

export type ImportReport = {
  readonly adopted: readonly {
    readonly username: string;
    readonly customerCode: string;
    readonly subscriptionId: string;
  }[];
  readonly skipped: readonly { readonly username: string; readonly why: string }[];
};

/** Users a transaction: few enough that others who register meanwhile wait no second for the counters. */
const usersATransaction = 50;

const unknown = '-';

const adopted = (tx: Tx, around: Surroundings, tenantId: string, user: RadiusUser, planId: string, id: string) =>
  register(
    tx,
    around,
    tenantId,
    {
      customer: {
        ...noDetails,
        name: user.name ?? user.username,
        phone: unknown,
        address: unknown,
        email: null,
        erpCustomer: null,
      },
      line: {
        servicePlanId: planId,
        billingMode: null,
        dueDay: null,
        username: user.username,
        ifUsernameTaken: 'refuse',
        password: user.password,
        mac: user.mac,
        ifMacTaken: 'leave_link',
        reply: user.reply,
        routerId: null,
        erpSubscription: null,
        wasServed: true,
        source: 'radius import',
        soldBy: null,
      },
    },
    id,
  );

type One = { readonly user: RadiusUser; readonly outcome: Registration | string };

async function importUsers(
  tx: Tx,
  around: Surroundings,
  tenantId: string,
  users: readonly RadiusUser[],
  planOfGroup: ReadonlyMap<string, string>,
  correlationId: string,
): Promise<readonly One[]> {
  const done: One[] = [];
  for (const user of users) {
    const planId = planOfGroup.get(user.group);
    if (planId === undefined) {
      done.push({ user, outcome: `No service plan stands for the group ${user.group}.` });
      continue;
    }
    const result = await attempt(tx, () => adopted(tx, around, tenantId, user, planId, correlationId));
    done.push({ user, outcome: result.ok ? result.value : result.error.message });
  }
  return done;
}

/**
 * Adopts users of a RADIUS database as customers with one line each, their passwords unchanged (spec X11). Whoever
 * cannot be adopted is skipped, with the reason in words; importing again adopts who is new since.
 */
export async function importRadiusUsers(
  { db, ...around }: Surroundings & { readonly db: Database },
  tenantId: string,
  users: readonly RadiusUser[],
  planOfGroup: ReadonlyMap<string, string>,
  correlationId: string,
): Promise<ImportReport> {
  const all: One[] = [];
  for (let start = 0; start < users.length; start += usersATransaction) {
    const some = users.slice(start, start + usersATransaction);
    all.push(
      ...(await db.tenant(tenantId, (tx) => importUsers(tx, around, tenantId, some, planOfGroup, correlationId))),
    );
  }
  return {
    adopted: all.flatMap(({ outcome }) =>
      typeof outcome === 'string'
        ? []
        : [{ username: outcome.username, customerCode: outcome.customerCode, subscriptionId: outcome.subscriptionId }],
    ),
    skipped: all.flatMap(({ user, outcome }) =>
      typeof outcome === 'string' ? [{ username: user.username, why: outcome }] : [],
    ),
  };
}
