import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { Database } from '#db/database.ts';
import { type Busy, dispatchLane, lanes } from '#outbox/dispatch.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import { type CuttingProxy, type Fate, startCuttingProxy } from '#sandbox/erpnext/rest/cutting-proxy.ts';
import { type ErpnextStage, lineItem, openErpnextStage } from '#test/pipeline/erpnext-stage.ts';
import { type Call, type PushedKind, pushedKinds } from './pushed-kinds.ts';

/** 200 of each kind at full length; at a part of it the kinds share the points of their way among them. */
const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
const crashes = Math.max(6, Math.round(200 * scale * scale));

type Point = { readonly call: Call; readonly fate: Fate } | 'before it was settled';

/** Where a push ends once, in the order of its way. */
const points: readonly (readonly [string, Point])[] = [
  ['before the first look', { call: 'look', fate: 'lost before' }],
  ['before the insert', { call: 'insert', fate: 'lost before' }],
  ['inserted, its answer cut', { call: 'insert', fate: 'cut after' }],
  ['inserted, its answer never came', { call: 'insert', fate: 'hangs after' }],
  ['between draft and submit', { call: 'submit', fate: 'lost before' }],
  ['submitted, its answer cut', { call: 'submit', fate: 'cut after' }],
  ['submitted, its answer never came', { call: 'submit', fate: 'hangs after' }],
  ['before the last look', { call: 'last look', fate: 'lost before' }],
  ['before it was settled', 'before it was settled'],
];
const kindNames = [
  ...[
    'payments',
    'bills',
    'customers, of leads too',
    'subscriptions',
    'incentives',
    'payouts of commission',
    'that somebody came',
  ],
  'complaints',
];

let proxy: CuttingProxy;
let stage: ErpnextStage;
let kinds: readonly PushedKind[];

beforeAll(async () => {
  proxy = await startCuttingProxy();
  const over = { url: proxy.url, timeoutMs: 250 };
  stage = await openErpnextStage(inject('postgresUrl'), over, undefined, { payroll: true });
  proxy.towards = stage.erp.url;
  stage.erp.createCustomer({ customer_name: 'payer' });
  stage.erp.createPlan({ name: 'Home', item: lineItem, cost: 150_000 });
  const line = await stage.addLine(stage.tenantId, 'payer');
  const subscription = stage.erp.createSubscription({ party: 'payer', plans: ['FIBER-50M-PLAN'] });
  await stage.look('update subscriptions set erp_subscription = $2 where id = $1', [line.subscriptionId, subscription]);
  const [customer] = await stage.look<{ id: string }>('select id from customers where tenant_id = $1', [
    stage.tenantId,
  ]);
  const [user] = await stage.look<{ id: string }>(
    `insert into users (tenant_id, email, name, role, password_hash, erp_employee)
     values ($1, 'sari@isp.id', 'Sari', 'technician', '-', 'HR-EMP-1') returning id`,
    [stage.tenantId],
  );
  kinds = pushedKinds(stage, { customerId: customer?.id ?? '', line, userId: user?.id ?? '' });
});
afterAll(async () => {
  await stage?.leave();
  await proxy?.stop();
});

/** Which call of a push it is, told by what it asks for. */
function callsOf({ doctype, calls }: PushedKind) {
  let isOver = !calls.includes('submit');
  return (method: string, path: string): Call | null => {
    if (!path.startsWith(`/api/resource/${doctype}`)) return null;
    if (method === 'POST') return 'insert';
    if (method === 'PUT') {
      isOver = true;
      return 'submit';
    }
    if (path.includes('jembatan_ref')) return 'look';
    return isOver && path.startsWith(`/api/resource/${doctype}/`) ? 'last look' : null;
  };
}

/** The bridge, but the process dies once before it can settle. */
function dyingBridge(db: Database): Database {
  let calls = 0;
  return {
    ...db,
    worker: (tenantId, work) => {
      calls += 1;
      // The first reads what is to go out, the second settles.
      if (calls === 2) return Promise.reject(new Error('the process died'));
      return db.worker(tenantId, work);
    },
  };
}

const lane = lanes.find(({ kinds: carried }) => carried.includes('ledger.payment'));

/** One try of what waits; answers whether all of it is done. */
async function tryOnce(kind: PushedKind, ref: string, d: Dispatching): Promise<boolean> {
  if (kind.bring) {
    const push = (await d.ledgerOf(stage.tenantId))?.push;
    return push !== undefined && (await kind.bring(push, ref)).ok;
  }
  if (!lane) throw new Error('no lane carries what the ledger gets');
  await stage.look(`update outbox set next_at = now(), locked_until = now() - interval '1 s' where state <> 'done'`);
  const busy: Busy = new Map();
  await dispatchLane(d, lane, busy);
  await Promise.all(busy.keys());
  const left = await stage.look(`select from outbox where tenant_id = $1 and kind = $2 and state <> 'done'`, [
    stage.tenantId,
    kind.intent,
  ]);
  return left.length === 0;
}

/** Brings what waits to ERPNext, ending once at the point; answers how often it was begun. */
async function push(kind: PushedKind, ref: string, point: Point): Promise<number> {
  const told = callsOf(kind);
  const dies = point === 'before it was settled';
  let isOver = dies;
  proxy.fate = (method, path) => {
    const call = told(method, path);
    if (isOver || dies || call !== point.call) return null;
    isOver = true;
    return point.fate;
  };
  const quiet: Dispatching = { ...stage.dispatching, handing: null };
  // Whoever dies before it settled knows nothing of what it had done.
  const first = await tryOnce(kind, ref, dies ? { ...quiet, db: dyingBridge(quiet.db) } : quiet);
  if (!dies || kind.intent !== null) expect(first, JSON.stringify(point)).toBe(false);
  let tries = 1;
  for (let isDone = false; tries < 8 && !isDone; tries += 1) isDone = await tryOnce(kind, ref, quiet);
  proxy.fate = () => null;
  return tries;
}

type Entry = { readonly docstatus: number; readonly jembatan_ref?: string };
/** All documents of a doctype at ERPNext's own desk. */
async function documentsOf(doctype: string): Promise<readonly Entry[]> {
  const fields = JSON.stringify(['name', 'docstatus', 'jembatan_ref']);
  const { erp } = stage;
  const answer = await fetch(
    `${erp.url}/api/resource/${encodeURIComponent(doctype)}?fields=${encodeURIComponent(fields)}&limit_page_length=0`,
    { headers: { Authorization: `token ${erp.apiKey}:${erp.apiSecret}` } },
  );
  return ((await answer.json()) as { data: Entry[] }).data;
}

/** How many of the references stand there other than once, in force. */
function wrongOf(entries: readonly Entry[], refs: readonly string[], isSubmitted: boolean) {
  const inForce = isSubmitted ? 1 : 0;
  const of = (ref: string) => entries.filter((one) => one.jembatan_ref === ref);
  return {
    double: refs.filter((ref) => of(ref).length > 1).length,
    missing: refs.filter((ref) => !of(ref).some(({ docstatus }) => docstatus === inForce)).length,
    drafts: isSubmitted ? entries.filter(({ docstatus }) => docstatus === 0).length : 0,
  };
}

/** Each payment has paid its bill, and nothing is left of it. */
async function expectNothingOpen(): Promise<void> {
  const ledger = await stage.dispatching.ledgerOf(stage.tenantId);
  expect(await ledger?.readCustomer('payer')).toMatchObject({ ok: true, value: { invoices: [], receipts: [] } });
}

const kindOf = (words: string): PushedKind => {
  const kind = kinds.find((one) => one.words === words);
  if (!kind) throw new Error(`nothing pushes ${words}`);
  return kind;
};

/** The points on the way of a kind. */
const onTheWayOf = ({ calls }: PushedKind): readonly Point[] =>
  points.flatMap(([, point]) => (typeof point === 'string' || calls.includes(point.call) ? [point] : []));

describe('REL-19: what is pushed to ERPNext', () => {
  it.each(kindNames)(
    `%s: of ${crashes} that ended once on their way none is there twice, and none is missing`,
    async (words) => {
      const kind = kindOf(words);
      const way = onTheWayOf(kind);
      const refs: string[] = [];
      const start = kinds.indexOf(kind) * crashes;
      for (let n = start; n < start + crashes; n += 1) {
        const ref = await kind.make(n);
        refs.push(ref);
        const point = way[n % way.length];
        if (point) expect(await push(kind, ref, point)).toBeGreaterThan(1);
      }
      const isSubmitted = kind.calls.includes('submit');
      expect(wrongOf(await documentsOf(kind.doctype), refs, isSubmitted)).toEqual({ double: 0, missing: 0, drafts: 0 });
      if (words === 'payments') await expectNothingOpen();
      if (kind.kept === null) return;
      const [table, column] = kind.kept;
      const kept = `select count(distinct ${column})::int as n from ${table} where id = any($1::uuid[])`;
      expect(await stage.look(kept, [refs])).toEqual([{ n: crashes }]);
    },
    240_000,
  );

  it('L1: a bill that was pushed names its line’s subscription and item', async () => {
    const [row] = await stage.look<{ erp_invoice: string }>('select erp_invoice from ledger_invoices limit 1', []);
    const { subscription, items } = stage.erp.get('Sales Invoice', row?.erp_invoice ?? '');
    expect(subscription).toMatch(/^ACC-SUB-/);
    expect(items).toMatchObject([{ item_code: lineItem, rate: 50_000 }]);
  });

  it.each(kindNames)(
    'control: %s are doubled by a pusher that neither looks first nor leaves its reference',
    async (words) => {
      const kind = kindOf(words);
      const before = (await documentsOf(kind.doctype)).length;
      // A username is one line's for ever, so it keeps a second Subscription out as well.
      proxy.forgets = ['jembatan_ref', 'jembatan_username'];
      await push(kind, await kind.make(9_999), { call: 'insert', fate: 'cut after' });
      proxy.forgets = [];
      expect((await documentsOf(kind.doctype)).length - before).toBe(2);
    },
  );
});
