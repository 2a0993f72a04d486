import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { Result } from '#domain/result.ts';
import type { Receiver } from '#inbox/receive.ts';
import type { Senders } from '#inbox/senders.ts';
import { newCorrelationId } from '#platform/log.ts';

/** How a tracker's hints are signed, and which units they name. */
export type HintSource = {
  /** Which of the secrets signed the raw bytes; null when none did. */
  verify(body: Uint8Array, headers: Pick<Headers, 'get'>, secrets: readonly string[]): number | null;
  parse(body: Uint8Array): Result<{ readonly refs: readonly string[] }, string>;
};

type HintReceiving = {
  readonly db: Database;
  readonly senders: Pick<Senders, 'find'>;
  readonly hints: HintSource;
  /** Null: the tenant has no such plugin. */
  readonly secretOf: (tenantId: string) => Promise<string | null>;
};

/**
 * The way in of what InvenTree's event plugin tells: verified over its raw bytes, kept unit by unit, and only then answered.
 * It makes the hub look sooner, and decides nothing; a thousand hints about one unit are one look.
 */
export const createHintReceiver =
  ({ db, senders, hints, secretOf }: HintReceiving): Receiver =>
  async (subdomain, body, headers) => {
    const sender = await senders.find(subdomain);
    const secret = sender && (await secretOf(sender.tenantId));
    if (!sender || secret === null) return { accepted: false, why: 'unknown_tenant' };
    if (hints.verify(body, headers, [secret]) === null) return { accepted: false, why: 'bad_signature' };
    if (!sender.isActive) return { accepted: false, why: 'deactivated' };
    const read = hints.parse(body);
    const refs = read.ok ? read.value.refs : [];
    const kept = await db.worker(sender.tenantId, (tx) =>
      sql`insert into asset_hints (tenant_id, ref) select ${sender.tenantId}, ref from unnest(${[...refs]}::text[]) as ref
        order by ref on conflict (tenant_id, ref) do update set hinted_at = now()`.execute(tx),
    );
    const eventId = kept.numAffectedRows ?? 0n;
    return { accepted: true, eventId, fresh: true, correlationId: newCorrelationId() };
  };
