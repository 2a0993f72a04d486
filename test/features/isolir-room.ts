import { createHash } from 'node:crypto';
import { groupName } from '#domain/groups.ts';
import { isolirRoutes } from '#features/isolir/routes.ts';
import type { BillOwed, IsolirDeps } from '#features/isolir/verbs.ts';
import { createLog } from '#platform/log.ts';
import { notFound } from '#platform/refusal.ts';
import type { Routes } from '#platform/routing.ts';
import { createFakeEnforcer, type FakeEnforcer } from '#ports/enforcer/fake.ts';
import { type BridgeRoom, createBridgeRoom } from './bridge-room.ts';

type NewVisitor = {
  readonly address: string;
  readonly name?: string;
  readonly code?: string;
  readonly state?: string;
  readonly reason?: object;
  readonly nas?: string;
  readonly startedAt?: Date;
  /** What the router echoes as Class; left out: the tenant's isolir group. */
  readonly group?: string | null;
  readonly mode?: 'prepaid' | 'postpaid';
};
export type Visited = {
  readonly line: string;
  readonly customer: string;
  readonly code: string;
  readonly session: string;
};

/** The isolir page on a real bridge, with an enforcer in memory and bills as they are told. */
export type IsolirRoom = BridgeRoom & {
  readonly enforcer: FakeEnforcer;
  readonly deps: IsolirDeps;
  readonly routes: Routes;
  readonly bills: Map<string, readonly BillOwed[]>;
  readonly logos: Map<string, Uint8Array>;
  /** What a voucher's code comes to; one that is not here is unknown. */
  readonly vouchers: Map<string, () => Promise<unknown>>;
  readonly redeemed: { readonly tenantId: string; readonly line: string; readonly code: string }[];
  set(tenantId: string, settings: object): Promise<void>;
  /** A line with a customer, and its open session at an address. */
  addVisitor(tenantId: string, visitor: NewVisitor): Promise<Visited>;
};

export async function createIsolirRoom(postgresUrl: string): Promise<IsolirRoom> {
  const room = await createBridgeRoom(postgresUrl);
  const enforcer = createFakeEnforcer();
  const bills = new Map<string, readonly BillOwed[]>();
  const logos = new Map<string, Uint8Array>();
  const vouchers = new Map<string, () => Promise<unknown>>();
  const redeemed: { tenantId: string; line: string; code: string }[] = [];
  const deps: IsolirDeps = {
    db: room.db,
    log: createLog('silent'),
    whoIsAt: (_tenantId, address) => enforcer.whoIsAt(address),
    owedBy: async (_tx, _tenantId, id) => bills.get(id) ?? [],
    redeemVoucher: async ({ tenantId }, line, code) => {
      redeemed.push({ tenantId, line, code });
      const voucher = vouchers.get(code);
      if (!voucher) throw notFound('voucher');
      await voucher();
    },
    logoOf: async (tenantId) => {
      const content = logos.get(tenantId);
      return content ? { content, type: 'image/png' } : null;
    },
  };
  let count = 0;

  const addVisitor: IsolirRoom['addVisitor'] = async (tenantId, visitor) => {
    count += 1;
    const username = `ckp${String(count).padStart(4, '0')}`;
    const { name = 'Budi Santoso', code = `CUST${count}`, state = 'isolated', reason = { code: 'debt' } } = visitor;
    const hash = createHash('sha256').update(username).digest('hex');
    const [row] = await room.look<{ id: string; customer: string }>(
      `with p as (
         insert into service_plans (tenant_id, name, key, down_kbps, up_kbps, price) values ($1, 'Home', 'home', 1, 1, 1)
         on conflict do nothing returning id),
       plan as (select id from p union all select id from service_plans where tenant_id = $1 and key = 'home' limit 1),
       c as (insert into customers (tenant_id, customer_code, name, phone, address)
         values ($1, $2, $3, '+6281234567890', 'Jalan Rahasia 7') returning id),
       s as (insert into subscriptions (tenant_id, customer_id, service_plan_id, billing_mode, due_day, monthly_fee,
           radius_db, username, canonical_username, password)
         select $1, c.id, plan.id, $5, 20, 150000, 'installation', $4, $4, '-' from c, plan
         returning id, customer_id)
       select id, customer_id as customer from s`,
      [tenantId, code, name, username, visitor.mode ?? 'postpaid'],
    );
    const line = row?.id ?? '';
    await room.look(
      `insert into access (tenant_id, subscription_id, state, desired, reason, evidence, hash, generation, decided_at)
       values ($1, $2, $3, '{}', $4, '{}', $5, 1, now())`,
      [tenantId, line, state, JSON.stringify(reason), hash],
    );
    const session = `session-${count}`;
    const { group = groupName(tenantId, 'isolir'), startedAt = new Date() } = visitor;
    enforcer.putSession({
      uniqueId: session,
      sessionId: '81d00001',
      username: username.toUpperCase(),
      nasAddress: visitor.nas ?? '10.20.0.1',
      framedAddress: visitor.address,
      callingStationId: null,
      startedAt,
      updatedAt: startedAt,
      inputOctets: 0,
      outputOctets: 0,
      group,
    });
    return { line, customer: row?.customer ?? '', code, session };
  };

  return {
    ...room,
    enforcer,
    deps,
    routes: isolirRoutes(deps),
    bills,
    logos,
    vouchers,
    redeemed,
    set: async (tenantId, settings) => {
      await room.look('update tenants set settings = $2 where id = $1', [tenantId, JSON.stringify(settings)]);
    },
    addVisitor,
  };
}
