import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type Page, readPage } from '#db/page.ts';
import type { AssetState } from '#domain/asset.ts';
import type { StepState } from '#domain/scan.ts';
import type { ScanQuery } from './schema.ts';

/** Whose scans somebody may see; `technicianId` null: all of the tenant. */
export type Sight = { readonly tenantId: string; readonly technicianId: string | null };

type StoredUnit = {
  readonly id: string;
  readonly part: string;
  readonly serial: string | null;
  readonly mac: string | null;
  readonly gpon_sn: string | null;
  readonly state: AssetState;
  readonly place: string;
};
type StoredStep = {
  readonly name: string;
  readonly state: StepState;
  readonly detail: string;
  readonly at: string | null;
};

const unit = (column: 'asset_id' | 'replaced_asset_id') =>
  sql<StoredUnit | null>`(
    select jsonb_build_object('id', a.id, 'part', a.part, 'serial', a.serial, 'mac', a.mac, 'gpon_sn', a.gpon_sn,
      'state', a.state, 'place', a.place)
    from assets a where a.tenant_id = s.tenant_id and a.id = s.${sql.ref(column)})`;

const steps = sql<readonly StoredStep[]>`(
  select coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'state', t.state, 'detail', t.detail,
    'at', to_char(t.happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by t.no), '[]')
  from scan_steps t where t.tenant_id = s.tenant_id and t.scan_id = s.id)`;

const scans = (tx: Tx, { tenantId, technicianId }: Sight) =>
  tx
    .selectFrom('scans as s')
    .leftJoin('subscriptions as l', (join) =>
      join.onRef('l.tenant_id', '=', 's.tenant_id').onRef('l.id', '=', 's.subscription_id'),
    )
    .leftJoin('customers as c', (join) =>
      join.onRef('c.tenant_id', '=', 'l.tenant_id').onRef('c.id', '=', 'l.customer_id'),
    )
    .leftJoin('users as u', (join) =>
      join.onRef('u.tenant_id', '=', 's.tenant_id').onRef('u.id', '=', 's.technician_id'),
    )
    .where('s.tenant_id', '=', tenantId)
    .$if(technicianId !== null, (query) =>
      query.where((eb) => eb.or([eb('s.scanned_by', '=', technicianId), eb('s.technician_id', '=', technicianId)])),
    );

const rows = (tx: Tx, sight: Sight) =>
  scans(tx, sight)
    .select(['s.id', 's.kind', 's.code', 's.client_ref', 's.scanned_at', 's.received_at', 's.scanned_by', 's.state'])
    .select([
      's.problem',
      's.problem_details',
      's.condition',
      's.work_order_id',
      's.technician_id',
      's.subscription_id',
    ])
    .select(['u.name as technician', 'l.username', 'c.customer_code', 'c.name as customer_name'])
    .select([unit('asset_id').as('asset'), unit('replaced_asset_id').as('replaced'), steps.as('steps')]);

export const findScan = (tx: Tx, sight: Sight, id: string) => rows(tx, sight).where('s.id', '=', id).executeTakeFirst();
export type ScanRow = NonNullable<Awaited<ReturnType<typeof findScan>>>;

export function listScans(tx: Tx, sight: Sight, query: ScanQuery): Promise<Page<ScanRow>> {
  const { state, kind, asset_id: asset, subscription_id: line, work_order_id: order, technician_id: bag } = query;
  const matching = rows(tx, sight)
    .$if(state !== undefined, (some) => some.where('s.state', '=', state ?? 'running'))
    .$if(kind !== undefined, (some) => some.where('s.kind', '=', kind ?? 'install'))
    .$if(asset !== undefined, (some) =>
      some.where((eb) => eb.or([eb('s.asset_id', '=', asset ?? ''), eb('s.replaced_asset_id', '=', asset ?? '')])),
    )
    .$if(line !== undefined, (some) => some.where('s.subscription_id', '=', line ?? ''))
    .$if(order !== undefined, (some) => some.where('s.work_order_id', '=', order ?? ''))
    .$if(bag !== undefined, (some) => some.where('s.technician_id', '=', bag ?? ''));
  return readPage(matching.orderBy('s.scanned_at', 'desc').orderBy('s.id', 'desc'), query);
}

export const settingsOf = async (tx: Tx, tenantId: string): Promise<unknown> =>
  (await tx.selectFrom('tenants').where('id', '=', tenantId).select('settings').executeTakeFirstOrThrow()).settings;
