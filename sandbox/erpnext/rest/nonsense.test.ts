import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Erpnext } from '../create-erpnext.ts';
import { alice, smallIsp } from '../small-isp.ts';
import { callErpnext } from './call-erpnext.ts';

let erp: Erpnext;
beforeEach(async () => {
  erp = await smallIsp();
});
afterEach(() => erp.stop());

const path = `/api/resource/Customer/${alice}`;

describe('a site that answers nonsense', () => {
  it.each([
    ['html200', 200, /^<!DOCTYPE html>/],
    ['empty', 200, /^$/],
    ['empty-list', 200, /^\{"data":\[\]\}$/],
    ['half', 200, /^\{"data":\{"account_manager".*[^}]$/],
    ['403', 403, /PermissionError/],
    ['500', 500, /OperationalError/],
    ['502', 502, /Bad Gateway/],
    ['503', 503, /SessionStopped/],
    ['429', 429, /TooManyRequestsError/],
    ['login-redirect', 302, /^$/],
  ] as const)('%s', async (kind, status, text) => {
    erp.nonsense(kind);
    const response = await fetch(erp.url + path, {
      redirect: 'manual',
      headers: { Authorization: `token ${erp.apiKey}:${erp.apiSecret}` },
    });
    expect(response.status).toBe(status);
    expect(await response.text()).toMatch(text);
    if (kind === '429') expect(Number(response.headers.get('retry-after'))).toBeGreaterThan(0);
    erp.nonsense(null);
    expect((await callErpnext(erp, path)).body.data).toMatchObject({ name: alice });
  });

  it('a redirect to the login page ends with a page and status 200', async () => {
    erp.nonsense('login-redirect');
    const response = await fetch(erp.url + path);
    expect([response.status, await response.text()]).toEqual([200, expect.stringContaining('Login')]);
  });

  it('a broken connection comes after the call was done', async () => {
    erp.nonsense('cut');
    const body = { customer_name: 'Cut' };
    await expect(callErpnext(erp, '/api/resource/Customer', { method: 'POST', body })).rejects.toThrow();
    expect(erp.get('Customer', 'Cut').customer_name).toBe('Cut');
  });

  it('silence lasts until the caller gives up', async () => {
    erp.nonsense('hang');
    await expect(fetch(erp.url + path, { signal: AbortSignal.timeout(150) })).rejects.toThrow(/timeout/);
  });
});

it('a site that is down refuses connections, and comes back under the same address', async () => {
  const { url } = erp;
  await erp.down();
  await expect(callErpnext(erp, path)).rejects.toThrow();
  await erp.up();
  expect(erp.url).toBe(url);
  expect((await callErpnext(erp, path)).status).toBe(200);
});
