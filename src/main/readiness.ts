import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { Wire } from '#main/wire/wire.ts';

type State = { readonly ok: boolean; readonly text: string };

const answerMs = 2_000;

async function within<T>(work: Promise<T>, otherwise: (why: string) => T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise(`no answer within ${answerMs} ms`)), answerMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    return otherwise(error instanceof Error ? error.message : String(error));
  } finally {
    clearTimeout(timer);
  }
}
const failed = (text: string): State => ({ ok: false, text });

const bridgeState = (db: Database): Promise<State> =>
  db.gate(async (tx) => {
    await sql`select 1`.execute(tx);
    return { ok: true, text: 'answers' };
  });

async function radiusState(wire: Wire): Promise<State> {
  const tested = await wire.installation.test();
  return tested.ok ? { ok: true, text: tested.value } : { ok: false, text: tested.error.detail };
}

/** What holds cuts back, as numbers alone: whoever may not log in sees this too. */
type Cuts = {
  readonly all_stopped: boolean;
  readonly tenants_stopped: number;
  readonly tenants_held: number;
  readonly lines_held: number;
};

const cutsState = (db: Database): Promise<Cuts | null> =>
  db.claim(async (tx) => {
    const { rows } = await sql<Cuts>`
      select exists (select from installation_kill_switch where is_on) as all_stopped,
        (select count(*)::int from kill_switches where is_on) as tenants_stopped,
        (select count(distinct tenant_id)::int from holds where state in ('waiting', 'releasing')) as tenants_held,
        (select count(*)::int from held_lines where state = 'held') as lines_held`.execute(tx);
    return rows[0] ?? null;
  });

/**
 * Whether this process can do its work. Without RADIUS it can: what goes there waits in the outbox and is shown. Nor do
 * cuts that are held back make it unready: a person wants them so (spec B8).
 */
export async function readiness(db: Database, wire: Wire) {
  const [bridge, radius, cuts] = await Promise.all([
    within(bridgeState(db), failed),
    within(radiusState(wire), failed),
    within(cutsState(db), () => null),
  ]);
  return { ready: bridge.ok, dependencies: { bridge, radius }, cuts };
}
