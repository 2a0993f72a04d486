import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { DriftKind } from '#domain/drift.ts';
import type { Running } from './reconciling.ts';
import { type Found, recordDrift } from './record-drift.ts';

type Case = {
  readonly id: string;
  readonly unit: string;
  readonly subscription_id: string | null;
  readonly was: string;
  readonly should_be: string;
};
type Rule = {
  readonly kind: DriftKind;
  readonly why: string;
  readonly cases: (tenantId: string) => ReturnType<typeof sql<Case>>;
};

const unit = sql`a.part || ' ' || coalesce(a.serial, '') as unit`;
/** What a scan is about to change is none of these. */
const isAtRest = sql`not exists (select from asset_operations w where w.tenant_id = a.tenant_id and w.asset_id = a.id
  and w.state in ('waiting', 'held'))`;
/** The line that the hub last gave the unit to, as far as it has not taken it back since. */
const lastGiven = sql`lateral (select o.kind, o.subscription_id from asset_operations o where o.tenant_id = a.tenant_id
  and o.asset_id = a.id and o.state = 'done' and o.kind <> 'mark' order by o.finished_at desc, o.id limit 1) as given`;

/** How the mirror may contradict what stands, or itself (spec A1): each is told, and a person decides. */
const rules: readonly Rule[] = [
  {
    kind: 'asset_not_installed',
    why: 'The hub installed it at this line, and the tracker has it elsewhere: somebody moved it past the hub.',
    cases: (tenantId) => sql<Case>`
      select a.id, ${unit}, s.id as subscription_id, a.state || ' ' || a.place as was, 'installed ' || c.name as should_be
      from assets a cross join ${lastGiven}
        join subscriptions s on s.tenant_id = a.tenant_id and s.id = given.subscription_id and s.terminated_at is null
        join customers c on c.tenant_id = s.tenant_id and c.id = s.customer_id
      where a.tenant_id = ${tenantId} and given.kind = 'install' and a.gone_at is null and ${isAtRest}
        and not (a.state = 'installed' and a.customer_id = s.customer_id)`,
  },
  {
    kind: 'asset_gone',
    why: 'It was out with somebody, and the tracker has it no more.',
    cases: (tenantId) => sql<Case>`
      select a.id, ${unit}, a.subscription_id, 'not in the tracker' as was, a.state || ' ' || a.place as should_be
      from assets a where a.tenant_id = ${tenantId} and a.gone_at is not null
        and a.state in ('installed', 'in_transit', 'returned')`,
  },
  {
    kind: 'asset_twice',
    why: 'The tracker has two units of one part with this serial: one of them is not there.',
    cases: (tenantId) => sql<Case>`
      select (array_agg(a.id order by a.id))[1] as id, a.part || ' ' || min(a.serial) as unit, null::uuid as subscription_id,
        string_agg(a.tracker_ref || ' (' || a.place || ')', ', ' order by a.id) as was, 'one unit' as should_be
      from assets a where a.tenant_id = ${tenantId} and a.gone_at is null and a.serial_key <> ''
      group by a.tracker, a.part, a.part_ref, a.serial_key having count(*) > 1`,
  },
  {
    kind: 'asset_nowhere',
    why: 'The tracker has it at no place and at no customer: its place or its customer was deleted there.',
    cases: (tenantId) => sql<Case>`
      select a.id, ${unit}, null::uuid as subscription_id, 'at no place' as was, 'at a place or a customer' as should_be
      from assets a where a.tenant_id = ${tenantId} and a.tracker = 'inventree' and a.gone_at is null and a.place = ''
        and a.state not in ('installed', 'lost')`,
  },
];

export const assetKinds: readonly DriftKind[] = rules.map(({ kind }) => kind);

async function judge(tx: Tx, r: Running, { kind, why, cases }: Rule): Promise<number> {
  const { rows } = await cases(r.run.tenantId).execute(tx);
  const since = r.lastRunAt ?? new Date(r.clock());
  const found = rows.map(
    ({ id, unit: name, subscription_id: subscriptionId, was, should_be: shouldBe }): Found => ({
      ...{ kind, subject: `${name} ${id}`, subscriptionId, was, shouldBe, why, since },
      action: 'reported',
    }),
  );
  await recordDrift(tx, r.run, found);
  r.count(
    0,
    found.map((one) => one.kind),
  );
  return found.length;
}

/** Judges the mirror of units; the follower keeps it, and only tells where it contradicts what stands. */
export async function sweepAssets(r: Running): Promise<void> {
  for (const rule of rules) await r.db.worker(r.run.tenantId, (tx) => judge(tx, r, rule));
}
