import type { Browser, Page } from 'playwright-core';
import { isKept, type Phone, phone, until } from '#test/pages/phone.ts';
import { median, printFigure, remark } from './figures.ts';

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

export type PageMeasured = {
  /** The folder of the page. */
  readonly name: string;
  readonly hub: { readonly url: string };
  readonly logIn: (hand: Phone) => Promise<void>;
  readonly rounds: number;
};

/** Whoever opens the page in the morning: logged in, the page on the phone. */
async function openAgain(browser: Browser, { hub, logIn }: PageMeasured, url: string): Promise<number> {
  const hand = await phone(browser, hub, { camera: false });
  await logIn(hand);
  await isKept(hand.page);
  await hand.page.close();
  const { readyMs } = await load(await hand.context.newPage(), url);
  await hand.context.close();
  return readyMs;
}

/**
 * What a page costs a phone: the bytes that its first load takes, without the scanner's wasm, as they travel, and the time
 * until it can be used; beside it a page of one line, in the same browser. Rounds alternate; medians of them.
 */
export async function measurePage(browser: Browser, measured: PageMeasured): Promise<void> {
  const { name, hub, rounds } = measured;
  const page = `${hub.url}/app/${name}/`;
  const bare = 'data:text/html,<p class="bare">Jembatan</p>';
  const first: Load[] = [];
  const again: number[] = [];
  const floors: number[] = [];
  for (let round = 0; round < rounds; round++) {
    first.push(await firstLoad(browser, page));
    again.push(await openAgain(browser, measured, page));
    floors.push((await firstLoad(browser, bare)).readyMs);
  }
  const floor = median(floors);
  const bytes = median(first.map((one) => one.bytes));
  printFigure({ name: `${name}-page-first-load`, value: bytes, unit: 'bytes', floor: budgetBytes });
  printFigure({ name: `${name}-page-ready`, value: median(first.map((one) => one.readyMs)), unit: 'ms', floor });
  printFigure({ name: `${name}-page-ready-again`, value: median(again), unit: 'ms', floor });
  remark(`The processor is throttled ${throttle} times; the floor of the times is a page of one line.`);
}
