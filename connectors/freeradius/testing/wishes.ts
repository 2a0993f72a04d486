import { macLock } from '#domain/mac.ts';
import { applyGroups, isolir, planGroup, plans } from '#ports/enforcer/contract-subject.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import { type FreeradiusSubject, freeradiusSubject } from './subject.ts';

/** Fault tests run at a tenth of their full length unless told otherwise. */
const faultScale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
export const scaled = (full: number): number => Math.max(1, Math.round(full * faultScale));

export const plan = planGroup(plans[0]);

/** What a hub wants of a line that is served (or, `isolated`, walled off) from this generation on. */
export const wish = (username: string, generation: bigint, group: string = plan): UserAccess => ({
  username,
  generation,
  group,
  password: `pw${generation}`,
  mac: generation % 2n === 0n ? 'AA:BB:CC:DD:EE:FF' : null,
  reply: group === isolir ? [] : [{ attribute: 'Framed-IP-Address', op: ':=', value: '10.20.30.40' }],
});

/** A subject with its groups written. */
export async function readySubject(
  server: string,
  options: Parameters<typeof freeradiusSubject>[1] = {},
): Promise<FreeradiusSubject> {
  const subject = await freeradiusSubject(server, options);
  await applyGroups(subject);
  return subject;
}

/** All lookup rows of all users, as `table username attribute op value`, sorted: duplicates show. */
export async function userRows({ database }: FreeradiusSubject): Promise<readonly string[]> {
  const rows = [
    ...(await database.query(`select 'check' as t, username, attribute as a, op, value as v from radcheck`)),
    ...(await database.query(`select 'reply' as t, username, attribute as a, op, value as v from radreply`)),
    ...(await database.query(
      `select 'group' as t, username, groupname as a, '' as op, priority as v from radusergroup`,
    )),
  ];
  return rows.map(({ t, username, a, op, v }) => `${t} ${username} ${a} ${op} ${v}`).sort();
}

/** What `userRows` must show once these wishes stand. */
export const expectedRows = (wishes: readonly UserAccess[]): readonly string[] =>
  wishes
    .flatMap((user) => [
      `check ${user.username} Cleartext-Password := ${user.password}`,
      ...(user.mac ? [`check ${user.username} Calling-Station-Id =~ ${macLock(user.mac).value}`] : []),
      ...user.reply.map((row) => `reply ${user.username} ${row.attribute} ${row.op} ${row.value}`),
      `group ${user.username} ${user.group}  1`,
    ])
    .sort();
