import { HttpResponse, http } from 'msw';
import { setupServer } from 'msw/node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import { createErpnextLedger } from './ledger.ts';

const networks = parseNetworks([]);
if (!networks.ok) throw new Error(networks.error);
const resolve = async () => [{ address: '198.51.100.7', family: 4 }];
const guard = createAddressGuard({ allow: networks.value, allowPrivate: false, resolve });
const site = 'https://erp.example.test';
const server = setupServer();
const ledger = createErpnextLedger({
  url: site,
  apiKey: 'key',
  apiSecret: 'secret',
  currency: 'IDR',
  isCurrencyChosen: true,
  guard,
  timeoutMs: 2_000,
});

beforeAll(() => server.listen({ onUnhandledRequest: 'error' }));
afterAll(() => {
  ledger.close();
  server.close();
});

describe('the ERPNext connector on the wire', () => {
  it('names are percent-encoded, and the key and the secret travel as Frappe’s token', async () => {
    const seen: string[] = [];
    server.use(
      http.get(`${site}/api/resource/*`, ({ request }) => {
        seen.push(new URL(request.url).pathname, request.headers.get('authorization') ?? '');
        return HttpResponse.json({ exc_type: 'DoesNotExistError' }, { status: 404 });
      }),
    );
    expect(await ledger.fetch('Sales Invoice', 'INV/1 ü?')).toEqual({ ok: true, value: null });
    expect(seen).toEqual(['/api/resource/Sales%20Invoice/INV%2F1%20%C3%BC%3F', 'token key:secret']);
  });

  it('law 3: a 404 that Frappe did not write is no proof that a document is gone', async () => {
    server.use(http.get(`${site}/api/resource/*`, () => HttpResponse.text('<h1>Not Found</h1>', { status: 404 })));
    expect(await ledger.fetch('Sales Invoice', 'INV-1')).toMatchObject({ ok: false });
  });
});
