import { readStop } from '#db/kill-switch.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { fragility } from '#main/databases.ts';
import { type OpenHub, withHub } from '#main/open-hub.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import type { SetupStep } from '#ports/ledger/setup.ts';

type Finding = { readonly of: string; readonly ok: boolean; readonly text: string };

async function installation({ databases, db, wire, migrated }: OpenHub): Promise<Finding[]> {
  const fragile = await fragility(databases.bridgeUrl);
  const owners = await db.gate((tx) =>
    tx.selectFrom('users').where('tenant_id', 'is', null).where('is_active', '=', true).select('id').execute(),
  );
  const radius = await wire.installation.test();
  return [
    {
      of: 'bridge',
      ok: true,
      text: databases.embedded ? `embedded: ${databases.embedded.where}` : 'DATABASE_URL answers',
    },
    { of: 'durability', ok: fragile === null, text: fragile ?? 'what is acknowledged survives a crash' },
    { of: 'migrations', ok: true, text: migrated.length > 0 ? 'brought up to date just now' : 'up to date' },
    {
      of: 'owner',
      ok: owners.length > 0,
      text: owners.length > 0 ? 'there is a platform owner' : 'nobody can log in yet: run `jembatan start` once',
    },
    { of: 'radius', ok: radius.ok, text: radius.ok ? radius.value : radius.error.detail },
  ];
}

async function waiting({ db }: OpenHub, tenantId: string, name: string): Promise<Finding[]> {
  const { documents, dead } = await db.tenant(tenantId, async (tx) => ({
    documents: await tx
      .selectFrom('dirty_documents')
      .where('tenant_id', '=', tenantId)
      .where('error', 'is not', null)
      .select(['doctype', 'name', 'error'])
      .limit(3)
      .execute(),
    dead: await tx
      .selectFrom('outbox')
      .where('tenant_id', '=', tenantId)
      .where('state', '=', 'dead')
      .select(['id', 'kind', 'error'])
      .limit(3)
      .execute(),
  }));
  return [
    ...documents.map((one) => ({ of: `${name} waits`, ok: false, text: `${one.doctype} ${one.name}: ${one.error}` })),
    ...dead.map((one) => ({
      of: `${name} given up`,
      ok: false,
      text: `${one.kind} ${one.id}: ${one.error} (POST /api/v1/outbox/${one.id}/retry)`,
    })),
  ];
}

async function silentRouters({ db }: OpenHub, tenantId: string, name: string): Promise<Finding[]> {
  const rows = await db.tenant(tenantId, (tx) =>
    tx
      .selectFrom('nas')
      .where('tenant_id', '=', tenantId)
      .where('last_silence_at', 'is not', null)
      .select(['name', 'last_answer_at', 'last_silence_at'])
      .execute(),
  );
  return rows
    .filter(
      (nas) =>
        nas.last_silence_at !== null && (nas.last_answer_at === null || nas.last_answer_at < nas.last_silence_at),
    )
    .map((nas) => ({
      of: `${name} router ${nas.name}`,
      ok: false,
      text: 'does not answer Disconnects: check "/radius incoming accept=yes", its port, its firewall and the secret',
    }));
}

/** What holds the cuts of a tenant back: a person wants it so, or is waited for. */
async function heldBack({ db }: OpenHub, tenantId: string, name: string): Promise<Finding[]> {
  const { stop, held } = await db.tenant(tenantId, async (tx) => ({
    stop: await readStop(tx, tenantId),
    held: await tx
      .selectFrom('held_lines')
      .where('tenant_id', '=', tenantId)
      .where('state', '=', 'held')
      .select((eb) => eb.fn.countAll<bigint>().as('count'))
      .executeTakeFirstOrThrow(),
  }));
  const stopped = `the kill switch of the ${stop?.of} is on: ${stop?.reason}`;
  const waiting = `the safety brake holds ${held.count} lines until a person decides (GET /api/v1/holds)`;
  return [
    ...(stop ? [{ of: `${name} cuts`, ok: true, text: stopped }] : []),
    ...(held.count > 0n ? [{ of: `${name} cuts`, ok: false, text: waiting }] : []),
  ];
}

/** Whether the hub's own books agree with the documents that they are of. */
async function ownLedger({ wire }: OpenHub, tenantId: string, name: string): Promise<Finding> {
  const checked = await wire.ownLedgerOf(tenantId).test();
  const of = `${name} ledger`;
  if (!checked.ok) return { of, ok: false, text: checked.error.detail };
  const { notes } = checked.value;
  return { of, ok: notes.length === 0, text: notes[0] ?? 'the hub’s own: its books agree with bills and payments' };
}

/** What the tenant's ERPNext lacks; what works without is told and fails nothing. */
async function furnished({ wire }: OpenHub, tenantId: string, name: string): Promise<Finding[]> {
  const steps = await wire.setUpLedger(tenantId, 'inspect');
  if (!steps.ok) return [{ of: `${name} erpnext`, ok: false, text: steps.error }];
  return lackingOf(steps.value, name, 'erpnext');
}

function lackingOf(steps: readonly SetupStep[], name: string, system: 'erpnext' | 'inventree'): Finding[] {
  const lacking = steps.filter(({ state }) => state !== 'there');
  const how = `run "jembatan ${system} install ${name}"`;
  return lacking.map(({ of, state, words }) => ({
    of: `${name} ${system} ${of}`,
    ok: state === 'advice',
    text: state === 'missing' ? `${words}: ${how}` : words,
  }));
}

/** What the tenant's InvenTree lacks; one that cannot be looked at is what its test tells. */
async function furnishedStock({ wire }: OpenHub, tenantId: string, name: string): Promise<Finding[]> {
  const done = await wire.setUpTracker(tenantId, 'inspect');
  return done.ok ? lackingOf(done.value.steps, name, 'inventree') : [];
}

async function tenants(hub: OpenHub): Promise<Finding[]> {
  const rows = await hub.db.gate((tx) =>
    tx.selectFrom('tenants').where('is_active', '=', true).select(['id', 'subdomain']).orderBy('subdomain').execute(),
  );
  const findings: Finding[] = [];
  for (const { id, subdomain } of rows) {
    const systems = await hub.db.tenant(id, (tx) =>
      tx.selectFrom('connections').where('tenant_id', '=', id).select('system').execute(),
    );
    for (const { system } of systems) {
      const tested = await hub.wire.test(id, system);
      findings.push({ of: `${subdomain} ${system}`, ...tested });
      if (system === 'inventree') findings.push(...(await furnishedStock(hub, id, subdomain)));
      if (system === 'erpnext' && tested.ok) findings.push(...(await furnished(hub, id, subdomain)));
    }
    if (!systems.some(({ system }) => system === 'erpnext')) findings.push(await ownLedger(hub, id, subdomain));
    for (const look of [waiting, silentRouters, heldBack]) findings.push(...(await look(hub, id, subdomain)));
  }
  return findings;
}

export const doctor: Command = {
  name: 'doctor',
  takes: '',
  about: 'checks each connection and says what to do',
  run: (args) => {
    if (args.words.length > 0) throw new UsageError('doctor takes nothing: it checks all there is.');
    return withHub(readConfig(process.env), createLog('silent'), async (hub) => {
      const findings = [...(await installation(hub)), ...(await tenants(hub))];
      const ok = findings.every((finding) => finding.ok);
      say(
        args,
        { ok, findings },
        findings.map(({ of, ok: well, text }) => `${well ? 'ok  ' : 'FAIL'}  ${of.padEnd(24)} ${text}`),
      );
      return ok ? 0 : 1;
    });
  },
};
