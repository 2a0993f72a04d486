import { describe, expect, inject, it } from 'vitest';
import { isolir } from '#ports/enforcer/contract-subject.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import { raiseFences } from './fence.ts';
import { readRadiusMapping } from './mapping.ts';
import { type Break, openBreakingDatabase } from './testing/breaking-database.ts';
import type { FreeradiusSubject } from './testing/subject.ts';
import { expectedRows, plan, readySubject, userRows, wish } from './testing/wishes.ts';
import { applyUsers } from './users.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

const names = Array.from({ length: 6 }, (_, n) => `line${n}`);
/** In each batch the lines that were served are cut, and the others come back; passwords, locks and addresses change. */
const batchOf = (generation: bigint): readonly UserAccess[] =>
  names.map((name, n) => wish(name, generation, (n + Number(generation)) % 2 === 0 ? isolir : plan));

const fenceOf = async ({ database }: FreeradiusSubject): Promise<ReadonlyMap<string, string>> => {
  const rows = await database.query(`select name, gen from hub_fence where kind = 'user'`);
  return new Map(rows.map(({ name, gen }) => [String(name), String(gen)]));
};

/** What stands of a user: its fence, and its rows. */
async function standing(subject: FreeradiusSubject): Promise<ReadonlyMap<string, string>> {
  const [rows, fences] = await Promise.all([userRows(subject), fenceOf(subject)]);
  return new Map(
    names.map((name) => {
      const own = rows.filter((row) => row.split(' ')[1] === name);
      return [name, JSON.stringify([fences.get(name) ?? null, own])];
    }),
  );
}

/** What should stand of each user of a batch once it is written. */
const wholly = (batch: readonly UserAccess[]): ReadonlyMap<string, string> =>
  new Map(batch.map((user) => [user.username, JSON.stringify([String(user.generation), expectedRows([user])])]));

type Played = { readonly isOver: boolean; readonly torn: readonly string[] };

/** Has a writer die in the middle of a batch; answers the users that are neither as before nor as the batch wants. */
async function play(
  subject: FreeradiusSubject,
  generation: bigint,
  breaks: Break,
  isAutocommitted: boolean,
): Promise<Played> {
  const before = await standing(subject);
  const { database, isBroken } = openBreakingDatabase(subject.database.url, { breaks, isAutocommitted });
  const batch = batchOf(generation);
  await applyUsers({ database, mapping: readRadiusMapping(), raise: raiseFences }, batch);
  await database.close();
  const after = await standing(subject);
  const wanted = wholly(batch);
  const torn = names.filter((name) => after.get(name) !== before.get(name) && after.get(name) !== wanted.get(name));
  return { isOver: !isBroken(), torn };
}

/** The writer dies at each of its statements in turn, before and after the server hears it. */
async function playAll(subject: FreeradiusSubject, isAutocommitted: boolean) {
  const torn: string[] = [];
  let generation = 1n;
  for (let at = 1, isOver = false; !isOver; at++) {
    for (const isSent of [false, true]) {
      generation += 1n;
      const played = await play(subject, generation, { at, isSent }, isAutocommitted);
      isOver = played.isOver;
      torn.push(...played.torn);
      // Whoever comes next does all of it, whatever was left behind.
      const batch = batchOf(generation + 1n);
      generation += 1n;
      expect(await subject.enforcer.applyUsers(batch)).toMatchObject({ ok: true });
      expect(await standing(subject)).toEqual(wholly(batch));
    }
  }
  return { torn, generation };
}

describe.each(servers)('X3: a batch whose writer dies, on %s', { timeout: 120_000 }, (_name, server) => {
  it('leaves each user wholly as it was or wholly as it should be, at whatever statement', async () => {
    const subject = await readySubject(server());
    const { torn, generation } = await playAll(subject, false);
    expect(torn).toEqual([]);
    // Begin, fences, what stands, rows of three tables, the stamp, commit: it died in the midst of a dozen statements.
    expect(generation).toBeGreaterThan(40n);
    await subject.close();
  });

  it('control: without a transaction around them users are torn', async () => {
    const subject = await readySubject(server());
    const { torn } = await playAll(subject, true);
    expect(torn).not.toEqual([]);
    await subject.close();
  });
});
