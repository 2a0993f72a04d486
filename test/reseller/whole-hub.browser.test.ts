import { readFile } from 'node:fs/promises';
import { sql } from 'kysely';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { startMidtrans } from '#sandbox/gateways/midtrans.ts';
import type { GatewayStandIn } from '#sandbox/gateways/stand-in.ts';
import { textOf } from '#test/features/pdf-text.ts';
import { eventually } from '#test/pipeline/eventually.ts';
import { type Office, type RunningHub, startRunningHub } from '#test/pipeline/running-hub.ts';
import { usualBrowser } from '../pages/browser.ts';
import { buildPages, enter, type Phone, phone } from '../pages/phone.ts';

const password = 'correct horse';
const tini = { email: 'tini@warung.example', password, name: 'Bu Tini', role: 'reseller' };
const joko = { email: 'joko@kios.example', password, name: 'Pak Joko', role: 'reseller' };
const serverKey = 'Rahasia-Gerbang-4711';
const price = 150_000;
const weekMs = 7 * 24 * 3_600_000;

let hub: RunningHub;
let office: Office;
let browser: Browser;
let gateway: GatewayStandIn;
let hp: Phone;

beforeAll(async () => {
  await buildPages();
  const [postgresUrl, radiusServerUrl] = [inject('postgresUrl'), inject('mariadbUrl')];
  hub = await startRunningHub({ postgresUrl, radiusServerUrl, flavor: 'mysql' });
  office = await hub.addOffice('satu');
  gateway = await startMidtrans(serverKey);
  await furnish();
  browser = await usualBrowser();
}, 180_000);
afterAll(async () => {
  await hub?.close();
  await gateway?.close();
});

/** What the ISP lays down: a plan, vouchers at a price of the reseller's own, a rule of commission, a gateway, the resellers. */
async function furnish(): Promise<void> {
  const { admin, tenantId } = office;
  const plan = { name: 'Home 50', speed_download: 50, speed_upload: 25, price };
  await admin.post('service-plans', plan);
  await admin.post('vouchers', { days: 30, price: 100_000, reseller_price: 90_000, count: 10 });
  await admin.post('commission-rules', { occasion: 'every', kind: 'percent', value: 1_000 });
  await admin.patch('settings', { branding: { name: 'Satu Net', colour: '#0b6b3a' } });
  await admin.put('connections/midtrans', { environment: 'sandbox', server_key: serverKey, url: gateway.url });
  for (const one of [tini, joko]) await admin.post('auth/register', { ...one, tenant_id: tenantId });
}

/** A phone in a reseller's hand, logged in. */
async function take({ email }: { readonly email: string }): Promise<Phone> {
  const made = await phone(browser, hub, { camera: false });
  const home = { folder: 'reseller', heading: 'Satu Net' };
  await enter(made, hub.url, { subdomain: office.subdomain, email, password }, home);
  return made;
}

/** The gateway's payer pays, and the gateway tells the hub. */
async function paysByGateway(charge: string): Promise<void> {
  gateway.pay(charge);
  const { body, headers } = gateway.callback(charge);
  const door = `${hub.url}/webhooks/payments/midtrans/${office.subdomain}`;
  const { status } = await fetch(door, { method: 'POST', headers, body: new Uint8Array(body) });
  expect(status).toBe(200);
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
    hp = await take(tini);
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

describe('what else a shop does on its page, on a whole hub', { timeout: 240_000 }, () => {
  const csv = (...rows: readonly string[]) => ({
    name: 'pelanggan.csv',
    mimeType: 'text/csv',
    buffer: Buffer.from(['Nama;Telepon;Alamat;Paket', ...rows, ''].join('\n')),
  });
  const choose = (...rows: readonly string[]) => hp.page.getByLabel('Pilih file').setInputFiles(csv(...rows));

  beforeAll(async () => {
    hp = await take(joko);
  });
  afterAll(async () => {
    expect([hp.complaints, hp.outside]).toEqual([[], []]);
    await hp.context.close();
  });

  it('S2: a deposit is topped up by QRIS: refused, the page says so; paid, the page says it by itself', async () => {
    await hp.goTo('top-up');
    await hp.page.getByLabel('Jumlah').fill('250.000');
    await hp.page.getByLabel('QRIS').check();
    gateway.feel('nonsense');
    await hp.press(/^Minta isi/);
    await hp.says('Belum ada jawaban.');
    gateway.feel('well');
    await hp.press('Coba lagi');
    await hp.says('Ini sudah dikerjakan, tetapi jawabannya hilang.');

    await hp.goTo('deposit');
    await hp.press('Isi deposit');
    await hp.page.getByLabel('Jumlah').fill('250.000');
    await hp.page.getByLabel('QRIS').check();
    await hp.press(/^Minta isi/);
    await hp.says('Menunggu pembayaran');
    await hp.page.locator('main svg').waitFor();
    type TopUp = { readonly charge: { readonly id: string } | null };
    const { data } = await office.admin.get<Rows<TopUp>>('deposit-top-ups?state=requested');
    await paysByGateway(data[0]?.charge?.id ?? '');
    await hp.says(/^✓ Deposit bertambah Rp\s250\.000$/);
    await hp.goTo('deposit');
    await hp.says('Ditolak');
    await hp.says(/^Rp\s250\.000$/);
    const download = hp.page.waitForEvent('download');
    await hp.press('Unduh mutasi bulan ini (PDF)');
    const paper = textOf(await readFile(await (await download).path()));
    for (const part of ['MUTASI DEPOSIT', 'Pak Joko', 'Isi deposit: midtrans', 'Rp 250.000', 'Saldo akhir'])
      expect(paper).toContain(part);
  });

  it('S1: a question is answered by the office, answered back, and closed', async () => {
    const { admin } = office;
    await hp.goTo('ask');
    await hp.page.getByLabel('Internet lambat').check();
    await hp.page.getByLabel('Ceritakan masalahnya').fill('Lambat sejak malam, semua pelanggan.');
    await hp.press('Kirim');
    await hp.says('Menunggu kantor');
    type Asked = { readonly id: string; readonly kind: string; readonly text: string };
    const [asked] = (await admin.get<Rows<Asked>>('reseller-requests?state=open')).data;
    expect(asked).toMatchObject({ kind: 'slow', text: 'Lambat sejak malam, semua pelanggan.' });
    await admin.post(`reseller-requests/${asked?.id}/messages`, { text: 'Kabel putus, sedang disambung.' });
    await hp.goTo('requests');
    await hp.press(/^Internet lambat.*Sudah dijawab/);
    await hp.says('Kabel putus, sedang disambung.');
    await hp.page.getByLabel('Balas').fill('Terima kasih, sudah lancar.');
    await hp.press('Kirim');
    await hp.says('Terima kasih, sudah lancar.');
    await hp.page.getByText('Menunggu kantor').waitFor();
    await admin.post(`reseller-requests/${asked?.id}/close`);
    await hp.goTo('requests');
    await hp.press(/^Internet lambat.*Selesai/);
    await hp.says('Pertanyaan ini sudah ditutup.');
  });

  it('S1, REL-17: a spreadsheet is seen first; wrong rows are named, good ones come in together, and once', async () => {
    await hp.goTo('import');
    await choose('Siti Aminah;0812-1111-2222;Jl. Melati 5;Home 50', 'Pak Darto;8,12E+11;Jl. Mawar 1;Home 100');
    await hp.says('1 baris perlu diperbaiki');
    await hp.says('Baris 3');
    await hp.says(/^Telepon: ditulis Excel sebagai/);
    await hp.says('Paket: paket ini tidak ada atau tidak Anda jual');
    expect(await hp.page.getByRole('button', { name: /^Masukkan/ }).count()).toBe(0);

    await choose('Siti Aminah;0812-1111-2222;Jl. Melati 5;Home 50', 'Pak Darto;812 3333 4444;Jl. Mawar 1;Home 50');
    await hp.says('2 baris siap');
    // The hub does it, and the phone does not hear of it.
    await hp.page.route('**/import?preview=false', async (route) => {
      await route.fetch();
      await route.abort();
    });
    await hp.press('Masukkan 2 pelanggan');
    await hp.says('Belum ada jawaban.');
    await hp.page.unroute('**/import?preview=false');
    await hp.page.reload();
    await hp.press('Coba lagi');
    await hp.says('2 pelanggan masuk.');
    expect(await hp.page.getByText(/^Kata sandi: \S{8,}$/).count()).toBe(2);
    await hp.goTo('customers');
    await hp.says('Pak Darto');
    expect(await hp.page.getByRole('link', { name: /^(Pak Darto|Siti Aminah)/ }).count()).toBe(2);
  });

  it('S1, C8: who lives outside of the coverage becomes a lead of the office, not a customer', async () => {
    const { admin } = office;
    // Some hundred kilometres from where the phone is.
    const geometry = { type: 'Point', coordinates: [106.1, -6.1] };
    await admin.post('coverage/areas', { name: 'ODP 7', geometry, radius_m: 300 });
    await hp.goTo('register');
    await hp.page.getByLabel('Nama lengkap').fill('Budi Santoso');
    await hp.page.getByLabel('Nomor WhatsApp').fill('0812-5555-6666');
    await hp.page.getByLabel('Alamat pasang').fill('Jl. Jauh 9');
    await hp.press('Daftarkan');
    await hp.says('Ambil lokasi rumah dulu.');
    await hp.press('Ambil lokasi saya');
    await hp.says('Di luar jangkauan.');
    await hp.press('Catat sebagai calon pelanggan');
    await hp.says('Dicatat sebagai calon pelanggan.');
    type Lead = { readonly name: string; readonly address: string };
    const leads = (await admin.get<Rows<Lead>>('leads')).data;
    expect(leads).toMatchObject([{ name: 'Budi Santoso', address: 'Jl. Jauh 9' }]);
    expect((await admin.get<Rows<unknown>>('customers?search=Budi')).data).toEqual([]);
  });
});
