import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';

/** What happened to a line (spec B6). */
export type Told = {
  readonly subscriptionId: string;
  readonly kind: string;
  readonly text: string;
  readonly correlationId: string;
  readonly data: Readonly<Record<string, unknown>>;
};

/** Appends to the timelines of lines, in the order given. */
export async function appendTimeline(tx: Tx, tenantId: string, told: readonly Told[]): Promise<void> {
  if (told.length === 0) return;
  await sql`
    insert into timeline (tenant_id, subscription_id, kind, text, correlation_id, data)
    select ${tenantId}, "subscriptionId", kind, text, "correlationId", data
    from jsonb_to_recordset(${JSON.stringify(told)}::jsonb)
      as r ("subscriptionId" uuid, kind text, text text, "correlationId" text, data jsonb)`.execute(tx);
}
