import { parseArgs } from 'node:util';
import { type Command, UsageError } from '#main/command.ts';
import { auditHead, auditVerify } from '#main/commands/audit.ts';
import { doctor } from '#main/commands/doctor.ts';
import { dryRunCommand } from '#main/commands/dry-run.ts';
import { erpnextInstall } from '#main/commands/erpnext-install.ts';
import { explain } from '#main/commands/explain.ts';
import { inventreeInstall } from '#main/commands/inventree-install.ts';
import { keysRotate } from '#main/commands/keys.ts';
import { migrate } from '#main/commands/migrate.ts';
import { ownerResetPassword } from '#main/commands/owner.ts';
import { radiusCredentials } from '#main/commands/radius-credentials.ts';
import { radiusImport } from '#main/commands/radius-import.ts';
import { radiusRebuild } from '#main/commands/radius-rebuild.ts';
import { reconcile } from '#main/commands/reconcile.ts';
import { replay } from '#main/commands/replay.ts';
import { routerosScript } from '#main/commands/routeros-script.ts';
import { secretsForget, secretsNewKey, secretsRewrap, secretsRotate } from '#main/commands/secrets.ts';
import { start } from '#main/commands/start.ts';
import { FragileDatabaseError } from '#main/databases.ts';
import { ConfigError } from '#platform/config.ts';
import { EmbeddedPostgresError } from '#platform/embedded-postgres/embedded-postgres-error.ts';
import { Refusal } from '#platform/refusal.ts';

/** Longest names first, so that `radius import` is not taken for a `radius`. */
const commands: readonly Command[] = [
  radiusCredentials,
  radiusImport,
  radiusRebuild,
  routerosScript,
  auditVerify,
  auditHead,
  keysRotate,
  erpnextInstall,
  inventreeInstall,
  ownerResetPassword,
  secretsRotate,
  secretsNewKey,
  secretsRewrap,
  secretsForget,
  start,
  migrate,
  doctor,
  dryRunCommand,
  explain,
  replay,
  reconcile,
];

const usage = (): string =>
  [
    'Usage: jembatan <command> [--json]',
    '',
    ...commands.map(({ name, takes, about }) => `  ${`${name} ${takes}`.padEnd(44)} ${about}`),
  ].join('\n');

const options = {
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
  tenant: { type: 'string' },
  head: { type: 'string' },
  plan: { type: 'string', multiple: true },
  apply: { type: 'boolean', default: false },
  from: { type: 'string' },
  to: { type: 'string' },
  into: { type: 'string' },
  'radius-address': { type: 'string' },
  'isolir-address': { type: 'string' },
  pool: { type: 'string' },
  'what-if': { type: 'string', multiple: true },
} as const;

function find(words: readonly string[]): { command: Command; rest: readonly string[] } {
  for (const command of commands) {
    const name = command.name.split(' ');
    if (name.every((word, i) => words[i] === word)) return { command, rest: words.slice(name.length) };
  }
  throw new UsageError(words.length === 0 ? 'Which command?' : `There is no command "${words.join(' ')}".`);
}

async function run(argv: readonly string[]): Promise<number> {
  const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
  if (values.help) {
    console.log(usage());
    return 0;
  }
  const { command, rest } = find(positionals);
  return command.run({
    words: rest,
    json: values.json,
    tenant: values.tenant,
    head: values.head,
    plans: values.plan ?? [],
    apply: values.apply,
    from: values.from,
    to: values.to,
    into: values.into,
    radiusAddress: values['radius-address'],
    isolirAddress: values['isolir-address'],
    pool: values.pool,
    whatIf: values['what-if'],
  });
}

const isUsage = (error: unknown): boolean =>
  error instanceof UsageError ||
  (error instanceof Error && 'code' in error && String(error.code).startsWith('ERR_PARSE_ARGS'));
/** Said in words already; a stack would only hide them. */
const isSaid = (error: unknown): boolean =>
  error instanceof ConfigError ||
  error instanceof EmbeddedPostgresError ||
  error instanceof FragileDatabaseError ||
  error instanceof Refusal;

try {
  process.exitCode = await run(process.argv.slice(2));
} catch (error) {
  if (isUsage(error)) {
    console.error(`${error instanceof Error ? error.message : error}\n\n${usage()}`);
    process.exitCode = 2;
  } else {
    console.error(isSaid(error) && error instanceof Error ? error.message : error);
    process.exitCode = 1;
  }
}
