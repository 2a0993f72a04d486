import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { eventually } from '#test/pipeline/eventually.ts';
import { type Office, type RunningHub, startRunningHub } from '#test/pipeline/running-hub.ts';
import { usualBrowser } from '../pages/browser.ts';
import { buildPages, enter, type Phone, phone } from '../pages/phone.ts';

const tini = { email: 'tini@warung.example', password: 'correct horse', name: 'Bu Tini', role: 'reseller' };
const price = 150_000;
const weekMs = 7 * 24 * 3_600_000;

let hub: RunningHub;
let office: Office;
let browser: Browser;
let hp: Phone;

beforeAll(async () => {
  await buildPages();
  const [postgresUrl, radiusServerUrl] = [inject('postgresUrl'), inject('mariadbUrl')];
  hub = await startRunningHub({ postgresUrl, radiusServerUrl, flavor: 'mysql' });
  office = await hub.addOffice('satu');
  browser = await usualBrowser();
}, 180_000);
afterAll(async () => {
  await hub?.close();
});

/** What the ISP lays down: a plan, vouchers at a price of the reseller's own, a rule of commission, and the reseller. */
async function furnish(): Promise<void> {
  const { admin, tenantId } = office;
  const plan = { name: 'Home 50', speed_download: 50, speed_upload: 25, price };
  await admin.post('service-plans', plan);
  await admin.post('vouchers', { days: 30, price: 100_000, reseller_price: 90_000, count: 10 });
  await admin.post('commission-rules', { occasion: 'every', kind: 'percent', value: 1_000 });
  await admin.patch('settings', { branding: { name: 'Satu Net', colour: '#0b6b3a' } });
  await admin.post('auth/register', { ...tini, tenant_id: tenantId });
}

type Rows<T> = { readonly data: readonly T[] };

/** The modem of a line is in: as RADIUS keeps it. */
const switchOn = (username: string): Promise<unknown> =>
  sql`insert into radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
      callingstationid, calledstationid, acctterminatecause, framedipaddress)
    values ('81d00001', 'u1', ${username}, '10.9.0.1', now(), now(), '', '', '', '10.0.0.2')`.execute(hub.radius.db);

/** The office bills the only customer, as it does each month. */
async function billFirst(): Promise<{ readonly customer: string; readonly username: string }> {
  const { admin } = office;
  type Line = { readonly id: string; readonly subscription: { readonly id: string; readonly username: string } };
  const [found] = (await admin.get<Rows<Line>>('customers')).data;
  if (!found) throw new Error('nobody was registered');
  const { id: customer_id, subscription } = found;
  const lines = [{ description: 'Internet', quantity: 1, unit_price: price }];
  const due_date = new Date(Date.now() + weekMs).toISOString().slice(0, 10);
  await admin.post('invoices', { customer_id, subscription_id: subscription.id, lines, due_date });
  return { customer: customer_id, username: subscription.username };
}

describe('the reseller’s page on a whole hub', { timeout: 240_000 }, () => {
  it('S1, S2, S3: top up, register, pay in three taps, the dot turns green, the commission appears; vouchers are sold', async () => {
    await furnish();
    hp = await phone(browser, hub, { camera: false });
    const home = { folder: 'reseller', heading: 'Satu Net' };
    await enter(hp, hub.url, { subdomain: office.subdomain, email: tini.email, password: tini.password }, home);

    await hp.goTo('top-up');
    await hp.page.getByLabel('Jumlah').fill('500.000');
    await hp.page.getByLabel('Transfer bank').check();
    await hp.press(/^Minta isi/);
    await hp.says('Permintaan dikirim.');
    const asked = await office.admin.get<Rows<{ readonly id: string }>>('deposit-top-ups?state=requested');
    await office.admin.post(`deposit-top-ups/${asked.data[0]?.id}/approve`);
    await hp.goTo('deposit');
    await hp.says(/^Rp\s500\.000$/);

    await hp.goTo('register');
    await hp.page.getByLabel('Nama lengkap').fill('Siti Aminah');
    await hp.page.getByLabel('Nomor WhatsApp').fill('0812-3456-7890');
    await hp.page.getByLabel('Alamat pasang').fill('Jl. Melati 5');
    await hp.press('Ambil lokasi saya');
    await hp.says('Lokasi didapat');
    await hp.press('Daftarkan');
    await hp.says('Kata sandi hanya tampil sekali');
    const { customer, username } = await billFirst();
    await hp.says(username);

    await hp.goTo('customers');
    await hp.press(/^Siti Aminah/);
    await hp.press(/^Bayar Rp\s150\.000$/);
    await hp.press(/^Ya, bayar Rp\s150\.000$/);
    await hp.says('Sudah dibayar');
    await hp.says(/Sisa deposit Rp\s350\.000/);
    await switchOn(username);
    await hp.says('Internet pelanggan sudah hidup.');
    await hp.goTo('customers');
    const row = hp.page.getByRole('link', { name: /^Siti Aminah/ });
    await row.getByText('Online').waitFor();
    type Statement = { readonly closing: number };
    expect((await office.admin.get<Statement>(`customers/${customer}/statement`)).closing).toBe(0);

    await hp.goTo('vouchers');
    await hp.press(/^30 hari/);
    await hp.press('Tambah');
    await hp.press(/^Ambil 2 voucher/);
    await hp.press(/^Ya, potong deposit/);
    await hp.says('2 voucher');
    await hp.page.locator('li svg').nth(1).waitFor();
    const download = hp.page.waitForEvent('download');
    await hp.press('Unduh struk 58 mm (PDF)');
    expect((await download).suggestedFilename()).toBe('voucher-58mm.pdf');
    await hp.goTo('deposit');
    await hp.says(/^Rp\s170\.000$/);

    // A tenth of the payment.
    await eventually(
      async () => {
        await hp.goTo('more');
        await hp.press('Komisi');
        await hp.page.getByRole('row').last().waitFor();
        return hp.page.getByText(/Rp\s15\.000/).count();
      },
      (count) => count > 0,
      60_000,
    );
    expect([hp.complaints, hp.outside]).toEqual([[], []]);
    await hp.context.close();
  });
});
