import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { usualBrowser } from '#test/pages/browser.ts';
import { customerBody, planBody } from './furnish.ts';
import { scriptPayloads } from './payloads.ts';
import { firstOf, openStage, type Stage } from './stage.ts';
import { good, password, type Tenant } from './tenant.ts';

let stage: Stage;
let at: Tenant;
let browser: Browser;

beforeAll(async () => {
  stage = await openStage('x');
  at = firstOf(stage);
  for (const payload of scriptPayloads) {
    const name = `${payload} ${at.next()}`;
    await at.admin({
      method: 'POST',
      path: '/api/v1/service-plans',
      body: { ...planBody(at), name, description: name },
    });
    const body = { ...customerBody(at), name, address: name, notes: name };
    await at.admin({ method: 'POST', path: '/api/v1/customers', body });
  }
  browser = await usualBrowser();
}, 180_000);
afterAll(async () => {
  await stage?.close();
});

/** Opens each address as a page, and answers what ran there that should not. */
async function ranAt(addresses: readonly string[], headers: Record<string, string> = {}): Promise<readonly string[]> {
  const context = await browser.newContext({ extraHTTPHeaders: headers });
  // A busy machine takes its time to draw a page.
  context.setDefaultNavigationTimeout(120_000);
  const page = await context.newPage();
  const ran: string[] = [];
  page.on('dialog', async (dialog) => {
    ran.push(`a dialog at ${page.url()}`);
    await dialog.dismiss();
  });
  for (const address of addresses) {
    await page.goto(address, { waitUntil: 'load' });
    if (await page.evaluate(() => 'ran' in globalThis)) ran.push(address);
  }
  await context.close();
  return ran;
}

describe('script that was stored, in a browser', { timeout: 300_000 }, () => {
  it('SEC-15, P53: no answer of the API runs any of it, opened as a page', async () => {
    const login = { email: `admin@${at.canary}.example`, password, subdomain: at.subdomain };
    const session = good(await stage.nobody({ method: 'POST', path: '/api/v1/auth/login', body: login }));
    const lists = ['customers', 'service-plans', 'subscriptions', 'audit-logs', 'leads', 'customers?search=script'];
    const addresses = lists.map((path) => `${stage.hub.url}/api/v1/${path}`);
    const text = (await at.admin({ method: 'GET', path: '/api/v1/customers?page_size=100' })).text;
    expect(text).toContain('window.ran=1');
    expect(await ranAt(addresses, { Authorization: `Bearer ${session.access_token}` })).toEqual([]);
  });

  it('SEC-15: /docs runs nothing that its address carries', async () => {
    const spec = `data:application/json,${encodeURIComponent('{"openapi":"3.1.0","info":{"title":"<img src=x onerror=window.ran=1>","version":"1"},"paths":{}}')}`;
    const addresses = scriptPayloads.flatMap((payload) => {
      const text = encodeURIComponent(payload);
      return [`${stage.hub.url}/docs?x=${text}#/${text}`];
    });
    for (const name of ['url', 'configUrl', 'spec'])
      addresses.push(`${stage.hub.url}/docs?${name}=${encodeURIComponent(spec)}`);
    expect(await ranAt(addresses)).toEqual([]);
  });
});
