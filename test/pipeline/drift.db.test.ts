import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { groupName } from '#domain/groups.ts';
import { type DriftStage, openDriftStage } from './drift-stage.ts';

const servers = [
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const;

const scale = Number(process.env.JEMBATAN_FAULT_SCALE ?? '0.1');
const edits = Math.max(20, Math.round(200 * scale));
const lineCount = 24;

const edit = fc.record({
  // The last line's foreign rows would be hit as well.
  who: fc.nat({ max: lineCount - 2 }),
  what: fc.constantFrom('delete', 'change', 'double', 'regroup', 'ungroup', 'strange', 'group'),
  table: fc.constantFrom('radcheck', 'radreply'),
});
type Edit = typeof edit extends fc.Arbitrary<infer E> ? E : never;

/** What a hand in another program may do to rows that are the hub's. */
async function vandalise({ radius, lines, tenantId }: DriftStage, { who, what, table }: Edit): Promise<void> {
  const name = lines[who]?.username ?? '';
  const isolir = groupName(tenantId, 'isolir');
  const plan = groupName(tenantId, { plan: 'home' });
  switch (what) {
    case 'delete':
      return void (await radius(`delete from ${table} where username = ?`, [name]));
    case 'change':
      return void (await radius(`update ${table} set value = 'x', op = '==' where username = ?`, [name]));
    case 'double':
      return void (await radius(
        `insert into radusergroup (username, groupname, priority)
         select username, groupname, priority from radusergroup where username = ?`,
        [name],
      ));
    case 'regroup':
      return void (await radius('update radusergroup set groupname = ?, priority = 7 where username = ?', [
        isolir,
        name,
      ]));
    case 'ungroup':
      return void (await radius('delete from radusergroup where username = ?', [name]));
    case 'strange':
      return void (await radius(
        `insert into radreply (username, attribute, op, value) values (?, 'Framed-Route', ':=', '10.0.0.0/8')`,
        [name],
      ));
    case 'group':
      return void (await radius(
        `update radgroupreply set value = '999M/999M' where groupname = ?
        and attribute = 'Mikrotik-Rate-Limit'`,
        [plan],
      ));
  }
}

describe.each(servers)('reconciliation on %s', (_name, server) => {
  let stage: DriftStage;
  beforeAll(async () => {
    stage = await openDriftStage(inject('postgresUrl'), server(), lineCount);
  });
  afterAll(() => stage.leave());

  const written = async (): Promise<number> => {
    const [row] = await stage.look<{ n: number }>('select count(*)::int as n from outbox where tenant_id = $1', [
      stage.tenantId,
    ]);
    return row?.n ?? -1;
  };

  it('REL-8: random edits, deletes and duplicates are repaired in one resync, the next one writes nothing', async () => {
    const foreign = [
      `insert into radreply (username, attribute, op, value) values (?, 'Reply-Message', '=', 'halo')`,
      `insert into radusergroup (username, groupname, priority) values (?, 'vip', 3)`,
    ];
    for (const statement of foreign) await stage.radius(statement, [stage.lines.at(-1)?.username]);
    await stage.radius(`insert into radcheck (username, attribute, op, value) values ('asing', 'X-Y', ':=', '1')`);
    const before = await stage.lookups();
    expect(await stage.reconcile()).toEqual({});
    const sample = fc.sample(edit, edits);
    for (const one of sample) await vandalise(stage, one);
    await vandalise(stage, { who: 0, what: 'ungroup', table: 'radcheck' });
    await vandalise(stage, { who: 0, what: 'group', table: 'radcheck' });
    expect(await stage.lookups()).not.toEqual(before);

    const found = await stage.reconcile();
    expect(Object.keys(found).length).toBeGreaterThan(0);
    expect(await stage.lookups(), JSON.stringify(sample)).toEqual(before);

    const sent = await written();
    expect(await stage.reconcile()).toEqual({});
    expect(await written()).toBe(sent);
    const drift = await stage.drift();
    expect(drift.length).toBeGreaterThan(0);
    expect(drift.every(({ action, resolved_at }) => action === 'repaired' && resolved_at !== null)).toBe(true);
  });

  it('B5: what another policy only reports stays as it is, and open until it is gone', async () => {
    const [line] = stage.lines;
    const name = line?.username ?? '';
    await stage.policy({ wrong_attribute: 'report', extra_owned_row: 'report' });
    await vandalise(stage, { who: 0, what: 'strange', table: 'radreply' });
    const tampered = await stage.lookups();
    for (const times of [1, 2]) {
      expect(await stage.reconcile()).toEqual({ extra_owned_row: 1 });
      expect((await stage.drift()).at(-1)).toMatchObject({
        subject: name,
        action: 'reported',
        times,
        resolved_at: null,
      });
    }
    expect(await stage.lookups()).toEqual(tampered);
    await stage.radius(`delete from radreply where username = ? and attribute = 'Framed-Route'`, [name]);
    expect(await stage.reconcile()).toEqual({});
    expect((await stage.drift()).filter(({ resolved_at }) => resolved_at === null)).toEqual([]);
    await stage.policy({});
  });

  it('B5: a password that was typed into RADIUS is adopted where the policy says so, and shown nowhere', async () => {
    const name = stage.lines[1]?.username ?? '';
    await stage.policy({ wrong_password: 'adopt' });
    const typed = `update radcheck set value = 'ketikan-baru' where username = ? and attribute = 'Cleartext-Password'`;
    await stage.radius(typed, [name]);
    const tampered = await stage.lookups();
    expect(await stage.reconcile()).toEqual({ wrong_password: 1 });
    expect(await stage.lookups()).toEqual(tampered);
    expect(await stage.reconcile()).toEqual({});
    const drift = await stage.drift();
    expect(drift.at(-1)).toMatchObject({ subject: name, action: 'adopted' });
    expect(JSON.stringify(drift)).not.toContain('ketikan-baru');
    await stage.policy({});
  });

  it('B5: a user whom another hand put into a group of ours is told, and not taken out', async () => {
    const group = groupName(stage.tenantId, { plan: 'home' });
    await stage.radius('insert into radusergroup (username, groupname, priority) values (?, ?, 1)', ['gratis', group]);
    expect(await stage.reconcile()).toEqual({ orphan: 1 });
    expect((await stage.drift()).at(-1)).toMatchObject({ kind: 'orphan', subject: 'gratis', action: 'reported' });
    expect(await stage.radius(`select username from radusergroup where username = 'gratis'`)).toHaveLength(1);
    await stage.radius(`delete from radusergroup where username = 'gratis'`);
    expect(await stage.reconcile()).toEqual({});
  });

  it('law 2: after the bridge came back from an older copy the fences are ahead, and generations go on above them', async () => {
    const [line] = stage.lines;
    await stage.radius(`update hub_fence set gen = 900000 where kind = 'user' and name = ?`, [line?.username]);
    expect(await stage.reconcile()).toEqual({ fence_ahead: 1 });
    const [row] = await stage.look<{ generation: string }>(
      'select generation::text from access where subscription_id = $1 and applied_generation = generation',
      [line?.subscriptionId],
    );
    expect(Number(row?.generation)).toBeGreaterThan(900_000);
    expect(await stage.reconcile()).toEqual({});
  });

  it('X1: a debtor whom somebody moved to a plan is walled off again, and a line that is being written is left alone', async () => {
    const [line] = stage.lines;
    if (!line) throw new Error('there are no lines');
    await stage.look('update subscriptions set suspended_at = now(), suspend_reason = $2 where id = $1', [
      line.subscriptionId,
      'uji',
    ]);
    await stage.look(
      `insert into dirty_lines (tenant_id, subscription_id, correlation_id, cause) values ($1, $2, '-', 'test')`,
      [stage.tenantId, line.subscriptionId],
    );
    await stage.settle();
    const group = (name: string) => stage.radius('select groupname from radusergroup where username = ?', [name]);
    const isolir = groupName(stage.tenantId, 'isolir');
    expect(await group(line.username)).toEqual([{ groupname: isolir }]);
    await stage.radius(`update radusergroup set groupname = ? where username = ? and groupname = ?`, [
      groupName(stage.tenantId, { plan: 'home' }),
      line.username,
      isolir,
    ]);
    await stage.look('update access set applied_generation = 1 where subscription_id = $1', [line.subscriptionId]);
    expect(await stage.reconcile()).toEqual({});
    await stage.look('update access set applied_generation = generation where subscription_id = $1', [
      line.subscriptionId,
    ]);
    expect(await stage.reconcile()).toEqual({ wrong_group: 1 });
    expect(await group(line.username)).toEqual([{ groupname: isolir }]);
  });

  it('B5: a session under an earlier group is sent away again; one of nobody is told', async () => {
    const [, line] = stage.lines;
    if (!line) throw new Error('there are no lines');
    const open = (unique: string, username: string, group: string) =>
      stage.radius(
        `insert into radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
           callingstationid, calledstationid, acctterminatecause, class)
         values (?, ?, ?, '10.9.0.1', current_timestamp, current_timestamp, '', '', '', ?)`,
        [unique, unique, username, `0x${Buffer.from(group).toString('hex')}`],
      );
    const [plan, isolir] = [groupName(stage.tenantId, { plan: 'home' }), groupName(stage.tenantId, 'isolir')];
    await stage.look(`update access set applied_at = now() - interval '5 minutes' where tenant_id = $1`, [
      stage.tenantId,
    ]);
    await open('right', line.username, plan);
    expect(await stage.reconcile('sessions')).toEqual({});
    // What earlier tests had written still looks for logins under way.
    await stage.look(`update outbox set state = 'done' where tenant_id = $1 and kind = 'sessions.drop'`, [
      stage.tenantId,
    ]);
    await open('wrong', line.username.toUpperCase(), isolir);
    await open('nobody', 'hantu', plan);
    expect(await stage.reconcile('sessions')).toEqual({ wrong_session: 1, unknown_session: 1 });
    const drops = await stage.look<{ key: string }>(
      `select key from outbox where tenant_id = $1 and kind = 'sessions.drop' and correlation_id like 'reconcile-%'
        and intent ->> 'group' = $2 order by id desc limit 1`,
      [stage.tenantId, plan],
    );
    expect(drops).toEqual([{ key: line.username }]);
    await stage.radius(`update radacct set acctstoptime = current_timestamp where acctuniqueid <> 'right'`);
    expect(await stage.reconcile('sessions')).toEqual({});
    const told = (await stage.drift()).filter(({ kind }) => String(kind).endsWith('_session'));
    expect(told.map(({ resolved_at }) => resolved_at === null)).toEqual([false, false]);
  });
});

describe('a RADIUS database that is away', () => {
  it('B5: nothing is concluded from it; the run fails and says why', async () => {
    const stage = await openDriftStage(inject('postgresUrl'), inject('postgresUrl'), 1);
    await stage.radius('drop table radusergroup');
    await expect(stage.reconcile()).rejects.toThrow('the run failed');
    expect(await stage.drift()).toEqual([]);
    await stage.leave();
  });
});
