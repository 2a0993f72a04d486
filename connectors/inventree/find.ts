import { ok, type Result } from '#domain/result.ts';
import type { AssetFailure } from '#ports/asset-tracker/port.ts';
import type { Asked, InventreeClient } from './client.ts';
import { failed } from './failures.ts';
import { readRow } from './look.ts';
import { rowsOfSerial } from './receive.ts';
import { type StockRow, scannedBody } from './shapes.ts';

/** The unit whose own code, or whose linked label, it is; null: InvenTree knows no such code. */
async function scanned(client: InventreeClient, barcode: string): Asked<StockRow | null> {
  const answer = await client.send('POST', '/api/barcode/', { barcode }, scannedBody);
  if (!answer.ok) return answer.error.reason === 'invalid' ? ok(null) : answer;
  const pk = answer.value.stockitem?.pk;
  // What the scan shows of a unit differs by version, and is shown to logins that may not see it.
  return pk === undefined ? ok(null) : readRow(client, String(pk));
}

/** A serial is searched in its very case, and is unique within its part only. */
async function ofSerial(client: InventreeClient, code: string): Asked<readonly StockRow[]> {
  const exact = await rowsOfSerial(client, code);
  if (!exact.ok || exact.value.length > 0 || code === code.toUpperCase()) return exact;
  return rowsOfSerial(client, code.toUpperCase());
}

export async function findRows(
  client: InventreeClient,
  code: string,
): Promise<Result<readonly StockRow[], AssetFailure>> {
  const text = code.trim();
  if (text === '') return ok([]);
  const labelled = await scanned(client, text);
  if (!labelled.ok) return failed(labelled.error);
  if (labelled.value !== null) return ok([labelled.value]);
  const rows = await ofSerial(client, text);
  return rows.ok ? rows : failed(rows.error);
}
