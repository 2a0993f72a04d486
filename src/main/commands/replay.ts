import { EventRange, type Replayed } from '#features/integrations/range-schema.ts';
import { replayEvents } from '#features/integrations/range-verbs.ts';
import { replayEvent } from '#features/integrations/verbs.ts';
import { type Arguments, type Command, say, UsageError } from '#main/command.ts';
import { findTenant } from '#main/commands/find-tenant.ts';
import { operatorOf } from '#main/commands/operator.ts';
import { type OpenHub, withHub } from '#main/open-hub.ts';
import type { Who } from '#platform/caller.ts';
import { readConfig } from '#platform/config.ts';
import { createLog } from '#platform/log.ts';

function spanOf({ from, to }: Arguments): EventRange {
  if (from === undefined && to === undefined) {
    throw new UsageError('replay takes the id of an event, or --from and --to.');
  }
  const span = EventRange.safeParse({ from, to });
  if (!span.success) throw new UsageError('--from and --to are times with a zone, such as 2026-11-21T00:00:00+07:00.');
  return span.data;
}

/** Page by page: an hour after an outage is as little trouble as a minute. */
async function replaySpan(
  { db }: OpenHub,
  who: Who,
  span: EventRange,
): Promise<Pick<Replayed, 'replayed' | 'left_out'>> {
  const sum = { replayed: 0, left_out: 0 };
  for (let after: string | null | undefined; after !== null; ) {
    const asked = after === undefined ? span : { ...span, after };
    const page = await db.tenant(who.tenantId, (tx) => replayEvents(tx, who, asked));
    sum.replayed += page.replayed;
    sum.left_out += page.left_out;
    after = page.next;
  }
  return sum;
}

function refuseNoId(word: string): void {
  if (!/^\d{1,18}$/.test(word)) throw new UsageError(`"${word}" is no id of an event: GET /api/v1/events lists them.`);
}

async function replayOne({ db }: OpenHub, who: Who, word: string) {
  return db.tenant(who.tenantId, (tx) => replayEvent(tx, who, BigInt(word)));
}

export const replay: Command = {
  name: 'replay',
  takes: '<event id> | --from <time> [--to <time>]  --tenant <subdomain>',
  about: 'has stored deliveries worked on again: their documents are looked at as they are now',
  run: (args) => {
    const [word, ...rest] = args.words;
    const isBoth = word !== undefined && (args.from !== undefined || args.to !== undefined);
    if (rest.length > 0 || isBoth) throw new UsageError('replay takes one event, or --from and --to.');
    if (word !== undefined) refuseNoId(word);
    const span = word === undefined ? spanOf(args) : null;
    return withHub(readConfig(process.env), createLog('silent'), async (hub) => {
      const who = operatorOf(await findTenant(hub, args.tenant));
      if (word !== undefined) {
        const event = await replayOne(hub, who, word);
        say(args, event, [`${event.doctype} ${event.name} (event ${event.id}) is looked at again.`]);
      } else if (span) {
        const done = await replaySpan(hub, who, span);
        const leftOut = done.left_out > 0 ? `; ${done.left_out} name no document that the hub has a use for` : '';
        say(args, done, [`${done.replayed} deliveries are worked on again${leftOut}.`]);
      }
      return 0;
    });
  },
};
