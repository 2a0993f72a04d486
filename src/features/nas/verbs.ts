import { randomUUID } from 'node:crypto';
import type { Database, Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import type { Intent } from '#domain/intents.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import { type Caller, requireRole, tenantOf } from '#platform/routing.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Nas, NasChange, NasPage, NasQuery, NewNas } from './schema.ts';
import { insertNas, listNas, type NasRow, updateNas } from './store.ts';

export type NasDeps = {
  readonly db: Database;
  /** Seals the tenant's secrets. */
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** Name of the RADIUS database that the tenant's routers ask; an address is one NAS in each. */
  readonly radiusDbOf: (tenantId: string) => Promise<string>;
  /** After the commit of a change: an intent waits in the outbox. */
  readonly onChange: (tenantId: string) => void;
};

/** One change by one caller. */
type Change = { readonly tenantId: string; readonly correlationId: string };

/** Below this a secret can be found by trying, from one recorded packet. */
const strongSecretLength = 16;
const weakSecret = `The secret has fewer than ${strongSecretLength} characters: use a longer, random one.`;

const warningsFor = (secret: string | undefined): string[] =>
  secret !== undefined && secret.length < strongSecretLength ? [weakSecret] : [];

function answersOf({ last_answer_at: answer, last_silence_at: silence }: NasRow): Nas['answers'] {
  if (!answer && !silence) return 'unknown';
  return answer && (!silence || answer >= silence) ? 'yes' : 'silent';
}

const nasOf = (row: NasRow, warnings: string[]): Nas => ({
  ...row,
  last_answer_at: row.last_answer_at?.toISOString() ?? null,
  last_silence_at: row.last_silence_at?.toISOString() ?? null,
  created_at: row.created_at.toISOString(),
  answers: answersOf(row),
  warnings,
});

/** The unique constraint that a statement broke, by the name that the migration gave it. */
const brokenConstraint = (error: unknown): unknown =>
  error instanceof Error && 'code' in error && error.code === '23505' && 'constraint' in error
    ? error.constraint
    : null;

async function refusingTwins<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const constraint = brokenConstraint(error);
    const twin = (field: string, message: string) => new Refusal('DUPLICATE_ENTRY', message, { field });
    if (constraint === 'nas_address') throw twin('address', 'Another NAS of this RADIUS database has this address.');
    if (constraint === 'nas_tenant_id_name_key') throw twin('name', 'Another NAS of yours has this name.');
    throw error;
  }
}

async function tellEnforcer(tx: Tx, { tenantId, correlationId }: Change, nasId: string): Promise<void> {
  const intent: Intent = { kind: 'nas.apply', nasId };
  const generation = await takeGeneration(tx);
  const outgoing = { intent, key: intentKey(intent), subscriptionId: null, generation, correlationId };
  await appendIntents(tx, tenantId, [{ ...outgoing, urgency: urgency.other }]);
}

const place = (row: string) => ({ table: 'nas', column: 'secret', row });

export async function addNas(deps: NasDeps, caller: Caller, input: NewNas, correlationId: string): Promise<Nas> {
  const tenantId = tenantOf(caller);
  requireRole(caller, 'admin', 'noc');
  const [vault, radiusDb] = await Promise.all([deps.vaultOf(tenantId), deps.radiusDbOf(tenantId)]);
  const id = randomUUID();
  const secret = vault.seal(input.secret, place(id));
  const work = deps.db.tenant(tenantId, async (tx) => {
    const made = await insertNas(tx, { ...input, id, tenant_id: tenantId, radius_db: radiusDb, secret });
    await tellEnforcer(tx, { tenantId, correlationId }, id);
    return made;
  });
  const row = await refusingTwins(work);
  deps.onChange(tenantId);
  return nasOf(row, warningsFor(input.secret));
}

export async function changeNas(
  deps: NasDeps,
  caller: Caller,
  id: string,
  input: NasChange,
  correlationId: string,
): Promise<Nas> {
  const tenantId = tenantOf(caller);
  requireRole(caller, 'admin', 'noc');
  const vault = await deps.vaultOf(tenantId);
  const secret = input.secret === undefined ? {} : { secret: vault.seal(input.secret, place(id)) };
  const work = deps.db.tenant(tenantId, async (tx) => {
    const row = await updateNas(tx, tenantId, id, { ...input, ...secret });
    if (row) await tellEnforcer(tx, { tenantId, correlationId }, id);
    return row;
  });
  const row = await refusingTwins(work);
  if (!row) throw notFound('NAS');
  deps.onChange(tenantId);
  return nasOf(row, warningsFor(input.secret));
}

export function findNas(deps: NasDeps, caller: Caller, query: NasQuery): Promise<NasPage> {
  const tenantId = tenantOf(caller);
  return deps.db.tenant(tenantId, async (tx) => {
    const { rows, total } = await listNas(tx, tenantId, query);
    const { page, page_size } = query;
    return { data: rows.map((row) => nasOf(row, [])), page, page_size, total };
  });
}
