import { randomUUID } from 'node:crypto';
import { record } from '#audit/record.ts';
import type { Database, Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import { mapPage } from '#db/page.ts';
import type { Intent } from '#domain/intents.ts';
import { appendIntents, intentKey, urgency } from '#outbox/append.ts';
import { demand, type Who } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { Nas, NasChange, NasPage, NasQuery, NewNas } from './schema.ts';
import {
  askAtOnce,
  countLines,
  countWaiting,
  deleteNas,
  findNas as findRow,
  insertNas,
  listNas,
  lockNas,
  type NasRow,
  updateNas,
} from './store.ts';

export type NasDeps = {
  readonly db: Database;
  /** Seals the tenant's secrets. */
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** Name of the RADIUS database that the tenant's routers ask; an address is one NAS in each. */
  readonly radiusDbOf: (tenantId: string) => Promise<string>;
  /** After the commit of a change: an intent waits in the outbox. */
  readonly onChange: (tenantId: string) => void;
};

/** Below this a secret can be found by trying, from one recorded packet. */
const strongSecretLength = 16;
const weakSecret = `The secret has fewer than ${strongSecretLength} characters: use a longer, random one.`;

const warningsFor = (secret: string | undefined): string[] =>
  secret !== undefined && secret.length < strongSecretLength ? [weakSecret] : [];

function answersOf({ last_answer_at: answer, last_silence_at: silence }: NasRow): Nas['answers'] {
  if (!answer && !silence) return 'unknown';
  return answer && (!silence || answer >= silence) ? 'yes' : 'silent';
}

/** Why a router is silent, as far as the hub can tell. */
function noteOn({ deaf_since: since, heard_from: from, silences }: NasRow): string | null {
  if (since === null) return null;
  if (from !== null)
    return `Its answers come from ${from}, not from where it was asked: it stands behind NAT. Give the way to it as coa_address and coa_port.`;
  const times = silences === 1 ? 'One order was' : `${silences} rounds of orders were`;
  return `${times} left unanswered: wrong secret, source address, port or firewall, or "/radius incoming" is off.`;
}

function nasOf({ silences, heard_from, ...row }: NasRow, warnings: string[], waiting = 0): Nas {
  return {
    ...row,
    last_answer_at: row.last_answer_at?.toISOString() ?? null,
    last_silence_at: row.last_silence_at?.toISOString() ?? null,
    deaf_since: row.deaf_since?.toISOString() ?? null,
    next_try_at: row.next_try_at?.toISOString() ?? null,
    created_at: row.created_at.toISOString(),
    answers: answersOf({ ...row, silences, heard_from }),
    waiting_orders: waiting,
    note: noteOn({ ...row, silences, heard_from }),
    warnings,
  };
}

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

async function tellEnforcer(tx: Tx, { tenantId, correlationId }: Who, intent: Intent): Promise<void> {
  const generation = await takeGeneration(tx);
  const outgoing = { intent, key: intentKey(intent), subscriptionId: null, generation, correlationId };
  await appendIntents(tx, tenantId, [{ ...outgoing, urgency: urgency.other }]);
}

/** Where a router's secret is sealed to. */
export const secretPlace = (row: string) => ({ table: 'nas', column: 'secret', row });

/** What the audit log tells of a router; of its secret only whether it is another one. */
const audited = (row: NasRow, secret: string): Record<string, unknown> => {
  const { name, address, coa_address, coa_port, type, sign_coa, require_message_authenticator } = row;
  const { orders_per_second } = row;
  return {
    name,
    address,
    coa_address,
    coa_port,
    type,
    sign_coa,
    require_message_authenticator,
    orders_per_second,
    secret,
  };
};

export async function addNas(deps: NasDeps, who: Who, input: NewNas): Promise<Nas> {
  demand(who.caller, 'nas:write');
  const { tenantId } = who;
  const [vault, radiusDb] = await Promise.all([deps.vaultOf(tenantId), deps.radiusDbOf(tenantId)]);
  const id = randomUUID();
  const secret = vault.seal(input.secret, secretPlace(id));
  const work = deps.db.tenant(tenantId, async (tx) => {
    const made = await insertNas(tx, { ...input, id, tenant_id: tenantId, radius_db: radiusDb, secret });
    await record(tx, who, { action: 'create', entity: 'nas', id, after: audited(made, secret) });
    await tellEnforcer(tx, who, { kind: 'nas.apply', nasId: id });
    return made;
  });
  const row = await refusingTwins(work);
  deps.onChange(tenantId);
  return nasOf(row, warningsFor(input.secret));
}

export async function changeNas(deps: NasDeps, who: Who, id: string, input: NasChange): Promise<Nas> {
  demand(who.caller, 'nas:write');
  const { tenantId } = who;
  const vault = await deps.vaultOf(tenantId);
  const sealed = input.secret === undefined ? {} : { secret: vault.seal(input.secret, secretPlace(id)) };
  const work = deps.db.tenant(tenantId, async (tx) => {
    const before = await lockNas(tx, tenantId, id);
    if (!before) throw notFound('NAS');
    await askAtOnce(tx, tenantId, id);
    const row = await updateNas(tx, tenantId, id, { ...input, ...sealed });
    await record(tx, who, {
      action: 'update',
      entity: 'nas',
      id,
      before: audited(before, before.secret),
      after: audited(row, sealed.secret ?? before.secret),
    });
    await tellEnforcer(tx, who, { kind: 'nas.apply', nasId: id });
    return row;
  });
  const row = await refusingTwins(work);
  deps.onChange(tenantId);
  return nasOf(row, warningsFor(input.secret));
}

/** Removes a router that no line names (spec P17). RADIUS forgets it within a minute; its sessions end by themselves. */
export async function removeNas(deps: NasDeps, who: Who, id: string): Promise<void> {
  demand(who.caller, 'nas:write');
  const { tenantId } = who;
  await deps.db.tenant(tenantId, async (tx) => {
    const row = await lockNas(tx, tenantId, id);
    if (!row) throw notFound('NAS');
    const lines = await countLines(tx, tenantId, id);
    if (lines > 0) {
      const message = `${lines} ${lines === 1 ? 'subscription names' : 'subscriptions name'} ${row.name}: it stays.`;
      throw new Refusal('CONFLICT', message, { subscriptions: lines });
    }
    await deleteNas(tx, tenantId, id);
    await record(tx, who, { action: 'delete', entity: 'nas', id, before: audited(row, row.secret) });
    await tellEnforcer(tx, who, { kind: 'nas.remove', address: row.address });
  });
  deps.onChange(tenantId);
}

export async function getNas(deps: NasDeps, who: Who, id: string): Promise<Nas> {
  demand(who.caller, 'nas:read');
  return deps.db.tenant(who.tenantId, async (tx) => {
    const row = await findRow(tx, who.tenantId, id);
    if (!row) throw notFound('NAS');
    return nasOf(row, [], (await countWaiting(tx, who.tenantId, [id])).get(id));
  });
}

export async function findNas(deps: NasDeps, who: Who, query: NasQuery): Promise<NasPage> {
  demand(who.caller, 'nas:read');
  const [page, waiting] = await deps.db.tenant(who.tenantId, async (tx) => {
    const found = await listNas(tx, who.tenantId, query);
    const ids = found.data.map(({ id }) => id);
    return [found, await countWaiting(tx, who.tenantId, ids)] as const;
  });
  return mapPage(page, (row) => nasOf(row, [], waiting.get(row.id)));
}
