import { describe, expect, it } from 'vitest';
import { type Arguments, type Command, UsageError } from '#main/command.ts';
import { doctor } from './doctor.ts';
import { dryRunCommand } from './dry-run.ts';
import { explain } from './explain.ts';
import { radiusRebuild } from './radius-rebuild.ts';
import { reconcile } from './reconcile.ts';
import { replay } from './replay.ts';

const none: Arguments = { words: [], json: false, tenant: undefined, head: undefined, plans: [], apply: false };

/** Command, what was typed, and what must stand in the answer. */
const wrong: readonly (readonly [command: Command, typed: Partial<Arguments>, said: string])[] = [
  [doctor, { words: ['erpnext'] }, 'takes nothing'],
  [dryRunCommand, { words: ['tomorrow'], tenant: 'a' }, 'one time, such as'],
  [dryRunCommand, {}, '--tenant'],
  [dryRunCommand, { tenant: 'a', whatIf: ['grace_days_plus=many'] }, 'grace_days_plus=<0 to 90>'],
  [dryRunCommand, { tenant: 'a', whatIf: ['grace_days_plus'] }, 'grace_days_plus=<0 to 90>'],
  [dryRunCommand, { tenant: 'a', whatIf: ['invoice_paid'] }, 'invoice_paid=<name>'],
  [dryRunCommand, { tenant: 'a', whatIf: ['ledger_unreachable=no'] }, 'ledger_unreachable'],
  [dryRunCommand, { tenant: 'a', whatIf: ['erpnext_away'] }, 'ledger_unreachable'],
  [explain, {}, 'one username'],
  [explain, { words: ['a', 'b'] }, 'one username'],
  [reconcile, { words: ['everything'] }, 'all, radius, sessions, ledger, assets'],
  [replay, {}, '--from and --to'],
  [replay, { words: ['1'], from: '2026-11-21T00:00:00Z' }, 'one event, or --from and --to'],
  [replay, { words: ['the last one'] }, 'no id of an event'],
  [replay, { from: 'yesterday' }, 'times with a zone'],
  [radiusRebuild, {}, '--into mysql'],
  [radiusRebuild, { into: 'sqlite://radius' }, 'mysql:// or postgres://'],
];

describe('a command that is used wrongly', () => {
  it.each(wrong)('$0.name with $1 says what it takes, and opens nothing', (command, typed, said) => {
    const run = (): unknown => command.run({ ...none, ...typed });
    expect(run).toThrow(UsageError);
    expect(run).toThrow(said);
  });
});
