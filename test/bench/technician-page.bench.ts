/**
 * What the technician's page costs a phone: the bytes that its first load takes before the scanner's wasm, as they travel,
 * and the time until it can be used, with the processor throttled four times; beside it a page of one line, in the same
 * browser. Rounds alternate; medians of them. The floor of the bytes is the budget, so its ratio is what of it is used.
 */
import type { Browser, Page } from 'playwright-core';
import { buildPages, isKept, launch, phone, until } from '#test/pages/phone.ts';
import { type FieldHub, logIn, openFieldHub } from '#test/technician/field-hub.ts';
import { median, printFigure, remark } from './figures.ts';
import { withThrowAway } from './throw-away.ts';

const rounds = 9;
const throttle = 4;
const budgetBytes = 200_000;

/** Notes when something can be touched and has been painted. */
const noteReady = `new MutationObserver((_, seeing) => {
  if (!document.querySelector('form button, main a, .bare')) return;
  seeing.disconnect();
  requestAnimationFrame(() => requestAnimationFrame(() => { globalThis.readyMs = performance.now(); }));
}).observe(document, { childList: true, subtree: true });`;

type Load = { readonly readyMs: number; readonly bytes: number };

async function slowDown(page: Page): Promise<{ bytes(): number }> {
  const session = await page.context().newCDPSession(page);
  let bytes = 0;
  const scanner = new Set<string>();
  await session.send('Network.enable');
  session.on('Network.responseReceived', ({ requestId, response }) => {
    if (response.url.endsWith('.wasm')) scanner.add(requestId);
  });
  session.on('Network.loadingFinished', ({ requestId, encodedDataLength }) => {
    if (!scanner.has(requestId)) bytes += encodedDataLength;
  });
  await session.send('Emulation.setCPUThrottlingRate', { rate: throttle });
  return { bytes: () => bytes };
}

async function load(page: Page, url: string): Promise<Load> {
  const counted = await slowDown(page);
  await page.addInitScript({ content: noteReady });
  await page.goto(url);
  return { readyMs: Number(await until(page, 'globalThis.readyMs')), bytes: counted.bytes() };
}

/** A phone that has never seen the page. */
async function firstLoad(browser: Browser, url: string): Promise<Load> {
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, serviceWorkers: 'block' });
  try {
    return await load(await context.newPage(), url);
  } finally {
    await context.close();
  }
}

/** A technician who opens the page in the morning: logged in, the page and its lists on the phone. */
async function openAgain(browser: Browser, hub: FieldHub, url: string): Promise<number> {
  const budi = await phone(browser, hub, { camera: false });
  await logIn(budi, hub);
  await isKept(budi.page);
  await budi.page.close();
  const { readyMs } = await load(await budi.context.newPage(), url);
  await budi.context.close();
  return readyMs;
}

await withThrowAway(async (place) => {
  await buildPages();
  const hub = place.keep(await openFieldHub(), (it) => it.close());
  const house = { phone: '0812', address: 'Jl. Melati 5', latitude: -6.3, longitude: 107.3 };
  for (let i = 0; i < 20; i++) hub.office.addOrder({ customer: { name: `Pelanggan ${i}`, ...house } });
  const browser = place.keep(await launch(null), (it) => it.close());
  const page = `${hub.url}/app/technician/`;
  const bare = 'data:text/html,<p class="bare">Jembatan</p>';
  const first: Load[] = [];
  const again: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    first.push(await firstLoad(browser, page));
    again.push(await openAgain(browser, hub, page));
    floors.push((await firstLoad(browser, bare)).readyMs);
  }
  const floor = median(floors);
  const bytes = median(first.map((one) => one.bytes));
  printFigure({ name: 'technician-page-first-load', value: bytes, unit: 'bytes', floor: budgetBytes });
  printFigure({ name: 'technician-page-ready', value: median(first.map((one) => one.readyMs)), unit: 'ms', floor });
  printFigure({ name: 'technician-page-ready-again', value: median(again), unit: 'ms', floor });
  remark(`The processor is throttled ${throttle} times; the floor of the times is a page of one line.`);
});
