import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { eventually } from '#test/pipeline/eventually.ts';
import { launch, usualBrowser } from '../pages/browser.ts';
import { buildPages, isKept, phone } from '../pages/phone.ts';
import { filmOf, type Label } from './code-frames.ts';
import { type FieldHub, logIn, openFieldHub, wedge } from './field-hub.ts';

/** As makers print them; each has its modem. */
const labels: readonly (Label & { readonly serial: string })[] = [
  { format: 'QRCode', text: 'S/N: ZTEGC8D2F011; MAC: 4C:5E:0C:AA:BB:01', serial: 'ZTEGC8D2F011' },
  { format: 'Code128', text: 'HWTC1A2B3C4D', serial: 'HWTC1A2B3C4D' },
  { format: 'DataMatrix', text: 'FHTT99AB12CD', serial: 'FHTT99AB12CD' },
];
const house = { phone: '0812-3456-7890', address: 'Jl. Melati 5, Karawang', latitude: -6.3, longitude: 107.3 };

const folder = mkdtempSync(join(tmpdir(), 'jbw-'));
let hub: FieldHub;

beforeAll(async () => {
  await buildPages();
  hub = await openFieldHub();
}, 180_000);
afterAll(async () => {
  await hub?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A browser of its own for what it films: the film is said at its start. */
async function inBrowser(film: string, work: (browser: Browser) => Promise<void>): Promise<void> {
  const browser = await launch(`--use-file-for-fake-video-capture=${film}`);
  try {
    await work(browser);
  } finally {
    await browser.close();
  }
}

async function installBefore(browser: Browser, label: Label, serial: string): Promise<void> {
  hub.office.addAsset({ serial, mac: '4C:5E:0C:AA:BB:01' });
  const order = hub.office.addOrder({ customer: { name: `Pelanggan ${serial}`, ...house } });
  const budi = await phone(browser, hub);
  await logIn(budi, hub);
  await budi.goTo(`orders/${order.id}`);
  await budi.press('Ambil tugas ini');
  await budi.press('Saya sudah di lokasi');
  await budi.press('Scan modem');
  await budi.page.getByRole('heading', { name: 'Pasang modem ini?' }).waitFor();
  await budi.says(serial);
  await budi.says(order.customer.name);
  await budi.press('Ya, pasang');
  await budi.page.getByRole('listitem').filter({ hasText: 'Modem online beres' }).waitFor();
  const kept = hub.office.kept().filter(({ work_order_id }) => work_order_id === order.id);
  expect(kept).toMatchObject([{ kind: 'install', code: label.text }]);
  expect((await budi.shakes()).length).toBeGreaterThanOrEqual(2);
  expect([budi.complaints, budi.outside]).toEqual([[], []]);
}

describe('the technician’s page on a phone', { timeout: 240_000 }, () => {
  it.each(labels)('A4, A5: a $format before the camera ends in an installation', async ({ serial, ...label }) => {
    const film = join(folder, `${label.format}.y4m`);
    await filmOf(label, film);
    await inBrowser(film, (browser) => installBefore(browser, label, serial));
  });

  it('A4, REL-17: three scans without signal survive a reload and reach the office once each, also when an answer is lost', () =>
    usualBrowser().then(threeWithoutSignal));
});

async function threeWithoutSignal(browser: Browser): Promise<void> {
  const codes = ['SNOFFLINE001', 'SNOFFLINE002', 'SNOFFLINE003'];
  for (const serial of codes) hub.office.addAsset({ serial, mac: 'AA:00:00:00:00:01' });
  const budi = await phone(browser, hub, { camera: false });
  await logIn(budi, hub);
  await isKept(budi.page);
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
  // Each unit is a lane of its own: none waits for another.
  expect(kept.map(({ code }) => code).toSorted()).toEqual(codes);
  expect(new Set(kept.map(({ client_ref }) => client_ref)).size).toBe(3);
  // One was sent twice, under one name.
  expect(hub.office.received.slice(before).filter(({ path }) => path === 'scans')).toHaveLength(4);
  expect([budi.complaints, budi.outside]).toEqual([[], []]);
}
