import type { Database } from '#db/database.ts';
import { notFound } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import { differences, withoutSecrets } from './differences.ts';
import { sessionView, toIso, toNumber } from './line-view.ts';
import type { HeldRows, RadiusView } from './radius-view.ts';
import type { Explanation } from './schema.ts';
import { deliveriesOf, findLine, type LineRow, type Sight, settingsOf, stateOf, timelineOf } from './store.ts';
import { invoicesOf, readDesired, readEvidence, toldReason } from './stored-decision.ts';

export type Explaining = { readonly db: Database; readonly radius: RadiusView };

type Entry = Explanation['timeline'][number];

/** How far back an explanation goes. */
const entriesMax = 500;

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const systems: Readonly<Record<string, string>> = { erpnext: 'ERPNext' };

function deliveryEntry(delivery: Awaited<ReturnType<typeof deliveriesOf>>[number]): Entry {
  const { source, event, doctype, name, modified, state } = delivery;
  return {
    at: delivery.received_at.toISOString(),
    kind: 'webhook',
    text: `${systems[source] ?? source} announced ${event} of ${doctype} ${name}`,
    correlation_id: delivery.correlation_id,
    data: { event_id: delivery.id.toString(), source, event, doctype, name, modified, state },
  };
}

/** What happened to the line, with the deliveries that it began with, by time. */
function mergedTimeline(
  entries: Awaited<ReturnType<typeof timelineOf>>,
  deliveries: Awaited<ReturnType<typeof deliveriesOf>>,
): Entry[] {
  const own = entries.map((entry) => ({
    at: entry.at.toISOString(),
    kind: entry.kind,
    text: entry.text,
    correlation_id: entry.correlation_id,
    data: isRecord(entry.data) ? entry.data : {},
  }));
  return [...deliveries.map(deliveryEntry), ...own].sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const heldView = (held: HeldRows): NonNullable<Explanation['applied']['rows']> => ({
  groups: [...held.groups],
  check: withoutSecrets(held.check),
  reply: withoutSecrets(held.reply),
  foreign: {
    groups: [...held.foreign.groups],
    check: withoutSecrets(held.foreign.check),
    reply: withoutSecrets(held.foreign.reply),
  },
});

async function appliedOf(radius: RadiusView, tenantId: string, line: LineRow): Promise<Explanation['applied']> {
  const stored = { generation: toNumber(line.applied_generation), applied_at: toIso(line.applied_at) };
  const held = await radius.readUser(tenantId, line.canonical_username);
  if (!held.ok) return { ...stored, rows: null, differences: null, note: held.error.detail };
  const desired = readDesired(line.desired);
  return {
    ...stored,
    rows: held.value && heldView(held.value),
    differences: desired ? [...differences(desired, held.value)] : [],
    note: held.value === null ? 'RADIUS does not know the user.' : null,
  };
}

function desiredView(line: LineRow): Explanation['desired'] {
  const desired = readDesired(line.desired);
  if (!desired || line.decided_at === null) return null;
  const { state, group, mac, reply } = desired;
  return {
    state,
    group,
    mac,
    reply: [...reply],
    generation: Number(line.generation),
    decided_at: line.decided_at.toISOString(),
  };
}

function evidenceView(line: LineRow): Explanation['evidence'] {
  const evidence = readEvidence(line.evidence);
  if (!evidence) return {};
  const readAt = evidence.readAt === null ? null : new Date(evidence.readAt).toISOString();
  return { needed: evidence.needed, ledger_read_at: readAt, invoices: invoicesOf(line.reason) };
}

/**
 * Why a line is online, isolated or off right now (spec B6): what was decided and from what, what RADIUS holds, who is
 * online, and all that happened from the ERP's event to the packet. Throws a Refusal when there is no such line.
 */
export async function explainLine({ db, radius }: Explaining, sight: Sight, id: string): Promise<Explanation> {
  const { tenantId } = sight;
  const { line, language, timeline } = await db.tenant(tenantId, async (tx) => {
    const found = await findLine(tx, sight, id);
    if (!found) throw notFound('subscription');
    const entries = await timelineOf(tx, tenantId, id, entriesMax);
    const deliveries = await deliveriesOf(tx, tenantId, [...new Set(entries.map((entry) => entry.correlation_id))]);
    const settings = readTenantSettings(await settingsOf(tx, tenantId));
    return { line: found, language: settings.language, timeline: mergedTimeline(entries, deliveries) };
  });
  const [applied, sessions] = await Promise.all([
    appliedOf(radius, tenantId, line),
    radius.sessionsOf(tenantId, line.canonical_username),
  ]);
  const reason = toldReason(line.reason, language);
  return {
    subscription_id: line.id,
    username: line.username,
    customer: { id: line.customer_id, code: line.customer_code, name: line.customer_name },
    state: stateOf(line),
    reason: reason?.text ?? null,
    reason_code: reason?.code ?? null,
    evidence: evidenceView(line),
    desired: desiredView(line),
    applied,
    sessions: sessions.ok ? sessions.value.map(sessionView) : null,
    sessions_note: sessions.ok ? null : sessions.error.detail,
    timeline,
  };
}
