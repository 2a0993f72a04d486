import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { addDays, localDate } from '#domain/local-time.ts';
import type { LineUsage } from '#features/usage/schema.ts';
import { createDatabase, type RadiusDatabase } from '#test/radius/radius-database.ts';
import { eventually } from './eventually.ts';
import { type Isp, openIsp, type Subscriber, zone } from './isp.ts';
import { type JobRunner, openJobs } from './run-job.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

type Place = { readonly isp: Isp; readonly radius: RadiusDatabase; readonly who: Subscriber; readonly octets: number };

let hub: RunningHub;
let second: RadiusDatabase;
let jobs: JobRunner;
let places: readonly Place[];

async function open(name: string, radius: RadiusDatabase, username: string, octets: number): Promise<Place> {
  const isp = await openIsp(hub, Date.now, name);
  if (radius !== hub.radius) await isp.admin.put('connections/freeradius', { database_url: radius.url });
  return { isp, radius, who: await isp.addSubscriber('Budi', { username }), octets };
}

beforeAll(async () => {
  const [postgresUrl, radiusServerUrl] = [inject('postgresUrl'), inject('mariadbUrl')];
  hub = await startRunningHub({ postgresUrl, flavor: 'mysql', radiusServerUrl });
  second = await createDatabase('postgres', postgresUrl);
  places = [
    await open('alpha', hub.radius, 'budi', 1_000_000_000),
    await open('beta', second, 'budi', 2_000_000_000),
    await open('gamma', hub.radius, 'siti', 4_000_000_000),
  ];
  jobs = openJobs(hub, new Map([[places[1]?.isp.tenantId ?? '', second.url]]));
}, 120_000);
afterAll(async () => {
  await jobs?.close();
  for (const { isp } of places ?? []) await isp.stop();
  await hub?.close();
  await second?.drop();
});

const minutesAgo = ({ flavor }: RadiusDatabase, minutes: number) =>
  flavor === 'mysql'
    ? sql`now() - interval ${sql.lit(minutes)} minute`
    : sql`now() - ${sql.lit(minutes)} * interval '1 minute'`;

/** A session that fell silent half an hour ago, and its user, who was refused just now. */
async function leaveOpen({ radius, who, octets }: Place): Promise<void> {
  await sql`insert into radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
      acctinterval, acctsessiontime, acctinputoctets, acctoutputoctets, callingstationid, calledstationid,
      acctterminatecause, framedipaddress)
    values ('81d00001', ${`${who.username}-1`}, ${who.username}, '10.9.0.1', ${minutesAgo(radius, 90)},
      ${minutesAgo(radius, 30)}, 300, 3600, ${octets}, 0, '', '', '', '10.66.0.9')`.execute(radius.db);
}
const refuse = ({ radius, who }: Place) =>
  sql`insert into radpostauth (username, pass, reply) values (${who.username}, '', 'Access-Reject')`.execute(radius.db);
const openRows = async ({ radius, who }: Place): Promise<number> =>
  (await radius.rows(sql`select 1 as there from radacct where username = ${who.username} and acctstoptime is null`))
    .length;

describe('tenants with a RADIUS database of their own, and tenants who share one', () => {
  it('R6, R9: each is counted what its own users used, though two of them have one name', async () => {
    for (const place of places) await leaveOpen(place);
    for (const { isp } of places) await jobs.run('usage.read', isp.tenantId, Date.now());
    const today = localDate(Date.now(), zone);
    const span = { from: addDays(today, -2), to: today };
    for (const { isp, who, octets } of places) {
      const used = await isp.admin.get<LineUsage>(`subscriptions/${who.id}/usage?from=${span.from}&to=${span.to}`);
      expect([isp.subdomain, used.upload_octets, used.download_octets]).toEqual([isp.subdomain, octets, 0]);
    }
  });

  it('R8: a stale row is closed in the database that it lies in, and in no other', async () => {
    const [alpha, beta, gamma] = places;
    if (!alpha || !beta || !gamma) throw new Error('three tenants were opened');
    await refuse(beta);
    for (const { isp } of places) await jobs.run('sessions.stale', isp.tenantId, Date.now());
    await eventually(
      () => openRows(beta),
      (rows) => rows === 0,
    );
    expect([await openRows(alpha), await openRows(gamma)]).toEqual([1, 1]);
    await refuse(gamma);
    // A tenant's own sweep alone closes its rows, in a shared database too.
    await jobs.run('sessions.stale', alpha.isp.tenantId, Date.now());
    expect(await openRows(gamma)).toBe(1);
    await jobs.run('sessions.stale', gamma.isp.tenantId, Date.now());
    await eventually(
      () => openRows(gamma),
      (rows) => rows === 0,
    );
    expect(await openRows(alpha)).toBe(1);
  });
});
