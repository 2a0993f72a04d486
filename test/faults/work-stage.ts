import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { freeradiusSubject } from '#connectors/freeradius/testing/subject.ts';
import { addDays, localDate } from '#domain/local-time.ts';
import { createStore } from '#inbox/store.ts';
import { createFakeLedger } from '#ports/ledger/fake.ts';
import type { Ledger } from '#ports/ledger/port.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { createTestHub, type TestLine, zone } from '#test/pipeline/test-hub.ts';
import type { Question } from './programs/asked-ledger.ts';
import type { Strike } from './programs/crash-points.ts';
import type { WorkerPlace } from './programs/worker.ts';
import { openVictims, type Victim } from './victims.ts';

/** What must hold of each intent that was carried out: it was told once, and followed once. */
type Effect = { readonly generation: string; readonly told: number; readonly dropped: number };

export type Effects = {
  /** Intents that are done. */
  readonly done: number;
  readonly doubled: readonly Effect[];
  readonly missing: readonly Effect[];
};

const isQuestion = (message: unknown): message is Question =>
  typeof message === 'object' && message !== null && 'ask' in message;

/** Answers a worker's questions by the ledger of this process. */
function answerFrom(ledger: Ledger, { child }: Victim): void {
  child.on('message', async (message: unknown) => {
    if (!isQuestion(message)) return;
    const value: unknown = await Reflect.apply(ledger[message.method], ledger, message.args);
    // It may have been killed meanwhile.
    if (child.connected) child.send({ answer: message.ask, value }, () => undefined);
  });
}

/** Lines whose bills are made and paid at random, and workers that are there to be killed while they follow. */
export async function openStage(postgresUrl: string, radiusServerUrl: string, leaseMs: number, lineCount = 16) {
  const radius = await freeradiusSubject(radiusServerUrl);
  const hub = await createTestHub(postgresUrl, { enforcer: radius.enforcer });
  hub.time.now = Date.now();
  const tenantId = await hub.addTenant();
  await hub.look(`update tenants set settings = settings || '{"brake_minimum": 1000000}' where id = $1`, [tenantId]);
  const lines: TestLine[] = [];
  for (let i = 0; i < lineCount; i++) lines.push(await hub.addLine(tenantId, `garis${i}`));
  const ledger = createFakeLedger(() => new Date());
  const victims = await openVictims<WorkerPlace>(new URL('./programs/worker.ts', import.meta.url));
  const store = createStore(hub.db);
  /** The open bill of each line that owes. */
  const owing = new Map<TestLine, string>();
  let events = 0;

  /** Makes or pays a line's bill, and tells of it, as ERPNext would. */
  async function turn(line: TestLine): Promise<void> {
    const open = owing.get(line);
    // A new one each time: debt that reappears on a paid bill settles for five minutes.
    const name = open ?? `INV-${line.customer}-${events}`;
    const isOwing = open === undefined;
    if (isOwing) owing.set(line, name);
    else owing.delete(line);
    const dueDate = addDays(localDate(Date.now(), zone), -3);
    ledger.put({
      kind: 'invoice',
      name,
      customer: line.customer,
      subscription: line.customer,
      submitted: true,
      isReturn: false,
      returnAgainst: null,
      dueDate,
      total: 150_000n,
      outstanding: isOwing ? 150_000n : 0n,
      terms: [{ dueDate, amount: 150_000n }],
      items: ['FIBER'],
    });
    await store(hub.arrival(tenantId, 'Sales Invoice', name, randomUUID()));
    events += 1;
  }

  /** Turns bills one after the other until it is stopped. */
  function startTurning(everyMs: number): { stop(): Promise<void> } {
    let isOver = false;
    const turning = (async () => {
      while (!isOver) {
        const line = lines[randomInt(lines.length)];
        if (line) await turn(line);
        await sleep(everyMs);
      }
    })();
    return {
      stop: async () => {
        isOver = true;
        await turning;
      },
    };
  }

  async function worker(strike: Strike | null = null, isSplit = false): Promise<Victim> {
    const { masterKey } = hub;
    const databaseUrl = hub.url;
    const place = { databaseUrl, radiusUrl: radius.database.url, masterKey, leaseMs, strike, isSplit };
    const victim = await victims.next(place);
    answerFrom(ledger, victim);
    return victim;
  }

  async function effects(): Promise<Effects> {
    const rows = await hub.look<Effect & { readonly state: string; readonly keeps: boolean }>(
      `select o.generation::text, o.state, coalesce((o.intent->>'keepSessions')::boolean, false) as keeps,
         (select count(*)::int from timeline t where t.kind = 'rows' and t.data->>'generation' = o.generation::text) as told,
         (select count(*)::int from outbox d where d.kind = 'sessions.drop' and d.generation = o.generation) as dropped
       from outbox o where o.kind = 'access.apply'`,
    );
    const done = rows.filter(({ state }) => state === 'done');
    return {
      done: done.length,
      doubled: rows.filter(({ told, dropped }) => told > 1 || dropped > 1),
      missing: done.filter(({ told, dropped, keeps }) => told < 1 || (dropped < 1 && !keeps)),
    };
  }

  const groupsHeld = async (): Promise<ReadonlyMap<string, string>> => {
    const rows = await radius.database.query('select username, groupname from radusergroup');
    return new Map(rows.map(({ username, groupname }) => [String(username), String(groupname).split(':')[1] ?? '']));
  };
  const groupOf = (line: TestLine): string => (owing.has(line) ? 'isolir' : 'home');

  /** What stands about lines that are not where they should be, for whoever reads the failure. */
  const whyNot = async (wrong: readonly TestLine[]): Promise<readonly unknown[]> =>
    wrong.length === 0
      ? []
      : hub.look(
          `select s.username, a.state, a.reason->>'code' as reason, a.generation, a.applied_generation,
             (select json_agg(json_build_array(d.name, d.attempts, d.error, d.not_before - now(), d.locked_until - now()))
              from dirty_documents d where d.name like 'INV-' || s.username || '-%' or d.name = s.username) as marks
           from subscriptions s left join access a on a.subscription_id = s.id where s.id = any($1)`,
          [wrong.map(({ subscriptionId }) => subscriptionId)],
        );

  /** Waits until a worker has brought everybody where the ledger wants them, and nothing is left to do. */
  async function comesRight(): Promise<void> {
    await eventually(
      async () => {
        const held = await groupsHeld();
        return whyNot(lines.filter((line) => held.get(line.username) !== groupOf(line)));
      },
      (wrong) => wrong.length === 0,
      120_000,
    );
    await eventually(
      () =>
        hub.look(`select 'inbox' as what from inbox where state = 'new' union all select 'line' from dirty_lines
          union all select 'intent' from outbox where kind = 'access.apply' and state in ('ready', 'running')`),
      (left) => left.length === 0,
      60_000,
    );
  }

  return {
    hub,
    radius,
    tenantId,
    ledger,
    lines,
    worker,
    turn,
    startTurning,
    effects,
    comesRight,
    groupsHeld,
    events: () => events,
    close: async () => {
      await victims.close();
      await hub.close();
      await radius.close();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;
