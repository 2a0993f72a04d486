import { planLines } from '#access/plan-lines.ts';
import { dryRun } from '#features/safety/dry-run.ts';
import { DryRunAsk } from '#features/safety/schema.ts';
import { type Command, say, UsageError } from '#main/command.ts';
import { withHub } from '#main/open-hub.ts';
import { systemClock } from '#platform/clock.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';
import { Refusal } from '#platform/refusal.ts';

function askOf(words: readonly string[]): DryRunAsk {
  const [at = new Date().toISOString(), ...rest] = words;
  const asked = DryRunAsk.safeParse({ at });
  if (!asked.success || rest.length > 0)
    throw new UsageError('dry-run takes one time, such as 2026-12-21T00:01+07:00.');
  return asked.data;
}

export const dryRunCommand: Command = {
  name: 'dry-run',
  takes: '[<time>] --tenant <subdomain>',
  about: 'says who would be cut off or restored at a time, and why, without doing it',
  run: (args) => {
    const ask = askOf(args.words);
    const { tenant: subdomain } = args;
    if (subdomain === undefined) throw new UsageError('dry-run needs --tenant.');
    return withHub(readConfig(process.env), createLog('silent'), async ({ db }) => {
      const tenant = await db.gate((tx) =>
        tx.selectFrom('tenants').where('subdomain', '=', subdomain).select('id').executeTakeFirst(),
      );
      if (!tenant) throw new Refusal('NOT_FOUND', `There is no tenant ${subdomain}.`);
      const told = await dryRun({ db, clock: systemClock, plan: planLines }, tenant.id, ask);
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
