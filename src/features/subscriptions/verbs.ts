import type { Tx } from '#db/database.ts';
import { notFound } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { lineView, sessionView } from './line-view.ts';
import type { RadiusView } from './radius-view.ts';
import type { Line, LineDetail, LineQuery } from './schema.ts';
import { findLine, linksOf, listLines as readLines, settingsOf } from './store.ts';

// What journeys build on.
export {
  insertLine,
  isOwnUsername,
  lineOfErpSubscription,
  linkLine,
  type StoredLine,
  tellLedger,
  tellLine,
} from './new-line.ts';
export { newPassword, sealPassword } from './pppoe-password.ts';

/** `now` in ms since 1970. */
async function viewing(tx: Tx, tenantId: string, now: number) {
  const { time_zone: zone, language } = readTenantSettings(await settingsOf(tx, tenantId));
  return { zone, language, now };
}

export async function listLines(tx: Tx, tenantId: string, query: LineQuery, now: number) {
  const view = await viewing(tx, tenantId, now);
  const { rows, total } = await readLines(tx, tenantId, query);
  return { data: rows.map((row) => lineView(row, view)), page: query.page, page_size: query.page_size, total };
}

export async function getLine(tx: Tx, tenantId: string, id: string, now: number): Promise<Line> {
  const row = await findLine(tx, tenantId, id);
  if (!row) throw notFound('subscription');
  return lineView(row, await viewing(tx, tenantId, now));
}

/** A line with what it is in the other systems (spec B1), and the name that RADIUS knows it by. */
export async function getLineWithLinks(tx: Tx, tenantId: string, id: string, now: number) {
  const row = await findLine(tx, tenantId, id);
  if (!row) throw notFound('subscription');
  const rows = await linksOf(tx, tenantId, id);
  const links = rows.map((link) => ({ ...link, recorded_at: link.recorded_at.toISOString() }));
  return { line: { ...lineView(row, await viewing(tx, tenantId, now)), links }, canonical: row.canonical_username };
}

/** Who is online under the line's name now (spec R9); a RADIUS that is away is told in words, not as "nobody". */
export async function getOnline(
  radius: RadiusView,
  tenantId: string,
  canonical: string,
): Promise<Pick<LineDetail, 'online' | 'online_note'>> {
  const sessions = await radius.sessionsOf(tenantId, canonical);
  return sessions.ok
    ? { online: sessions.value.map(sessionView), online_note: null }
    : { online: null, online_note: sessions.error.detail };
}
