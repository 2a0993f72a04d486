import { planLines } from '#access/plan-lines.ts';
import { dryRun } from '#features/safety/dry-run.ts';
import { DryRunAsk } from '#features/safety/schema.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { findTenant } from '#main/commands/find-tenant.ts';
import { withHub } from '#main/open-hub.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';

const supposed = 'grace_days_plus=<0 to 90>, invoice_paid=<name> or ledger_unreachable';

/** `name=value` of each `--what-if`; a name alone is so. */
function supposing(words: readonly string[]): Readonly<Record<string, unknown>> {
  const pairs = words.map((word): [string, unknown] => {
    const [name = '', ...value] = word.split('=');
    const text = value.join('=');
    if (name === 'grace_days_plus' && text !== '') return [name, Number(text)];
    return [name, value.length === 0 ? true : text];
  });
  return Object.fromEntries(pairs);
}

function askOf(words: readonly string[], whatIf: readonly string[]): DryRunAsk {
  const [at = new Date().toISOString(), ...rest] = words;
  const isTime = DryRunAsk.safeParse({ at }).success;
  if (!isTime || rest.length > 0) throw new UsageError('dry-run takes one time, such as 2026-12-21T00:01+07:00.');
  const asked = DryRunAsk.safeParse({ at, what_if: supposing(whatIf) });
  if (!asked.success) throw new UsageError(`--what-if takes ${supposed}.`);
  return asked.data;
}

export const dryRunCommand: Command = {
  name: 'dry-run',
  takes: '[<time>] [--what-if <name=value>] --tenant <subdomain>',
  about: 'says who would be cut off or restored at a time, and why, without doing it',
  run: (args) => {
    const ask = askOf(args.words, args.whatIf ?? []);
    if (args.tenant === undefined) throw new UsageError('dry-run needs --tenant.');
    return withHub(readConfig(process.env), createLog('silent'), async ({ db }) => {
      const tenantId = await findTenant({ db }, args.tenant);
      const told = await dryRun({ db, clock: systemClock, plan: planLines }, tenantId, ask);
      const named = (title: string, some: typeof told.cuts): string[] => [
        `${title}: ${some.length}`,
        ...some.map(({ username, customer, reason }) => `  ${username}  ${customer.name}: ${reason}`),
      ];
      say(args, told, [
        `At ${told.at}, at most ${told.limit} lines would be cut off without a person.`,
        ...named('Cut off', told.cuts),
        ...named('Restored', told.restores),
        ...named('Held by the safety brake', told.held_lines),
        ...named('Owe, and stay online', told.spared),
        ...(told.stopped > 0 ? [`Kept online by a kill switch: ${told.stopped}`] : []),
      ]);
      return 0;
    });
  },
};
