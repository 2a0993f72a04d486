import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#test/pipeline/eventually.ts';
import { filmOf, type Label } from './code-frames.ts';
import { type FieldHub, openFieldHub } from './field-hub.ts';
import { buildPages, launch, logIn, type Phone, phone } from './phone.ts';

const labels: readonly Label[] = [
  { format: 'QRCode', text: 'S/N: ZTEGC8D2F011; MAC: 4C:5E:0C:AA:BB:01' },
  { format: 'Code128', text: 'HWTC1A2B3C4D' },
  { format: 'DataMatrix', text: 'FHTT99AB12CD' },
];
const serials = ['ZTEGC8D2F011', 'HWTC1A2B3C4D', 'FHTT99AB12CD'];
const house = { phone: '0812-3456-7890', address: 'Jl. Melati 5, Karawang', latitude: -6.3, longitude: 107.3 };

const folder = mkdtempSync(join(tmpdir(), 'jbw-'));
let hub: FieldHub;
let browser: Browser;

beforeAll(async () => {
  await buildPages();
  hub = await openFieldHub();
  const film = join(folder, 'labels.y4m');
  await filmOf(labels, film);
  browser = await launch(film);
}, 180_000);
afterAll(async () => {
  await browser?.close();
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Holds the phone before the film until a modem shows that is not on a wall yet. */
async function scanNew({ page, press }: Phone, taken: ReadonlySet<string>): Promise<string> {
  for (;;) {
    await page.getByRole('heading', { name: 'Pasang modem ini?' }).waitFor();
    const shown = await page.locator('main').textContent();
    const serial = serials.find((one) => shown?.includes(one));
    if (serial !== undefined && !taken.has(serial)) return serial;
    await press('Scan ulang');
  }
}

describe('the technician’s page on a phone', { timeout: 240_000 }, () => {
  it('A4, A5: a QR code, a Code 128 and a Data Matrix before the camera each end in an installation', async () => {
    for (const [i, serial] of serials.entries()) hub.office.addAsset({ serial, mac: `4C:5E:0C:AA:BB:0${i + 1}` });
    const orders = serials.map((_, i) => hub.office.addOrder({ customer: { name: `Pelanggan ${i + 1}`, ...house } }));
    const budi = await phone(browser, hub);
    await logIn(budi, hub);
    const taken = new Set<string>();
    for (const order of orders) {
      await budi.goTo(`orders/${order.id}`);
      await budi.press('Ambil tugas ini');
      await budi.press('Saya sudah di lokasi');
      await budi.press('Scan modem');
      taken.add(await scanNew(budi, taken));
      await budi.says(order.customer.name);
      await budi.press('Ya, pasang');
      await budi.page.getByRole('listitem').filter({ hasText: 'Modem online beres' }).waitFor();
    }
    expect([...taken].sort()).toEqual([...serials].sort());
    const kept = hub.office.kept().filter(({ kind }) => kind === 'install');
    expect(kept.map(({ code }) => code).sort()).toEqual(labels.map(({ text }) => text).sort());
    expect(kept.map(({ work_order_id }) => work_order_id)).toEqual(orders.map(({ id }) => id));
    expect((await budi.shakes()).length).toBeGreaterThanOrEqual(6);
    expect([budi.complaints, budi.outside]).toEqual([[], []]);
    await budi.context.close();
  });

  it('A4, REL-17: three scans without signal survive a reload and reach the office once each, also when an answer is lost', async () => {
    const codes = ['SNOFFLINE001', 'SNOFFLINE002', 'SNOFFLINE003'];
    for (const serial of codes) hub.office.addAsset({ serial, mac: 'AA:00:00:00:00:01' });
    const budi = await phone(browser, hub, { camera: false });
    await logIn(budi, hub);
    await budi.page.waitForFunction('navigator.serviceWorker.controller !== null');
    await budi.goTo('scan/pick_up');
    await budi.context.setOffline(true);
    await budi.page.reload();
    await budi.says('Tanpa sinyal');
    for (const code of codes) {
      if (code === codes[0]) await wedge(budi, code);
      else await budi.type(code);
      await budi.press('Ya, terima');
      await budi.says('Tersimpan.');
      await budi.press('Scan berikutnya');
    }
    await budi.page.reload();
    await budi.says('3 menunggu dikirim');
    const before = hub.office.received.length;
    expect(hub.office.kept().filter(({ kind }) => kind === 'pick_up')).toEqual([]);
    hub.office.loseAnswers('POST /api/v1/scans', 1);
    await budi.context.setOffline(false);
    await eventually(
      async () => hub.office.kept().filter(({ kind }) => kind === 'pick_up'),
      (kept) => kept.length === 3,
    );
    await budi.says('Semua terkirim');
    const kept = hub.office.kept().filter(({ kind }) => kind === 'pick_up');
    expect(kept.map(({ code }) => code)).toEqual(codes);
    expect(new Set(kept.map(({ client_ref }) => client_ref)).size).toBe(3);
    // One was sent twice, under one name.
    expect(hub.office.received.slice(before).filter(({ path }) => path === 'scans')).toHaveLength(4);
    expect([budi.complaints, budi.outside]).toEqual([[], []]);
    await budi.context.close();
  });
});

/** What a scanner that plugs in as a keyboard does: keys faster than anybody types, then Enter. */
const wedge = ({ page }: Phone, code: string): Promise<unknown> =>
  page.evaluate(`for (const key of [...${JSON.stringify(code)}, 'Enter'])
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));`);
