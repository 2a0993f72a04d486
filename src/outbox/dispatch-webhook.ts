import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import type { Intent } from '#domain/intents.ts';
import { backOffMs, giveUpAfterMs } from '#domain/retry.ts';
import { type Claimed, settleIntent, type Verdict } from '#outbox/claim.ts';
import { type Dispatching, logAttempt } from '#outbox/dispatching.ts';
import { endpointAnswered, endpointFailed, endpointGone } from '#outbox/endpoint-health.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { WebhookAnswer, WebhookFailure, WebhookPost } from '#ports/webhook-sender/port.ts';

type WebhookIntent = Extract<Intent, { kind: 'webhook.deliver' }>;

/** How long the secret that was replaced signs beside the new one. */
const oldSecretMs = 24 * 3_600_000;

const readDelivery = (tx: Tx, tenantId: string, deliveryId: string) =>
  tx
    .selectFrom('webhook_deliveries as d')
    .innerJoin('announcements as a', (join) =>
      join.onRef('a.tenant_id', '=', 'd.tenant_id').onRef('a.id', '=', 'd.announcement_id'),
    )
    .innerJoin('webhook_endpoints as e', (join) =>
      join.onRef('e.tenant_id', '=', 'd.tenant_id').onRef('e.id', '=', 'd.endpoint_id'),
    )
    .innerJoin('tenants as t', 't.id', 'd.tenant_id')
    .where('d.tenant_id', '=', tenantId)
    .where('d.id', '=', deliveryId)
    .select(['d.state', 'd.attempts', 'd.announcement_id', 'a.body', 'e.id as endpoint_id', 'e.url'])
    .select(['e.secret', 'e.previous_secret', 'e.rotated_at', 'e.is_active', 't.settings'])
    .executeTakeFirst();
type Row = NonNullable<Awaited<ReturnType<typeof readDelivery>>>;

function secretsOf(row: Row, vault: TenantVault): readonly string[] {
  const open = (sealed: string, column: string): string =>
    vault.open(sealed, { table: 'webhook_endpoints', column, row: row.endpoint_id });
  const isYoung = row.rotated_at !== null && Date.now() - row.rotated_at.getTime() < oldSecretMs;
  const newest = open(row.secret, 'secret');
  return row.previous_secret !== null && isYoung ? [newest, open(row.previous_secret, 'previous_secret')] : [newest];
}

/** What a try told of the endpoint: it took it, it failed, it is gone for good, or it was not asked. */
type Told = 'taken' | 'failed' | 'gone' | 'not asked';
type Outcome = {
  readonly told: Told;
  readonly verdict: Verdict;
  readonly status: number | null;
  readonly latencyMs: number | null;
};

function failed(claimed: Claimed, attempts: number, error: string, answer: WebhookAnswer | null): Outcome {
  const isOver = Date.now() - claimed.createdAt.getTime() > giveUpAfterMs;
  const verdict: Verdict = isOver
    ? { state: 'dead', error: `${error}; three days of tries were in vain` }
    : { state: 'later', error, waitMs: backOffMs(attempts, Math.random()) };
  return { told: 'failed', verdict, status: answer?.status ?? null, latencyMs: answer?.latencyMs ?? null };
}

function judge(answer: WebhookAnswer, claimed: Claimed, attempts: number): Outcome {
  const { status, latencyMs } = answer;
  if (status >= 200 && status < 300) return { told: 'taken', verdict: { state: 'done' }, status, latencyMs };
  if (status === 410) {
    const error = 'the endpoint answers 410 Gone';
    return { told: 'gone', verdict: { state: 'dead', error }, status, latencyMs };
  }
  const isRedirect = status >= 300 && status < 400;
  const error = `the endpoint answers ${status}${isRedirect ? '; redirects are not followed' : ''}`;
  return failed(claimed, attempts, error, answer);
}

const noAnswer = (failure: WebhookFailure, claimed: Claimed, attempts: number): Outcome =>
  failure.reason === 'resting'
    ? {
        told: 'not asked',
        verdict: { state: 'later', error: failure.detail, waitMs: failure.waitMs },
        status: null,
        latencyMs: null,
      }
    : failed(claimed, attempts, failure.detail, null);

const stateOf = ({ told, verdict }: Outcome) =>
  told === 'taken' ? 'delivered' : verdict.state === 'dead' ? 'failed' : 'pending';

async function save(tx: Tx, claimed: Claimed, deliveryId: string, outcome: Outcome): Promise<void> {
  const { verdict, status, latencyMs, told } = outcome;
  const isDone = told === 'taken';
  await tx
    .updateTable('webhook_deliveries')
    .set({
      state: stateOf(outcome),
      error: 'error' in verdict ? verdict.error : null,
      ...(told !== 'not asked' && {
        attempts: sql<number>`attempts + 1`,
        status_code: status,
        latency_ms: latencyMs,
        last_attempt_at: new Date(),
      }),
      ...(isDone && { delivered_at: new Date() }),
    })
    .where('tenant_id', '=', claimed.tenantId)
    .where('id', '=', deliveryId)
    .execute();
}

async function follow(d: Dispatching, tx: Tx, claimed: Claimed, row: Row, { told, verdict }: Outcome): Promise<void> {
  const endpoint = { tenantId: claimed.tenantId, id: row.endpoint_id, url: row.url };
  const error = 'error' in verdict ? verdict.error : '';
  if (told === 'taken') await endpointAnswered(tx, endpoint);
  if (told === 'gone') await endpointGone(tx, endpoint);
  if (told === 'failed') await endpointFailed(tx, endpoint, error, claimed.correlationId, d.hooks.appendMessage);
}

/** An endpoint that is off gets nothing; what it misses can be replayed when it is on again. */
async function cancel(d: Dispatching, claimed: Claimed, deliveryId: string, isPending: boolean): Promise<void> {
  await d.db.worker(claimed.tenantId, async (tx) => {
    if (isPending)
      await tx
        .updateTable('webhook_deliveries')
        .set({ state: 'cancelled', error: 'the endpoint is off' })
        .where('tenant_id', '=', claimed.tenantId)
        .where('id', '=', deliveryId)
        .execute();
    await settleIntent(tx, claimed, { state: 'superseded' });
  });
}

const postOf = (row: Row, vault: TenantVault): WebhookPost => ({
  url: row.url,
  id: `msg_${row.announcement_id}`,
  body: row.body,
  secrets: secretsOf(row, vault),
  allowPrivate: readTenantSettings(row.settings).allow_private_networks,
});

/** Makes one try of one delivery; 2xx is done, 410 turns the endpoint off, all else is tried for three days. */
export async function dispatchWebhook(d: Dispatching, claimed: Claimed, { deliveryId }: WebhookIntent): Promise<void> {
  const { tenantId } = claimed;
  const row = await d.db.worker(tenantId, (tx) => readDelivery(tx, tenantId, deliveryId));
  if (!row?.is_active || row.state !== 'pending') return cancel(d, claimed, deliveryId, row?.state === 'pending');
  const answer = await d.hooks.sender.post(postOf(row, await d.vaultOf(tenantId)));
  const attempts = row.attempts + 1;
  const outcome = answer.ok ? judge(answer.value, claimed, attempts) : noAnswer(answer.error, claimed, attempts);
  await d.db.worker(tenantId, async (tx) => {
    await save(tx, claimed, deliveryId, outcome);
    await follow(d, tx, claimed, row, outcome);
    await settleIntent(tx, claimed, outcome.verdict);
  });
  logAttempt(d.log, claimed, outcome.verdict);
}
