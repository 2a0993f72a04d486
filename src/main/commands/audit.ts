import { existsSync } from 'node:fs';
import { chainHeads, headsFile, readHeads } from '#audit/heads.ts';
import { linkEntries } from '#audit/link.ts';
import { type ChainReport, type Finding, type KnownHeads, verifyChain } from '#audit/verify.ts';
import { type Arguments, type Command, say, UsageError } from '#main/command.ts';
import { type OpenHub, withHub } from '#main/open-hub.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { Refusal } from '#platform/refusal.ts';

type Chain = { readonly tenantId: string | null; readonly name: string };
type Checked = { readonly chain: Chain; readonly report: ChainReport };

const platform: Chain = { tenantId: null, name: 'the platform' };

async function chainsToCheck({ db }: OpenHub, subdomain: string | undefined): Promise<readonly Chain[]> {
  const rows = await db.gate((tx) =>
    tx.selectFrom('tenants').select(['id', 'subdomain']).orderBy('subdomain').execute(),
  );
  const chains = rows.map((row) => ({ tenantId: row.id, name: row.subdomain }));
  if (subdomain === undefined) return [platform, ...chains];
  const wanted = chains.filter(({ name }) => name === subdomain);
  if (wanted.length === 0) throw new Refusal('NOT_FOUND', `No tenant has the subdomain ${subdomain}.`);
  return wanted;
}

const spelt: Readonly<Record<Finding['kind'], string>> = {
  edited: 'an entry no longer says what was linked',
  deleted: 'an entry or its link is gone',
  reordered: 'links do not follow each other',
  unlinked: 'an entry did not come through the hub',
  cut: 'the end of the chain is gone: a head written down outside lies beyond it',
  dropped: 'entries younger than a year were taken out',
  rewritten: 'the chain was made anew: a head written down outside is not on it',
};

const told = ({ kind, seq, entryId }: Finding): string =>
  `  ${kind}: ${spelt[kind]} (${[seq !== null && `link ${seq}`, entryId !== null && `entry ${entryId}`].filter(Boolean).join(', ')})`;

const wordsOf = ({ name }: Chain, { links, waiting, findings }: ChainReport): readonly string[] => [
  `${name}: ${findings.length === 0 ? 'sound' : `${findings.length} findings`}, ${links} links, ${waiting} waiting`,
  ...findings.map(told),
];

type Heads = ReadonlyMap<string | null, KnownHeads>;

/** Chains that were written down outside, and whose tenant is neither here nor was deleted by the hub: cut whole. */
async function lostChains({ db }: OpenHub, heads: Heads, here: readonly Chain[]): Promise<readonly Checked[]> {
  const buried = await db.gate((tx) => tx.selectFrom('tenant_tombstones').select('id').execute());
  const known = new Set<string | null>([...here.map(({ tenantId }) => tenantId), ...buried.map(({ id }) => id)]);
  return [...heads.keys()]
    .filter((tenantId) => !known.has(tenantId))
    .map((tenantId) => ({
      chain: { tenantId, name: `tenant ${tenantId}` },
      report: { tenantId, links: 0n, waiting: 0, findings: [{ kind: 'cut', seq: 1n, entryId: null }] },
    }));
}

async function knownHeads(file: string | undefined, dataDir: string): Promise<Heads> {
  if (file !== undefined) return readHeads(file);
  return existsSync(headsFile(dataDir)) ? readHeads(headsFile(dataDir)) : new Map();
}

async function verify(args: Arguments): Promise<number> {
  const config = readConfig(process.env);
  const heads = await knownHeads(args.head, config.dataDir);
  return withHub(config, createLog('silent'), async (hub) => {
    await linkEntries(hub.db);
    const checked: Checked[] = [];
    const here = await chainsToCheck(hub, args.tenant);
    for (const chain of here) {
      const known = heads.get(chain.tenantId) ?? new Map<bigint, string>();
      checked.push({ chain, report: await verifyChain(hub.db, chain.tenantId, known) });
    }
    if (args.tenant === undefined) checked.push(...(await lostChains(hub, heads, here)));
    const sound = checked.every(({ report }) => report.findings.length === 0);
    const chains = checked.map(({ chain, report }) => ({
      tenant_id: chain.tenantId,
      tenant: chain.name,
      links: report.links,
      waiting: report.waiting,
      findings: report.findings.map(({ kind, seq, entryId }) => ({ kind, seq, entry_id: entryId })),
    }));
    say(
      args,
      { sound, chains },
      checked.flatMap(({ chain, report }) => wordsOf(chain, report)),
    );
    return sound ? 0 : 1;
  });
}

export const auditVerify: Command = {
  name: 'audit verify',
  takes: '[--tenant <subdomain>] [--head <file>]',
  about: 'walks the hash chains of the audit log and says what was bent',
  run: (args) => {
    if (args.words.length > 0) throw new UsageError('audit verify takes no word.');
    return verify(args);
  },
};

export const auditHead: Command = {
  name: 'audit head',
  takes: '',
  about: 'prints the heads of the chains, a line of JSON each, to be kept elsewhere',
  run: (args) => {
    if (args.words.length > 0) throw new UsageError('audit head takes no word.');
    return withHub(readConfig(process.env), createLog('silent'), async ({ db }) => {
      const heads = await chainHeads(db, systemClock());
      say(
        args,
        heads,
        heads.map((head) => JSON.stringify(head)),
      );
      return 0;
    });
  },
};
