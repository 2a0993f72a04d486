import { nextDueDate } from '#domain/billing-period.ts';
import { localDate } from '#domain/local-time.ts';
import type { Language } from '#domain/reason.ts';
import type { OnlineSession } from './radius-view.ts';
import type { Line, LineDetail } from './schema.ts';
import { type LineRow, stateOf } from './store.ts';
import { toldReason } from './stored-decision.ts';

/** What of a tenant's settings a line's view depends on. `now` in ms since 1970. */
export type Viewing = { readonly zone: string; readonly language: Language; readonly now: number };

/** Generations count decisions from 1; one installation makes fewer than 2^53. */
export const toNumber = (generation: bigint | null): number | null => (generation === null ? null : Number(generation));
export const toIso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function lineView(row: LineRow, { zone, language, now }: Viewing): Line {
  const reason = toldReason(row.reason, language);
  return {
    id: row.id,
    customer: { id: row.customer_id, code: row.customer_code, name: row.customer_name },
    service_plan: { id: row.plan_id, name: row.plan_name },
    username: row.username,
    state: stateOf(row),
    reason: reason?.text ?? null,
    reason_code: reason?.code ?? null,
    generation: toNumber(row.generation),
    applied_generation: toNumber(row.applied_generation),
    billing_mode: row.billing_mode,
    due_date: row.due_day,
    next_due_date: nextDueDate(localDate(now, zone), row.due_day),
    monthly_fee: Number(row.monthly_fee),
    mac: row.mac,
    router_id: row.router_id,
    erp_subscription: row.erp_subscription,
    installed_at: toIso(row.installed_at),
    activated_at: toIso(row.activated_at),
    suspended_at: toIso(row.suspended_at),
    terminated_at: toIso(row.terminated_at),
    created_at: row.created_at.toISOString(),
  };
}

export const sessionView = (session: OnlineSession): NonNullable<LineDetail['online']>[number] => ({
  session_id: session.sessionId,
  nas_address: session.nasAddress,
  framed_address: session.framedAddress,
  calling_station_id: session.callingStationId,
  started_at: toIso(session.startedAt),
  updated_at: toIso(session.updatedAt),
  input_octets: session.inputOctets,
  output_octets: session.outputOctets,
  group: session.group,
});
