import type { Tx } from '#db/database.ts';
import { mapPage } from '#db/page.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { type Explaining, explainLine } from './explain.ts';
import { lineView, sessionView } from './line-view.ts';
import type { RadiusView } from './radius-view.ts';
import type { Explanation, Line, LineDetail, LineQuery } from './schema.ts';
import { sightOf } from './sight.ts';
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

export async function listLines(tx: Tx, who: Who, query: LineQuery, now: number) {
  demand(who.caller, 'subscriptions:read');
  const view = await viewing(tx, who.tenantId, now);
  return mapPage(await readLines(tx, sightOf(who), query), (row) => lineView(row, view));
}

/** A line as whoever changed it is shown it afterwards. */
export async function showLine(tx: Tx, who: Who, id: string, now: number): Promise<Line> {
  const row = await findLine(tx, sightOf(who), id);
  if (!row) throw notFound('subscription');
  return lineView(row, await viewing(tx, who.tenantId, now));
}

/** A line with what it is in the other systems (spec B1), and the name that RADIUS knows it by. */
export async function getLineWithLinks(tx: Tx, who: Who, id: string, now: number) {
  demand(who.caller, 'subscriptions:read');
  const row = await findLine(tx, sightOf(who), id);
  if (!row) throw notFound('subscription');
  const rows = await linksOf(tx, who.tenantId, id);
  const links = rows.map((link) => ({ ...link, recorded_at: link.recorded_at.toISOString() }));
  return { line: { ...lineView(row, await viewing(tx, who.tenantId, now)), links }, canonical: row.canonical_username };
}

/** See `explainLine`. */
export function explain(explaining: Explaining, who: Who, id: string): Promise<Explanation> {
  demand(who.caller, 'subscriptions:read');
  return explainLine(explaining, sightOf(who), id);
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
