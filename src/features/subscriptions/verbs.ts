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

/** What a line is in the other systems (spec B1). */
export async function getLinks(tx: Tx, tenantId: string, id: string): Promise<LineDetail['links']> {
  const links = await linksOf(tx, tenantId, id);
  return links.map((link) => ({ ...link, recorded_at: link.recorded_at.toISOString() }));
}

/** Who is online under the line's name now (spec R9); a RADIUS that is away is told in words, not as "nobody". */
export async function getOnline(
  radius: RadiusView,
  tenantId: string,
  username: string,
): Promise<Pick<LineDetail, 'online' | 'online_note'>> {
  const sessions = await radius.sessionsOf(tenantId, username);
  return sessions.ok
    ? { online: sessions.value.map(sessionView), online_note: null }
    : { online: null, online_note: sessions.error.detail };
}
