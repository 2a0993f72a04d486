import type { Database } from '#db/database.ts';
import type { Language } from '#domain/reason.ts';
import { sessionEndText } from '#domain/session-end.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, notFound, Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { toIso } from './line-view.ts';
import type { RadiusView, PastSession as Record } from './radius-view.ts';
import type { PastSession, SessionPage, SessionQuery } from './schema.ts';
import { sightOf } from './sight.ts';
import { findLine, settingsOf } from './store.ts';

function secondsOf({ startedAt, endedAt, seenAt }: Record): number | null {
  const until = endedAt ?? seenAt;
  if (startedAt === null || until === null) return null;
  return Math.max(0, Math.round((until.getTime() - startedAt.getTime()) / 1_000));
}

const view = (session: Record, language: Language): PastSession => ({
  id: session.row,
  session_id: session.sessionId,
  started_at: toIso(session.startedAt),
  ended_at: toIso(session.endedAt),
  last_seen_at: toIso(session.seenAt),
  seconds: secondsOf(session),
  // As the router counts: its input is what the line sent.
  download_octets: session.outputOctets,
  upload_octets: session.inputOctets,
  nas_address: session.nasAddress,
  framed_address: session.framedAddress,
  calling_station_id: session.callingStationId,
  group: session.group,
  terminate_cause: session.terminateCause,
  ended_because: session.terminateCause && sessionEndText(session.terminateCause, language),
});

type Looking = { readonly db: Database; readonly radius: RadiusView };

/**
 * A page of the sessions of a line, open and over, the newest first (spec R9). Throws a Refusal where there is no such
 * line for whoever asks, and UNAVAILABLE where RADIUS does not answer: no page is no sign that nobody was online.
 */
export async function listPastSessions(
  { db, radius }: Looking,
  who: Who,
  id: string,
  { from, to, page, page_size }: SessionQuery,
): Promise<SessionPage> {
  demand(who.caller, 'subscriptions:read');
  const bounds = { from: from ? new Date(from) : null, to: to ? new Date(to) : null };
  if (bounds.from && bounds.to && bounds.from >= bounds.to) throw invalid('to', 'Give a time after "from".');
  const { name, language } = await db.tenant(who.tenantId, async (tx) => {
    const line = await findLine(tx, sightOf(who), id);
    if (!line) throw notFound('subscription');
    const settings = readTenantSettings(await settingsOf(tx, who.tenantId));
    return { name: line.canonical_username, language: settings.language };
  });
  const asked = { ...bounds, limit: page_size, offset: (page - 1) * page_size };
  const found = await radius.history(who.tenantId, name, asked);
  if (!found.ok) throw new Refusal('UNAVAILABLE', `RADIUS did not tell of sessions: ${found.error.detail}`);
  const { sessions, total } = found.value;
  return { data: sessions.map((one) => view(one, language)), page, page_size, total };
}
