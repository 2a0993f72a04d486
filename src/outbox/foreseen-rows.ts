import type { AccessIntent, RowsToCome } from '#outbox/append.ts';
import { userOf } from '#outbox/dispatch-access.ts';
import type { Dispatching } from '#outbox/dispatching.ts';
import type { BegunUsers } from '#ports/enforcer/port.ts';

/** More at once are a burst: what counts then is how many, not how soon. */
const most = 4;
/** Longer than a slow commit takes; what was not asked for by then was rolled back, most likely, and holds locks in vain. */
const keptMs = 2_000;

type Entry = {
  readonly name: string;
  readonly begun: Promise<BegunUsers | null>;
  readonly lapse: NodeJS.Timeout;
};

/** Rows of decisions that are being committed (`RowsToCome`), found by the intent's own object, which never leaves the process. */
export function createForeseenRows({ enforcerOf, vaultOf }: Pick<Dispatching, 'enforcerOf' | 'vaultOf'>): RowsToCome {
  const entries = new Map<AccessIntent, Entry>();

  async function write(tenantId: string, intent: AccessIntent, generation: bigint): Promise<BegunUsers | null> {
    const [enforcer, vault] = await Promise.all([enforcerOf(tenantId), vaultOf(tenantId)]);
    return enforcer?.beginUsers?.([userOf({ intent, generation }, vault)]) ?? null;
  }

  function take(intent: AccessIntent): Entry | null {
    const entry = entries.get(intent) ?? null;
    entries.delete(intent);
    clearTimeout(entry?.lapse);
    return entry;
  }

  const undo = (intent: AccessIntent): void => void take(intent)?.begun.then((begun) => begun?.undo());

  return {
    begin(tenantId, intent, generation) {
      const name = `${tenantId} ${intent.username}`;
      // Who decides about a line anew has it to himself: what was begun for it before was rolled back.
      for (const [other, entry] of entries) if (entry.name === name) undo(other);
      if (entries.size >= most) return;
      // Behind what is being written just now. A failure is not told: they are written anew when their turn comes.
      const begun = new Promise<void>((resolve) => setImmediate(resolve))
        .then(() => write(tenantId, intent, generation))
        .catch(() => null);
      entries.set(intent, { name, begun, lapse: setTimeout(() => undo(intent), keptMs) });
    },
    async commit(intent) {
      const answer = await (await take(intent)?.begun)?.commit();
      if (!answer?.ok) return answer ?? null;
      const [applied] = answer.value;
      return applied ? { ok: true, value: applied } : null;
    },
  };
}
