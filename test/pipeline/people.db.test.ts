import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from './eventually.ts';
import { type Isp, openIsp, type Subscriber } from './isp.ts';
import { type JobRunner, openJobs } from './run-job.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

let hub: RunningHub;
let isp: Isp;
let jobs: JobRunner;
beforeAll(async () => {
  hub = await startRunningHub({
    postgresUrl: inject('postgresUrl'),
    flavor: 'mysql',
    radiusServerUrl: inject('mariadbUrl'),
  });
  isp = await openIsp(hub, Date.now);
  jobs = openJobs(hub);
});
afterAll(async () => {
  await jobs.close();
  await isp.stop();
  await hub.close();
});

const follow = () => jobs.run('people.follow', isp.tenantId, Date.now());
const orders = async (): Promise<number> =>
  (await isp.admin.get<{ total: number }>('outbox?kind=user.describe&page_size=1')).total;
async function shown({ username }: Subscriber): Promise<string | undefined> {
  const [row] = await hub.radius.rows(
    sql`select concat(firstname, ' ', lastname, ' ', address) as words from userinfo where username = ${username.toLowerCase()}`,
  );
  return row?.words ?? undefined;
}

describe('who a user is, in RADIUS’s own console', () => {
  it('R1: people follow where daloRADIUS’s table is, a change too, and nobody is told twice', async () => {
    const who = await isp.addSubscriber('Ani');
    await follow();
    expect(await orders()).toBe(0);
    await sql`create table userinfo (id int auto_increment primary key, username varchar(128), firstname varchar(200),
      lastname varchar(200), email varchar(200), mobilephone varchar(200), address varchar(200),
      creationdate datetime, creationby varchar(128), updatedate datetime, updateby varchar(128))`.execute(
      hub.radius.db,
    );
    await follow();
    const first = await eventually(
      () => shown(who),
      (words) => words !== undefined,
    );
    expect(first).toContain('Ani');
    await isp.admin.patch(`customers/${who.customerId}`, { address: 'Jl. Kenanga 9' });
    await eventually(
      async () => {
        await follow();
        return shown(who);
      },
      (words) => words?.endsWith('Jl. Kenanga 9') === true,
    );
    await eventually(
      () => isp.admin.get<{ total: number }>('outbox?kind=user.describe&state=running&page_size=1'),
      ({ total }) => total === 0,
    );
    const told = await orders();
    await follow();
    expect(await orders()).toBe(told);
    const kept = await hub.look<{ text: string }>(
      `select intent::text as text from outbox where kind = 'user.describe' and tenant_id = $1`,
      [isp.tenantId],
    );
    expect(JSON.stringify(kept)).not.toContain('Kenanga');
  });
});
