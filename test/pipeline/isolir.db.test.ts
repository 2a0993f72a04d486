import { execFile } from 'node:child_process';
import { request } from 'node:http';
import { promisify } from 'node:util';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { groupName } from '#domain/groups.ts';
import { builtCommand } from '#test/setup/built-command.ts';
import { type Isp, openIsp } from './isp.ts';
import { type RunningHub, startRunningHub } from './running-hub.ts';

type Told = { readonly status: number; readonly location: string; readonly text: string };

/** A request for whatever web site, as it arrives at the port that routers send isolated subscribers to. */
const visit = (port: number, host: string, path: string): Promise<Told> =>
  new Promise((resolve, reject) => {
    const sent = request({ host: '127.0.0.1', port, path, headers: { Host: host } }, (answer) => {
      const parts: Buffer[] = [];
      answer.on('data', (part: Buffer) => parts.push(part));
      answer.on('end', () => {
        const text = Buffer.concat(parts).toString();
        resolve({ status: answer.statusCode ?? 0, location: answer.headers.location ?? '', text });
      });
    });
    sent.on('error', reject);
    sent.end();
  });

const run = promisify(execFile);
let hub: RunningHub;
let isp: Isp;

beforeAll(async () => {
  hub = await startRunningHub({
    postgresUrl: inject('postgresUrl'),
    flavor: 'mysql',
    radiusServerUrl: inject('mariadbUrl'),
    more: { JEMBATAN_ISOLIR_PORT: '0', JEMBATAN_ISOLIR_URL: 'http://isolir.isp.example' },
  });
  isp = await openIsp(hub, Date.now);
});
afterAll(async () => {
  await isp?.stop();
  await hub?.close();
});

describe('an isolated subscriber', () => {
  it('R10: from any web site it comes to what it owes, and after its payment to thanks', async () => {
    const who = await isp.addSubscriber('Budi Santoso');
    const bill = isp.billOverdue(who);
    await isp.becomes(who, 'isolated');
    await sql`insert into radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
        callingstationid, calledstationid, acctterminatecause, framedipaddress, class)
      values ('81d00001', 'u1', ${who.username}, '10.9.0.1', now(), now(), '', '', '', '127.0.0.1',
        ${groupName(isp.tenantId, 'isolir')})`.execute(hub.radius.db);
    await isp.admin.patch('settings', { branding: { phone: '0812-3456' }, payment_instructions: 'BCA 123-456' });

    const port = hub.isolirPort ?? 0;
    const probed = await visit(port, 'connectivitycheck.gstatic.com', '/generate_204');
    expect(probed).toEqual({ status: 302, location: 'http://isolir.isp.example/isolir', text: '' });
    const led = await visit(port, 'isolir.isp.example', '/isolir');
    expect(led).toMatchObject({ status: 302, location: `/isolir/${isp.subdomain}` });
    const { status, text } = await visit(port, 'isolir.isp.example', led.location);
    expect(status).toBe(200);
    for (const part of ['B*** S***', bill, '150.000', 'BCA 123-456', '0812-3456']) expect(text).toContain(part);
    expect(text).not.toMatch(/Budi|Santoso|Melati/);
    expect(await (await fetch(`${hub.url}/isolir/${isp.subdomain}`)).text()).toContain(bill);

    isp.erp.pay({ invoice: bill });
    await isp.becomes(who, 'active');
    expect((await visit(port, 'isolir.isp.example', led.location)).text).toContain('pembayaran sudah kami terima');
  });

  it('R10, O7: what sends it there is the script that the command line prints and the API shows, and the audit log tells', async () => {
    const secret = 'Vq8Zr2mN5xTk9LwB$;"';
    const { id } = await isp.admin.post<{ id: string }>('nas', { name: 'CKP "1"', address: '10.20.0.1', secret });
    await isp.admin.patch('settings', { isolir_allow: ['app.midtrans.com', '203.0.113.0/24'] });
    const wanted = { radius_address: '10.10.10.2', isolir_address: '10.10.10.5:8090', pool: '10.66.4.0/22' };
    const { script } = await isp.admin.post<{ script: string }>(`nas/${id}/routeros-script`, wanted);
    for (const part of [
      'secret="Vq8Zr2mN5xTk9LwB\\24\\3B\\22"',
      'src-address=10.20.0.1',
      'ranges=10.66.4.2-10.66.7.254',
      'to-addresses=10.10.10.5 to-ports=8090',
      'list=isolir-allow address=isolir.isp.example',
      'list=isolir-allow address=app.midtrans.com',
      'list=isolir-allow address=203.0.113.0/24',
    ])
      expect(script).toContain(part);
    expect(script).not.toContain('more of your routers');
    const options = ['--radius-address', '10.10.10.2', '--isolir-address', '10.10.10.5:8090', '--pool', '10.66.4.0/22'];
    const command = [await builtCommand(), 'routeros', 'script', isp.subdomain];
    const env = { ...process.env, ...hub.environment };
    for (const router of ['10.20.0.1', 'CKP "1"']) {
      const { stdout } = await run(process.execPath, [...command, router, ...options], { env });
      expect(stdout).toBe(script);
    }
    await expect(run(process.execPath, [...command, 'nobody', ...options], { env })).rejects.toThrow('There is no NAS');
    await expect(run(process.execPath, [...command, 'CKP "1"'], { env })).rejects.toThrow('--radius-address');
    const rows = await hub.look<{ address: string }>(
      `select address from audit_logs where entity_id = $1 and action = 'reveal' order by id`,
      [id],
    );
    expect(rows.map(({ address }) => address)).toEqual(['127.0.0.1', 'command line', 'command line']);
    for (const wrong of [{ isolir_allow: ['0.0.0.0/0'] }, { isolir_allow: ['10.0.0.0/8'] }])
      await expect(isp.admin.patch('settings', wrong)).rejects.toThrow('400');
  });
});
