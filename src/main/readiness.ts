import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import type { Wire } from '#main/wire/wire.ts';

type State = { readonly ok: boolean; readonly text: string };

const answerMs = 2_000;

async function within(work: Promise<State>): Promise<State> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<State>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, text: `no answer within ${answerMs} ms` }), answerMs);
  });
  try {
    return await Promise.race([work, late]);
  } catch (error) {
    return { ok: false, text: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}

const bridgeState = (db: Database): Promise<State> =>
  db.gate(async (tx) => {
    await sql`select 1`.execute(tx);
    return { ok: true, text: 'answers' };
  });

async function radiusState(wire: Wire): Promise<State> {
  const tested = await wire.installation.test();
  return tested.ok ? { ok: true, text: tested.value } : { ok: false, text: tested.error.detail };
}

/** Whether this process can do its work. Without RADIUS it can: what goes there waits in the outbox and is shown. */
export async function readiness(db: Database, wire: Wire) {
  const [bridge, radius] = await Promise.all([within(bridgeState(db)), within(radiusState(wire))]);
  return { ready: bridge.ok, dependencies: { bridge, radius } };
}
