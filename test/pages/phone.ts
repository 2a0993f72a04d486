import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { eventually } from '#test/pipeline/eventually.ts';
import { root } from '../house/planted-tree.ts';

/** The pages as they are built for whoever starts the hub; made anew where the sources are newer. */
export async function buildPages(): Promise<void> {
  // A tool in plain JavaScript, which the compiler has no types for.
  const tool: { ensureWeb(): Promise<void> } = await import(pathToFileURL(join(root, 'tools/web.mjs')).href);
  await tool.ensureWeb();
}

// As text: what runs in the page is not this program's, which knows no DOM.
const noteShakes = `globalThis.shakes = []; navigator.vibrate = (pattern) => shakes.push([pattern].flat()) > 0;`;
const noCamera = `navigator.mediaDevices.getUserMedia = () => Promise.reject(new DOMException('none', 'NotFoundError'));`;

export type Phone = {
  readonly context: BrowserContext;
  readonly page: Page;
  readonly complaints: string[];
  readonly outside: string[];
  goTo(page: string): Promise<void>;
  press(name: string | RegExp): Promise<void>;
  says(text: string | RegExp): Promise<void>;
  type(code: string): Promise<void>;
  shakes(): Promise<readonly (readonly number[])[]>;
  hasRun(): Promise<boolean>;
};

/** A phone of 360 × 740 in somebody's hand, at a customer's house. */
export async function phone(browser: Browser, hub: { readonly url: string }, { camera = true } = {}): Promise<Phone> {
  const context = await browser.newContext({
    viewport: { width: 360, height: 740 },
    deviceScaleFactor: 2,
    isMobile: true,
    hasTouch: true,
    locale: 'id-ID',
    timezoneId: 'Asia/Jakarta',
    permissions: ['geolocation', ...(camera ? ['camera'] : [])],
    geolocation: { latitude: -6.3001, longitude: 107.3002, accuracy: 12 },
  });
  context.setDefaultTimeout(60_000);
  await context.addInitScript({ content: camera ? noteShakes : `${noteShakes}\n${noCamera}` });
  const page = await context.newPage();
  const complaints: string[] = [];
  const outside: string[] = [];
  page.on('pageerror', ({ message }) => complaints.push(message));
  page.on('console', (message) => {
    if (/Content Security Policy|Refused to/.test(message.text())) complaints.push(message.text());
  });
  page.on('request', (request) => {
    if (!/^(blob:|data:)/.test(request.url()) && !request.url().startsWith(hub.url)) outside.push(request.url());
  });
  const press: Phone['press'] = async (name) => {
    const options = typeof name === 'string' ? { name, exact: true } : { name };
    await page.getByRole('button', options).or(page.getByRole('link', options)).first().click();
  };
  return {
    context,
    page,
    complaints,
    outside,
    press,
    goTo: async (to) => {
      await page.evaluate(`location.hash = ${JSON.stringify(`#/${to}`)}`);
    },
    says: (text) => page.getByText(text).first().waitFor(),
    type: async (code) => {
      const field = page.getByRole('textbox');
      await page.getByRole('button', { name: 'Ketik kode' }).or(field).first().waitFor();
      // Who typed the last one types the next.
      if (!(await field.isVisible())) await press('Ketik kode');
      await field.fill(code);
      await press('Pakai kode ini');
    },
    shakes: () => page.evaluate('shakes'),
    hasRun: () => page.evaluate(() => 'ran' in globalThis),
  };
}

type Credentials = { readonly subdomain: string; readonly email: string; readonly password: string };

/** A page by its folder, and the heading that it has once somebody is logged in. */
export type Home = { readonly folder: string; readonly heading: string };
const technician: Home = { folder: 'technician', heading: 'Tugas' };

/** Opens the page, and logs in as whoever it is for would. */
export async function enter({ page, press }: Phone, url: string, who: Credentials, home = technician): Promise<void> {
  await page.goto(`${url}/app/${home.folder}/`);
  await page.getByLabel('Kode perusahaan').fill(who.subdomain);
  await page.getByLabel('E-mail').fill(who.email);
  await page.getByLabel('Kata sandi').fill(who.password);
  await press('Masuk');
  await page.getByRole('heading', { name: home.heading }).waitFor();
}

/** Until an expression is true in the page; asked from outside, for the page's policy lets nothing evaluate text. */
export const until = (page: Page, expression: string): Promise<unknown> =>
  eventually(() => page.evaluate(expression), Boolean, 60_000);

/** The page and what it needs are on the phone. */
export const isKept = (page: Page): Promise<unknown> => until(page, 'navigator.serviceWorker.controller !== null');

const pictures = process.env.JEMBATAN_PICTURES;

/** Keeps a picture of the screen where somebody wants to look at it: `JEMBATAN_PICTURES` names the folder. */
export async function picture(page: Page, name: string): Promise<void> {
  if (pictures === undefined) return;
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: join(pictures, `${name}.png`) });
}

/** A thumb's width; what is smaller is hit beside (WCAG 2.5.5 asks for 44). */
const thumb = 48;

/** What a thumb cannot hit, or what hangs over the edge of a narrow screen. */
export const faultsOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(`(() => {
    const { scrollWidth } = document.documentElement;
    const targets = [...document.querySelectorAll('button, a, input:not([type=file], [type=radio]), label:has(input), select, textarea')];
    const small = targets.filter((target) => {
      const { width, height } = target.getBoundingClientRect();
      return width > 0 && (width < ${thumb} || height < ${thumb} || target.scrollWidth > target.clientWidth + 1);
    });
    return [...(scrollWidth > innerWidth ? [scrollWidth + ' px wide'] : []), ...small.map((one) => one.outerHTML.slice(0, 120))];
  })()`);
