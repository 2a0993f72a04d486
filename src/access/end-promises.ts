import { sql } from 'kysely';
import type { LoadedLine } from '#access/load-facts.ts';
import type { Tx } from '#db/database.ts';
import { appendTimeline } from '#db/timeline.ts';
import { promiseOutcome } from '#decide/promise.ts';
import type { LinePolicy } from '#domain/line.ts';
import type { Language } from '#domain/reason.ts';

type Judged = { readonly line: LoadedLine; readonly dirty: { readonly correlationId: string } };

const ended = {
  en: { kept: 'was kept', broken: 'was not kept' },
  id: { kept: 'ditepati', broken: 'tidak ditepati' },
} as const;
const told = (language: Language, until: string, outcome: 'kept' | 'broken'): string =>
  language === 'id'
    ? `Janji bayar sampai ${until} ${ended.id[outcome]}.`
    : `The promise to pay until ${until} ${ended.en[outcome]}.`;

const leansOnPromise = (reason: unknown): boolean =>
  typeof reason === 'object' && reason !== null && 'code' in reason && reason.code === 'promised';

/**
 * Notes how promises to pay of the lines that were just decided about have ended, in the same transaction (spec X8). The
 * decisions themselves do not need it: a promise holds until its day is over, whatever is noted.
 */
export async function endPromises(
  tx: Tx,
  tenantId: string,
  judged: readonly Judged[],
  policy: LinePolicy & { readonly language: Language },
  now: number,
): Promise<void> {
  const over = judged.flatMap(({ line, dirty }) => {
    const { promise, subscriptionId } = line.facts;
    const outcome = promiseOutcome(line.facts, policy, now, leansOnPromise(line.decided?.reason));
    return promise && outcome ? [{ ...promise, subscriptionId, outcome, ...dirty }] : [];
  });
  if (over.length === 0) return;
  const rows = JSON.stringify(over.map(({ id, outcome }) => ({ id, outcome })));
  await sql`
    update promises p set state = r.outcome, ended_at = ${new Date(now)}
    from jsonb_to_recordset(${rows}::jsonb) as r (id uuid, outcome text)
    where p.tenant_id = ${tenantId} and p.id = r.id and p.state = 'running'`.execute(tx);
  await appendTimeline(
    tx,
    tenantId,
    over.map(({ id, subscriptionId, until, outcome, correlationId }) => ({
      subscriptionId,
      kind: 'promise',
      text: told(policy.language, until, outcome),
      correlationId,
      data: { promise_id: id, until, state: outcome },
    })),
  );
}
