import { isIP } from 'node:net';
import { sql } from 'kysely';
import { err, ok, type Result } from '#domain/result.ts';
import type { Applied, EnforcerFailure, NasEntry, NasGone, TenantEntry } from '#ports/enforcer/port.ts';
import type { RadiusTransaction } from './database.ts';
import { valueFault } from './dictionary.ts';
import { changeSize, diffRows } from './diff.ts';
import { type FenceKind, stampFences } from './fence.ts';
import { readTables, writeChanges } from './owned-rows.ts';
import { nasTable } from './tables.ts';
import { transact } from './transact.ts';
import { afterCommit, applied, type Writer } from './writer.ts';

type Answer = Promise<Result<Applied, EnforcerFailure>>;
type Write = (transaction: RadiusTransaction) => Promise<Result<number, EnforcerFailure>>;

const reject = (detail: string) => err({ reason: 'rejected', detail } as const);

/** Raises one fence and, where it is ours, writes; `write` answers how many rows it changed. */
async function fenced(writer: Writer, kind: FenceKind, name: string, generation: bigint, write: Write): Answer {
  const { database, raise } = writer;
  const answer = await afterCommit(
    writer,
    await transact<[Applied]>(database, async (transaction) => {
      const fence = (await raise(transaction, database, kind, [{ name, generation }])).get(name);
      if (fence?.generation !== generation) return ok([applied(fence, null)]);
      const changed = await write(transaction);
      if (!changed.ok) return changed;
      if (changed.value > 0) await stampFences(transaction, database, kind, [name]);
      return ok([applied(fence, changed.value)]);
    }),
  );
  return answer.ok ? ok(answer.value[0] ?? applied(undefined, null)) : answer;
}

/** Widths of the MySQL columns `shortname` and `secret`. */
function nasFault(nas: NasEntry): string | null {
  if (isIP(nas.address) === 0) return `${nas.address} is no IP address`;
  if (nas.shortname === '' || nas.shortname.length > 32) return 'the short name must have 1 to 32 characters';
  if (nas.secret.length > 60) return 'the secret is longer than 60 characters';
  const secret = valueFault(nas.secret);
  return secret ? `the secret ${secret}` : null;
}

async function ownerOf(transaction: RadiusTransaction, address: string): Promise<string | null> {
  const { rows } = await sql<{ tenant_key: string }>`
    select tenant_key from hub_nas where nasname = ${address}`.execute(transaction);
  return rows[0]?.tenant_key ?? null;
}

/** See `Enforcer.applyNas`. An address is one NAS of one tenant; a row that was there before the hub is taken over. */
export async function applyNas(writer: Writer, nas: NasEntry): Answer {
  const fault = nasFault(nas);
  if (fault) return reject(fault);
  return fenced(writer, 'nas', nas.address, nas.generation, async (transaction) => {
    const owner = await ownerOf(transaction, nas.address);
    if (owner !== null && owner !== nas.tenantKey) return reject(`${nas.address} is a NAS of another tenant`);
    const [stored = []] = await readTables(transaction, writer.database.flavor, [
      { table: nasTable, owners: [nas.address] },
    ]);
    const change = diffRows(stored, [[nas.shortname, nas.type, nas.secret]], () => 'nas');
    // The owner first: a NAS that RADIUS answers without knowing its tenant would let everybody's subscribers in.
    if (owner === null) {
      await sql`insert into hub_nas (nasname, tenant_key) values (${nas.address}, ${nas.tenantKey})`.execute(
        transaction,
      );
    }
    await writeChanges(transaction, nasTable, new Map([[nas.address, change]]));
    return ok(changeSize(change) + (owner === null ? 1 : 0));
  });
}

/** See `Enforcer.removeNas`. */
export function removeNas(writer: Writer, { address, generation, tenantKey }: NasGone): Answer {
  return fenced(writer, 'nas', address, generation, async (transaction) => {
    if ((await ownerOf(transaction, address)) !== tenantKey) return ok(0);
    const [stored = []] = await readTables(transaction, writer.database.flavor, [
      { table: nasTable, owners: [address] },
    ]);
    const change = diffRows(stored, [], () => 'nas');
    await writeChanges(transaction, nasTable, new Map([[address, change]]));
    await sql`delete from hub_nas where nasname = ${address} and tenant_key = ${tenantKey}`.execute(transaction);
    return ok(changeSize(change) + 1);
  });
}

/** See `Enforcer.applyTenant`. */
export function applyTenant(writer: Writer, tenant: TenantEntry): Answer {
  const { flavor } = writer.database;
  return fenced(writer, 'tenant', tenant.tenantKey, tenant.generation, async (transaction) => {
    const { rows } = await sql<{ allow_roaming: boolean | number }>`
      select allow_roaming from hub_tenant where tenant_key = ${tenant.tenantKey}`.execute(transaction);
    const stored = rows[0]?.allow_roaming;
    if (stored !== undefined && Boolean(stored) === tenant.allowRoaming) return ok(0);
    // As text both servers read it into their own truth value.
    const allowed = tenant.allowRoaming ? '1' : '0';
    await sql`
      insert into hub_tenant (tenant_key, allow_roaming) values (${tenant.tenantKey}, ${allowed})
      ${flavor.overwrite(['tenant_key'], 'allow_roaming')}`.execute(transaction);
    return ok(1);
  });
}
