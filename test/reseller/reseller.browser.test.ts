import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { scriptPayloads } from '#test/api/payloads.ts';
import { usualBrowser } from '../pages/browser.ts';
import { buildPages, faultsOf, isKept, type Phone, phone, picture, until } from '../pages/phone.ts';
import { type DeskHub, logIn, openDeskHub } from './desk-hub.ts';

let hub: DeskHub;
let browser: Browser;
let tini: Phone;

beforeAll(async () => {
  await buildPages();
  browser = await usualBrowser();
}, 180_000);

/** A counter of its own for each, and a phone on it. */
async function open(): Promise<DeskHub['desk']> {
  hub = await openDeskHub();
  tini = await phone(browser, hub, { camera: false });
  return hub.desk;
}
async function close(): Promise<void> {
  await tini.context.close();
  await hub.close();
}

/** What is wrong with the pages, each with its name: all of them are told, not the first alone. */
const faults: string[] = [];

async function lookAt(name: string, what: string | RegExp): Promise<void> {
  await tini.says(what);
  await picture(tini.page, `reseller-${name}`);
  faults.push(...(await faultsOf(tini.page)).map((fault) => `${name}: ${fault}`));
}

describe('the reseller’s page on a phone', { timeout: 240_000 }, () => {
  it('S1, S2, S3: every page fits 360 × 740, has nothing smaller than a thumb, and says in words how things stand', async () => {
    const desk = await open();
    const siti = desk.addCustomer({ name: 'Siti Aminah Wijayakusuma' });
    desk.addCustomer({ name: 'Toko Maju Jaya', dot: 'green', open: 0 });
    desk.addCustomer({ name: 'Pak Darto', dot: 'grey', open: 0 });
    await tini.page.goto(`${hub.url}/app/reseller/`);
    await lookAt('login', 'Kode perusahaan');
    await logIn(tini, hub);
    await lookAt('today', '1 belum diketahui');
    // The ISP's orange, as dark as white writing on it asks for.
    const header = await tini.page.evaluate(`getComputedStyle(document.querySelector('header')).backgroundColor`);
    expect(header).toMatch(/^rgb\(1\d\d, \d\d, 0\)$/);
    await tini.goTo('customers');
    await lookAt('customers', 'Belum bayar');
    await tini.page.getByLabel('Cari nama').fill('Tidak ada');
    await lookAt('customers-none', 'Tidak ada yang cocok.');
    await tini.goTo(`customer/${siti.id}`);
    await lookAt('customer', 'masih tersambung');
    await tini.goTo('register');
    await tini.press('Ambil lokasi saya');
    await lookAt('register', 'Masuk jangkauan: ODP 7');
    await tini.page.getByLabel('Nama lengkap').fill('Budi Santoso');
    await tini.page.getByLabel('Nomor WhatsApp').fill('0812-1111-2222');
    await tini.page.getByLabel('Alamat pasang').fill('Jl. Melati 5');
    await tini.press('Daftarkan');
    await lookAt('registered', 'k7Qm2xVt9LpR');
    const share = await tini.page.getByRole('link', { name: 'Bagikan lewat WhatsApp' }).getAttribute('href');
    expect(share).toMatch(/^https:\/\/wa\.me\/6281211112222\?text=Satu%20Net.*k7Qm2xVt9LpR$/);
    await tini.goTo('vouchers');
    await lookAt('vouchers', 'sisa 97');
    await tini.goTo(`sell/${desk.offer().batch_id}`);
    await lookAt('sell', 'Berapa lembar?');
    await tini.press('Tambah');
    await tini.press(/^Ambil 2 voucher/);
    await tini.press(/^Ya, potong deposit/);
    await lookAt('sold', 'KCB-2345-ABCDE-FGHJ1');
    await tini.page.locator('li svg').nth(1).waitFor();
    await tini.goTo('deposit');
    await lookAt('deposit', 'Belum masuk rekening');
    await tini.goTo('top-up');
    await lookAt('top-up', 'BCA 123-456-789');
    await tini.page.getByLabel('Jumlah').fill('250.000');
    await tini.page.getByLabel('QRIS').check();
    await tini.press(/^Minta isi/);
    await lookAt('top-up-qris', 'Pindai QRIS');
    await tini.goTo('commission');
    await lookAt('commission', 'ditarik kembali');
    await tini.goTo('requests/r1');
    await lookAt('thread', 'Sudah dijawab');
    await tini.goTo('ask');
    await lookAt('ask', 'Ceritakan masalahnya');
    await tini.goTo('import');
    const buffer = Buffer.from('nama;telepon\nPak Darto;8,12E+11\n');
    await tini.page.getByLabel('Pilih file').setInputFiles({ name: 'pelanggan.csv', mimeType: 'text/csv', buffer });
    await lookAt('import', 'Telepon: bukan nomor telepon');
    await tini.goTo('more');
    await tini.press('English');
    await lookAt('more', 'Ask the office');
    await tini.press('Log out');
    await tini.says('Company code');
    expect(faults).toEqual([]);
    const sent = desk.asked.filter(({ path }) => path === 'customers' || path === 'deposit/top-ups');
    expect(sent.map(({ body }) => body)).toMatchObject([
      { name: 'Budi Santoso', service_plan_id: 'p', latitude: -6.3001, longitude: 107.3002 },
      { amount: 250_000, method: 'qris' },
    ]);
    expect([tini.complaints, tini.outside]).toEqual([[], []]);
    await close();
  });

  it('S1, REL-17: three taps pay; without signal nothing is sent; a lost answer, a reload and a second tap pay once', async () => {
    const desk = await open();
    const siti = desk.addCustomer({ name: 'Siti Aminah' });
    await logIn(tini, hub);
    await isKept(tini.page);
    await tini.goTo('customers');
    await tini.press(/^Siti Aminah/);
    await tini.press(/^Bayar Rp\s150\.000$/);
    await tini.page.getByRole('button', { name: /^Ya, bayar/, disabled: false }).waitFor();
    await tini.context.setOffline(true);
    await tini.press(/^Ya, bayar/);
    await tini.says('Belum ada yang dikirim');
    expect(desk.asked).toEqual([]);

    await tini.context.setOffline(false);
    desk.loseAnswers('POST /api/v1/reseller/payments', 1);
    await tini.press(/^Ya, bayar/);
    await tini.says('Belum ada jawaban');
    await tini.page.reload();
    await tini.says('Pembayaran tadi belum dijawab.');
    await tini.press(/^Ya, bayar Rp\s150\.000$/);
    await tini.says('Sudah dibayar');
    await tini.says('Internet pelanggan sudah hidup.');
    expect(desk.asked.map(({ path, body }) => [path, body])).toEqual([
      ['payments', { customer_id: siti.id, amount: 150_000 }],
      ['payments', { customer_id: siti.id, amount: 150_000 }],
    ]);
    expect(new Set(desk.asked.map(({ key }) => key)).size).toBe(1);
    expect([desk.moves.length, desk.balance()]).toEqual([1, 850_000]);
    // An answered key is not used again.
    await tini.goTo('customers');
    await tini.says('Siti Aminah');
    await tini.goTo(`pay/${siti.id}`);
    await tini.says('Tidak ada tagihan yang perlu dibayar.');
    expect([tini.complaints, tini.outside]).toEqual([[], []]);
    await close();
  });

  it('SEC-15: names, plans, reasons, codes and answers of others are text, and lead nowhere', async () => {
    const desk = await open();
    const wrong: string[] = [];
    const links = (): Promise<readonly string[]> =>
      tini.page.evaluate(`[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))`);
    const pages = [
      ...['today', 'customers', 'vouchers', `sell/${desk.offer().batch_id}`, 'sale/s1', 'deposit', 'top-up', 'import'],
      ...['commission', 'requests', 'requests/r1', 'register', 'more'],
    ];
    for (const [i, payload] of scriptPayloads.entries()) {
      desk.texts.any = payload;
      const { id } = desk.addCustomer({ name: payload, phone: payload, address: payload });
      if (i === 0) await logIn(tini, hub, payload);
      // Each payload at its customer, and every page with one of them.
      for (const at of [`customer/${id}`, pages[i % pages.length] ?? 'today']) {
        await tini.goTo(at);
        await tini.page.locator('main').waitFor();
        await until(tini.page, `!document.body.innerText.includes('Sebentar…')`);
        wrong.push(
          ...(await links()).filter((href) => !/^(#\/|tel:\+?\d+$|https:\/\/(www\.google\.com|wa\.me)\/)/.test(href)),
        );
        if (await tini.hasRun()) wrong.push(`ran at ${at}`);
      }
    }
    expect(wrong).toEqual([]);
    expect(tini.outside).toEqual([]);
    await close();
  });
});
