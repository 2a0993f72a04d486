import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import { createIsolirDoor } from '#http/isolir-door.ts';
import { type Listening, listen } from '#http/server.ts';
import { noLimits } from '#platform/limits.ts';
import { createLog } from '#platform/log.ts';
import { scriptPayloads } from '#test/api/payloads.ts';
import { createIsolirRoom, type IsolirRoom, type Visited } from '#test/features/isolir-room.ts';
import { launch } from '#test/pages/browser.ts';

/** For pages with a style, links, a form and a picture made of squares. */
const payloads = [
  ...scriptPayloads,
  '</style><script>window.ran=1</script>',
  '</title><script>window.ran=1</script>',
  '</svg><script>window.ran=1</script>',
  '" onmouseover="window.ran=1" autofocus onfocus="window.ran=1',
  "' onload='window.ran=1",
  '#fff}</style><img src=x onerror=window.ran=1>',
  'https://x.example/"onmouseover="window.ran=1',
  'http://x.example/<script>window.ran=1</script>',
  'data:text/html,<script>window.ran=1</script>',
  '<form action=javascript:window.ran=1><button>x</button></form>',
  '<meta http-equiv=refresh content="0;url=javascript:window.ran=1">',
  '<base href=javascript:window.ran=1//>',
  '<object data="data:text/html,<script>parent.ran=1</script>"></object>',
  '\u2028<script>window.ran=1</script>',
];

let room: IsolirRoom;
let server: Listening;
let browser: Browser;
let here: string;
let tenantId: string;
let visited: Visited;

beforeAll(async () => {
  room = await createIsolirRoom(inject('postgresUrl'));
  tenantId = await room.addTenant('isp');
  visited = await room.addVisitor(tenantId, { address: '127.0.0.1' });
  let answer: ReturnType<typeof createIsolirDoor>['fetch'] = () => new Response(null, { status: 503 });
  server = await listen({ fetch: (...asked) => answer(...asked) }, { host: '127.0.0.1', port: 0 });
  here = `http://127.0.0.1:${server.port}`;
  const deps = { isolirUrl: here, trustedProxies: [], limits: noLimits, log: createLog('silent'), pages: room.routes };
  answer = createIsolirDoor(deps).fetch;
  browser = await launch(`--host-resolver-rules=MAP *.example 127.0.0.1:${server.port}`);
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  await room?.close();
});

/** What the page shows, all of it one text. */
async function fill(text: string): Promise<void> {
  const branding = { name: text, phone: text, colour: text, logo: text };
  await room.set(tenantId, { branding, payment_instructions: `${text}\n\n${text}`, qris: text });
  await room.look('update tenants set name = $2 where id = $1', [tenantId, text]);
  await room.look('update customers set name = $2, customer_code = $2 where id = $1', [visited.customer, text]);
  room.bills.set(visited.line, [{ invoice: text, amount: 150_000n, dueDate: '2026-11-20' }]);
}

type Watched = {
  readonly page: Page;
  readonly outside: string[];
  readonly complaints: string[];
  readonly dialogs: string[];
};

async function watched(options: Parameters<Browser['newContext']>[0] = {}): Promise<Watched> {
  const page = await (await browser.newContext(options)).newPage();
  const [outside, complaints, dialogs]: string[][] = [[], [], []];
  page.on('request', (request) => {
    const url = request.url();
    if (!url.startsWith(here) && !url.startsWith('data:')) outside?.push(url);
  });
  page.on('console', (message) => {
    if (message.type() === 'error') complaints?.push(message.text());
  });
  page.on('dialog', async (dialog) => {
    dialogs?.push(dialog.message());
    await dialog.dismiss();
  });
  return { page, outside: outside ?? [], complaints: complaints ?? [], dialogs: dialogs ?? [] };
}

describe('the isolir page in a browser', { timeout: 120_000 }, () => {
  it('SEC-15, P53: of 30 payloads in every text that it shows none runs, none leads elsewhere, none is lost', async () => {
    expect(payloads).toHaveLength(30);
    const { page, outside, dialogs } = await watched();
    for (const payload of payloads) {
      await fill(payload);
      await page.goto(`${here}/isolir/isp`, { waitUntil: 'load' });
      expect(await page.evaluate(() => 'ran' in globalThis), payload).toBe(false);
      expect(page.url(), payload).toBe(`${here}/isolir/isp`);
      expect(await page.locator('script, iframe, object, form[action^="javascript"], base').count(), payload).toBe(0);
      const link = page.locator('main a');
      for (const target of await link.evaluateAll((all) => all.map((one) => one.getAttribute('href') ?? '')))
        expect(target, payload).toMatch(/^(https?:\/\/|tel:\+?\d*$)/);
      const bill = await page
        .locator('main td')
        .filter({ hasText: payload.trim().slice(0, 9) })
        .count();
      expect(bill, payload).toBeGreaterThan(0);
    }
    expect([outside, dialogs]).toEqual([[], []]);
  });

  it('R10: from any web site to the page and back to it by its button, on a small phone, without JavaScript', async () => {
    await fill('Satu Net');
    await room.set(tenantId, { payment_instructions: 'BCA 123', qris: `000201${'1234567890'.repeat(15)}` });
    const { page, outside, complaints } = await watched({
      javaScriptEnabled: false,
      viewport: { width: 360, height: 640 },
      locale: 'id-ID',
    });
    await page.goto('http://news.example/today');
    expect(page.url()).toBe(`${here}/isolir/isp`);
    const wide = page.locator('html');
    const sizes = await wide.boundingBox();
    expect(sizes?.width).toBeLessThanOrEqual(360);
    for (const part of await page.locator('main *').all()) {
      const box = await part.boundingBox();
      expect((box?.x ?? 0) + (box?.width ?? 0), (await part.textContent()) ?? '').toBeLessThanOrEqual(361);
    }
    expect(await page.locator('svg').isVisible()).toBe(true);
    await page.getByRole('button', { name: 'Saya sudah membayar' }).click();
    expect(page.url()).toBe(`${here}/isolir/isp?lang=id`);
    await page.getByRole('link', { name: 'English' }).click();
    expect(await page.getByText('There is an unpaid bill.').isVisible()).toBe(true);
    expect(outside.filter((url) => !url.includes('news.example'))).toEqual([]);
    expect(complaints).toEqual([]);
  });

  it('R10: its style is let in by its digest, and nothing else is', async () => {
    await room.set(tenantId, { branding: { colour: '#ffee00' } });
    const { page, complaints } = await watched();
    const answer = await page.goto(`${here}/isolir/isp`);
    const style = (of: string) => page.evaluate(`getComputedStyle(document.querySelector('header')).${of}`);
    expect(await style('backgroundColor')).toBe('rgb(255, 238, 0)');
    expect(await style('color')).toBe('rgb(0, 0, 0)');
    expect(complaints).toEqual([]);
    const policy = answer?.headers()['content-security-policy'] ?? '';
    expect(policy).toMatch(/default-src 'none'/);
    expect(policy).not.toMatch(/unsafe|https?:|script-src|\*/);
  });
});
