import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { decideLine } from '#access/decide-lines.ts';
import { createTestBridge, type TestBridge } from '#test/setup/bridge.ts';
import { officeTime, openOffice } from '#test/setup/office.ts';
import { importRadiusUsers, type RadiusUser } from './radius-import.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await createTestBridge(inject('postgresUrl'));
});
afterAll(() => bridge.close());

const user = (username: string, more: Partial<RadiusUser> = {}): RadiusUser => ({
  username,
  name: null,
  password: 'pass-1',
  group: '10M',
  mac: null,
  reply: [],
  ...more,
});

async function openImport() {
  const office = await openOffice(bridge, { settings: { default_billing_mode: 'prepaid' } });
  const plans = new Map([['10M', office.planId]]);
  const run = (...users: RadiusUser[]) =>
    importRadiusUsers({ db: bridge.db, ...office.around }, office.tenant.id, users, plans, 'c-1');
  return { ...office, run };
}

describe('adoption of RADIUS users', () => {
  it('X11: users become customers with their passwords, MACs and reply rows unchanged, and go on being served', async () => {
    const { run, tenant } = await openImport();
    const fixed = { attribute: 'Framed-IP-Address', op: ':=', value: '10.1.1.1' };
    const report = await run(
      user('Ani', { name: 'Ani W.', password: 'kata sandí', mac: 'AA:BB:CC:DD:EE:01', reply: [fixed] }),
    );
    expect(report).toMatchObject({ adopted: [{ username: 'Ani', customerCode: 'CUST001' }], skipped: [] });
    const id = report.adopted[0]?.subscriptionId ?? '';
    const [row] = await bridge.look<Record<string, unknown>>(
      `select s.canonical_username, s.password, s.mac, s.reply, c.name, c.phone, c.address from subscriptions s
       join customers c on c.id = s.customer_id where s.id = $1`,
      [id],
    );
    expect(row).toMatchObject({
      canonical_username: 'ani',
      mac: 'AA:BB:CC:DD:EE:01',
      reply: [fixed],
      name: 'Ani W.',
      phone: '-',
      address: '-',
    });
    const place = { table: 'subscriptions', column: 'password', row: id };
    expect(tenant.vault.open(String(row?.password), place)).toBe('kata sandí');
    await decideLine(bridge.db, () => officeTime, tenant.id, id);
    const access = await bridge.look(`select state from access where subscription_id = $1`, [id]);
    expect(access).toEqual([{ state: 'active' }]);
    const intents = await bridge.look<{ intent: { keepSessions: boolean } }>(
      `select intent from outbox where subscription_id = $1 and kind = 'access.apply'`,
      [id],
    );
    expect(intents).toMatchObject([{ intent: { keepSessions: true } }]);
  });

  it('X11: whoever cannot be adopted is skipped in words, and the others are not held up', async () => {
    const { run, registered } = await openImport();
    await registered({ username: 'taken' });
    const { adopted, skipped } = await run(
      user('one'),
      user('TAKEN'),
      user('bad name'),
      user('nogroup', { group: '99M' }),
      user('quoted', { password: '`reboot`' }),
      user('two'),
    );
    expect(adopted.map(({ username, customerCode }) => [username, customerCode])).toEqual([
      ['one', 'CUST002'],
      ['two', 'CUST003'],
    ]);
    expect(skipped).toEqual([
      { username: 'TAKEN', why: 'The username TAKEN is taken.' },
      { username: 'bad name', why: 'A username has letters, digits and @ . _ - only.' },
      { username: 'nogroup', why: 'No service plan stands for the group 99M.' },
      { username: 'quoted', why: 'A PPPoE password does not begin with a quotation mark.' },
    ]);
  });

  it('X11: two users locked to one modem are both adopted, locks unchanged', async () => {
    const { run, tenant } = await openImport();
    const mac = 'AA:BB:CC:DD:EE:02';
    expect((await run(user('one', { mac }), user('two', { mac }))).adopted).toHaveLength(2);
    const locked = await bridge.look('select mac from subscriptions where tenant_id = $1', [tenant.id]);
    expect(locked).toEqual([{ mac }, { mac }]);
  });

  it('X11: importing again adopts who is new since', async () => {
    const { run } = await openImport();
    const many = Array.from({ length: 60 }, (_, i) => user(`user${i}`));
    expect((await run(...many)).adopted).toHaveLength(60);
    const again = await run(...many, user('late'));
    expect(again.adopted.map(({ username }) => username)).toEqual(['late']);
    expect(again.skipped).toHaveLength(60);
  });
});
