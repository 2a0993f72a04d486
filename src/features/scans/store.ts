import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { type Page, readPage } from '#db/page.ts';
import type { AssetState } from '#domain/asset.ts';
import type { ScanKind, ScanState, StepState } from '#domain/scan.ts';
import type { ScanProblem } from '#domain/scan-problem.ts';
import type { Scan, ScanQuery } from './schema.ts';

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

/** A scan with the people and units that it is about, in words. */
export type ScanRow = {
  readonly id: string;
  readonly kind: ScanKind;
  readonly code: string;
  readonly client_ref: string;
  readonly scanned_at: Date;
  readonly received_at: Date;
  readonly scanned_by: string;
  readonly state: ScanState;
  readonly problem: ScanProblem | null;
  readonly problem_details: unknown;
  readonly condition: Scan['condition'];
  readonly work_order_id: string | null;
  readonly technician_id: string | null;
  readonly subscription_id: string | null;
  readonly technician: string | null;
  readonly username: string | null;
  readonly customer_code: string | null;
  readonly customer_name: string | null;
  readonly asset: StoredUnit | null;
  readonly replaced: StoredUnit | null;
  readonly steps: readonly StoredStep[];
};

const unit = (column: 'asset_id' | 'replaced_asset_id') => sql`(
  select jsonb_build_object('id', a.id, 'part', a.part, 'serial', a.serial, 'mac', a.mac, 'gpon_sn', a.gpon_sn,
    'state', a.state, 'place', a.place)
  from assets a where a.tenant_id = s.tenant_id and a.id = s.${sql.ref(column)})`;

/** Written out, and once: a technician waits for the scan that it has just made, and nothing of it need be built anew. */
const scans = sql`
  select s.tenant_id, s.id, s.kind, s.code, s.client_ref, s.scanned_at, s.received_at, s.scanned_by, s.state, s.problem,
    s.problem_details, s.condition, s.work_order_id, s.technician_id, s.subscription_id, s.asset_id, s.replaced_asset_id,
    u.name as technician, l.username, c.customer_code, c.name as customer_name,
    ${unit('asset_id')} as asset, ${unit('replaced_asset_id')} as replaced, (
      select coalesce(jsonb_agg(jsonb_build_object('name', t.name, 'state', t.state, 'detail', t.detail,
        'at', to_char(t.happened_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')) order by t.no), '[]')
      from scan_steps t where t.tenant_id = s.tenant_id and t.scan_id = s.id) as steps
  from scans s
  left join subscriptions l on l.tenant_id = s.tenant_id and l.id = s.subscription_id
  left join customers c on c.tenant_id = l.tenant_id and c.id = l.customer_id
  left join users u on u.tenant_id = s.tenant_id and u.id = s.technician_id`;

export async function findScan(tx: Tx, { tenantId, technicianId }: Sight, id: string): Promise<ScanRow | undefined> {
  const seen = technicianId === null ? sql`` : sql`and ${technicianId} in (s.scanned_by, s.technician_id)`;
  const { rows } = await sql<ScanRow>`${scans} where s.tenant_id = ${tenantId} and s.id = ${id} ${seen}`.execute(tx);
  return rows[0];
}

type Listed = ScanRow & {
  readonly tenant_id: string;
  readonly asset_id: string | null;
  readonly replaced_asset_id: string | null;
};

const rows = (tx: Tx, { tenantId, technicianId }: Sight) =>
  tx
    .selectFrom(sql<Listed>`(${scans})`.as('s'))
    .where('s.tenant_id', '=', tenantId)
    .$if(technicianId !== null, (query) =>
      query.where((eb) => eb.or([eb('s.scanned_by', '=', technicianId), eb('s.technician_id', '=', technicianId)])),
    )
    .selectAll();

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
