import type { Browser } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { scriptPayloads } from '#test/api/payloads.ts';
import { png } from '../../web/build/png.ts';
import { usualBrowser } from '../pages/browser.ts';
import { buildPages, enter, faultsOf, type Phone, phone, picture, until } from '../pages/phone.ts';
import { type FieldHub, logIn, openFieldHub, wedge } from './field-hub.ts';
import { jpegSize } from './jpeg-size.ts';

const house = {
  phone: '+62 812-3456-7890',
  address: 'Perum Griya Indah Blok C3 No. 17, RT 004/RW 012, Karawang Timur',
};
const there = { latitude: -6.3, longitude: 107.3 };

let hub: FieldHub;
let browser: Browser;
let budi: Phone;

beforeAll(async () => {
  await buildPages();
  browser = await usualBrowser();
}, 180_000);

async function lookAt(name: string, until: string | RegExp): Promise<void> {
  await budi.says(until);
  await picture(budi.page, name);
  expect(await faultsOf(budi.page), name).toEqual([]);
}

describe('every page on 360 × 740', { timeout: 240_000 }, () => {
  it('A5: fits, has nothing smaller than a thumb, and says in words where things stand', async () => {
    hub = await openFieldHub();
    const { office } = hub;
    const first = office.addOrder({
      customer: { name: 'Budi Santoso Wijayakusuma', ...house, ...there },
      notes: 'Pagar hijau.\nAnjing galak.',
    });
    office.addOrder({
      kind: 'repair',
      state: 'on_site',
      customer: { name: 'Siti Aminah', ...house, ...there },
      scheduled_at: '2026-01-02T02:00:00Z',
    });
    const swap = office.addOrder({
      kind: 'replace',
      state: 'on_site',
      customer: { name: 'Toko Maju Jaya', ...house, ...there },
    });
    office.addOrder({ kind: 'remove', state: 'verified', customer: { name: 'Pak Darto', ...house, ...there } });
    office.addAsset({ serial: 'ZTEGC8D2F011', mac: '4C:5E:0C:AA:BB:01' });
    office.addAsset({
      serial: 'HWTC1A2B3C4D',
      mac: '4C:5E:0C:AA:BB:02',
      state: 'damaged',
      part: 'ONT Huawei HG8245H5',
    });
    budi = await phone(browser, hub);
    await budi.page.goto(`${hub.url}/app/technician/`);
    await lookAt('login', 'Kode perusahaan');
    await logIn(budi, hub);
    await lookAt('orders', 'Siti Aminah');
    await budi.goTo(`orders/${first.id}`);
    await lookAt('order', 'Ambil tugas ini');
    await budi.press('Ambil tugas ini');
    await budi.press('Saya sudah di lokasi');
    await budi.page.getByLabel('Ambil foto').setInputFiles({
      name: 'foto.png',
      mimeType: 'image/png',
      buffer: png(1_700, (x, y) => [x % 256, y % 256, 120]),
    });
    await budi.says('1 foto');
    await lookAt('order-on-site', 'Scan modem');
    await budi.press('Tidak bisa dikerjakan');
    await lookAt('order-fail', 'Kenapa tidak bisa?');
    await budi.press('Scan modem');
    await lookAt('scan', 'Arahkan kamera');
    await budi.press('Ketik kode');
    await lookAt('scan-type', 'Pakai kode ini');
    await budi.page.getByRole('textbox').fill('4c5e.0caa.bb01');
    await budi.press('Pakai kode ini');
    await lookAt('confirm', 'ZTEGC8D2F011');
    await budi.press('Ya, pasang');
    await lookAt('order-online', 'Modem online');
    expect(jpegSize(office.photos[0]?.bytes ?? new Uint8Array())).toEqual({ width: 1_600, height: 1_600 });
    await budi.goTo(`orders/${swap.id}`);
    await budi.press('Scan modem lama');
    await budi.press('Modem lama tidak ada');
    office.refusals.set('XPONFULL0001', {
      code: 'CONFLICT',
      message: 'Pelanggan ini sudah punya modem HWTC5E6F7A8B. Ganti modem itu?',
      details: { problem: 'line_has_modem', replaces: 'HWTC5E6F7A8B' },
    });
    await budi.type('XPONFULL0001');
    await lookAt('confirm-strange', 'Modem ini belum dikenal ponsel');
    await budi.press('Ya, pasang');
    await budi.says('sudah punya modem');
    // It shakes once the refusal is on the phone's disk, which is shown already.
    await until(budi.page, `String(shakes.at(-1)) === '120,80,220'`);
    await budi.goTo('queue');
    await lookAt('queue', 'Ganti modem lama HWTC5E6F7A8B');
    await budi.goTo('scan');
    await lookAt('scan-what', 'Ambil dari gudang');
    await budi.goTo('bag');
    await lookAt('bag', 'HWTC1A2B3C4D');
    await budi.goTo('me');
    await budi.press('Absen masuk');
    await lookAt('me', 'Absen masuk');
    await budi.press('Keluar');
    await lookAt('log-out', 'belum terkirim');
    await budi.press('English');
    await lookAt('english', 'Log out anyway');
    await budi.goTo('queue');
    office.refusals.clear();
    await budi.press(/^Replace the old modem/);
    await budi.page.getByText('Kode ini tidak dikenal.').waitFor();
    const sent = office.received.filter(({ path }) => path === 'scans').map(({ body }) => body);
    expect(sent.at(-1)).toMatchObject({ code: 'XPONFULL0001', replaces: 'HWTC5E6F7A8B', work_order_id: swap.id });
    expect([budi.complaints, budi.outside]).toEqual([[], []]);
    await budi.context.close();
    await hub.close();
  });

  it('A2: the warehouse chooses a technician and scans one unit after the other, each with its result in words', async () => {
    hub = await openFieldHub();
    const { office } = hub;
    const [good, elsewhere, later] = ['ZTEGC8D2F011', 'HWTC1A2B3C4D', 'FHTT99AB12CD'];
    for (const serial of [good, later]) office.addAsset({ serial, mac: '', state: 'in_stock', place: 'Gudang' });
    const message = `Modem ${elsewhere} ada di tas Rudi, bukan di gudang.`;
    office.refusals.set(elsewhere, { code: 'CONFLICT', message, details: {} });
    budi = await phone(browser, hub);
    const gudang = { subdomain: 'satunet', email: 'gudang@satunet.example', password: office.password };
    await enter(budi, hub.url, gudang, { folder: 'technician', heading: 'Mau apa?' });
    await lookAt('scan-what-warehouse', 'Serahkan ke teknisi');
    await budi.press(/^Serahkan ke teknisi/);
    await lookAt('hand-over-whom', 'Budi Hartono');
    await budi.press('Budi Hartono');
    await lookAt('hand-over', 'Arahkan kamera');
    await budi.type(good);
    await budi.says('Terkirim');
    await wedge(budi, elsewhere);
    await until(budi.page, `String(shakes.at(-1)) === '120,80,220'`);
    await lookAt('hand-over-results', message);
    await budi.context.setOffline(true);
    await budi.press('Scan berikutnya');
    await budi.type(later);
    await lookAt('hand-over-offline', 'Tanpa sinyal');
    expect(office.kept().map(({ code }) => code)).toEqual([good]);
    await budi.context.setOffline(false);
    await budi.page.getByText('Terkirim', { exact: true }).nth(1).waitFor();
    const [{ technician_id } = { technician_id: '' }] = office.kpi();
    const handed = { kind: 'hand_over', technician_id };
    expect(office.kept()).toMatchObject([
      { ...handed, code: good },
      { ...handed, code: later },
    ]);
    expect([budi.complaints, budi.outside]).toEqual([[], []]);
    await budi.context.close();
    await hub.close();
  });

  it('SEC-15: names, addresses, notes, parts and answers of others are text, and lead nowhere', async () => {
    hub = await openFieldHub();
    const { office } = hub;
    const made = scriptPayloads.map((text) => {
      office.addAsset({ serial: text, mac: text, part: text, place: text });
      const customer = { name: text, phone: text, address: text, latitude: null, longitude: null };
      return office.addOrder({ customer, notes: text, number: text, kind: text });
    });
    for (const payload of scriptPayloads)
      office.refusals.set(payload, { code: 'CONFLICT', message: payload, details: { replaces: payload } });
    budi = await phone(browser, hub, { camera: false });
    await logIn(budi, hub);
    const links = (): Promise<readonly string[]> =>
      budi.page.evaluate(`[...document.querySelectorAll('a')].map((link) => link.getAttribute('href'))`);
    const wrong: string[] = [];
    const look = async (at: string, until: string): Promise<void> => {
      await budi.goTo(at);
      await budi.page.getByText(until, { exact: false }).first().waitFor();
      wrong.push(
        ...(await links()).filter((href) => !/^(#\/|tel:\+?\d+$|https:\/\/(www\.google\.com|wa\.me)\/)/.test(href)),
      );
      if (await budi.hasRun()) wrong.push(`ran at ${at}`);
    };
    await look('orders', scriptPayloads[0] ?? '');
    for (const [i, { id }] of made.entries()) await look(`orders/${id}`, scriptPayloads[i] ?? '');
    await look('bag', scriptPayloads[1] ?? '');
    await budi.goTo('scan/return');
    await budi.type(scriptPayloads[4] ?? '');
    await budi.press('Ya, kembalikan');
    await look('queue', 'Ditolak');
    expect(wrong).toEqual([]);
    expect(budi.outside).toEqual([]);
    await budi.context.close();
    await hub.close();
  });
});
