import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import type { Language } from '#domain/reason.ts';
import { type ProblemDetails, problemText } from '#domain/scan-problem.ts';
import { demand, may, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { Scan, ScanPage, ScanQuery } from './schema.ts';
import * as store from './store.ts';

// What journeys build on.
export type { NewScan, Scan } from './schema.ts';

/** Whoever neither keeps the stock nor runs the office sees what it scanned, or what was scanned for its bag. */
const sightOf = ({ tenantId, caller }: Who): store.Sight => ({
  tenantId,
  technicianId: caller.role === 'technician' ? caller.userId : null,
});

const lineOf = ({
  subscription_id: id,
  username,
  customer_code,
  customer_name,
}: store.ScanRow): Scan['subscription'] =>
  id === null
    ? null
    : { id, username: username ?? '', customer_code: customer_code ?? '', customer_name: customer_name ?? '' };

const view = (row: store.ScanRow, language: Language): Scan => ({
  id: row.id,
  kind: row.kind,
  code: row.code,
  client_ref: row.client_ref,
  scanned_at: row.scanned_at.toISOString(),
  received_at: row.received_at.toISOString(),
  scanned_by: row.scanned_by,
  status: row.state,
  problem:
    row.problem === null
      ? null
      : // The hub's own JSON, written with its code.
        { code: row.problem, text: problemText(row.problem, row.problem_details as ProblemDetails, language) },
  asset: row.asset,
  replaced: row.replaced,
  subscription: lineOf(row),
  technician: row.technician_id === null ? null : { id: row.technician_id, name: row.technician ?? '' },
  work_order_id: row.work_order_id,
  condition: row.condition,
  steps: [...row.steps],
});

const languageOf = async (tx: Tx, tenantId: string): Promise<Language> =>
  readTenantSettings(await store.settingsOf(tx, tenantId)).language;

export async function listScans(tx: Tx, who: Who, query: ScanQuery): Promise<ScanPage> {
  demand(who.caller, 'scans:read');
  const language = await languageOf(tx, who.tenantId);
  return mapPage(await store.listScans(tx, sightOf(who), query), (row) => view(row, language));
}

/** A scan as whoever asks may see it. */
export async function showScan(tx: Tx, who: Who, id: string): Promise<Scan> {
  if (!may(who.caller, 'scans:write')) demand(who.caller, 'scans:read');
  const [row, language] = await Promise.all([store.findScan(tx, sightOf(who), id), languageOf(tx, who.tenantId)]);
  if (!row) throw notFound('scan');
  return view(row, language);
}
