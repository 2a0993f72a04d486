import { beforeAll, describe, expect, it } from 'vitest';
import { connectionsRoutes } from '#features/connections/routes.ts';
import { loginRoutes, userRoutes } from '#features/identity/routes.ts';
import { nasRoutes } from '#features/nas/routes.ts';
import { settingsRoutes } from '#features/settings/routes.ts';
import { tenantsRoutes } from '#features/tenants/routes.ts';
import { openApp } from '#test/features/open-app.ts';

type Operation = {
  readonly summary?: string;
  readonly tags?: readonly string[];
  readonly security?: readonly object[];
  readonly responses: Readonly<Record<string, { readonly content?: object }>>;
  readonly requestBody?: object;
};
type Document = {
  readonly openapi: string;
  readonly security: readonly object[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly securitySchemes: object };
};

/** What a route is described by does not depend on what it stands on; touching it would throw. */
const nothing = <T>(): T => new Proxy({}, { get: () => () => undefined }) as T;

let document: Document;
let operations: readonly { readonly at: string; readonly path: string; readonly operation: Operation }[];

beforeAll(async () => {
  const routes = [
    userRoutes(nothing()),
    tenantsRoutes(nothing()),
    settingsRoutes(nothing()),
    connectionsRoutes(nothing()),
    nasRoutes(nothing()),
  ].map((app) => ({ path: '/', app }));
  const app = openApp({ publicRoutes: [{ path: '/', app: loginRoutes(nothing()) }], routes });
  document = (await (await app.request('/openapi.json')).json()) as Document;
  operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ at: `${method} ${path}`, path, operation })),
  );
});

describe('the OpenAPI document', () => {
  it('O3: is 3.1 and asks for a bearer token unless a route says otherwise', () => {
    expect(document.openapi).toBe('3.1.0');
    expect(document.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
    expect(document.components.securitySchemes).toMatchObject({ bearer: { type: 'http', scheme: 'bearer' } });
    const open = operations.filter(({ operation }) => operation.security?.length === 0).map(({ at }) => at);
    expect(open.sort()).toEqual([
      'get /healthz',
      'get /metrics',
      'get /readyz',
      'post /api/v1/auth/login',
      'post /api/v1/auth/logout',
      'post /api/v1/auth/password-reset',
      'post /api/v1/auth/password-reset/confirm',
      'post /api/v1/auth/refresh',
      'post /webhooks/erpnext/{subdomain}',
      'post /webhooks/inventree/{subdomain}',
    ]);
  });

  it('O3: holds every path of the contract that these rooms serve', () => {
    expect(operations.map(({ at }) => at)).toEqual(
      expect.arrayContaining([
        'post /api/v1/auth/register',
        'post /api/v1/tenants',
        'get /api/v1/tenants',
        'patch /api/v1/tenants/{id}',
        'get /api/v1/settings',
        'patch /api/v1/settings',
        'put /api/v1/connections/erpnext',
        'put /api/v1/connections/freeradius',
        'put /api/v1/connections/inventree',
        'post /api/v1/connections/{system}/test',
        'get /api/v1/connections',
        'post /api/v1/nas',
        'get /api/v1/nas',
      ]),
    );
  });

  it('O3: every operation has a summary, a known tag and one good answer', () => {
    const tags = document.tags.map(({ name }) => name);
    for (const { at, operation } of operations) {
      expect(operation.summary, at).toBeTruthy();
      expect(tags, at).toEqual(expect.arrayContaining([...(operation.tags ?? ['none'])]));
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        at,
      ).toBe(true);
    }
  });

  it('O3, O4: every route lists the errors that can happen to it', () => {
    for (const { at, path, operation } of operations.filter(({ path }) => path.startsWith('/api/'))) {
      const listed = Object.keys(operation.responses);
      expect(listed, at).toEqual(expect.arrayContaining(['500', '503']));
      if (operation.security?.length !== 0) expect(listed, at).toEqual(expect.arrayContaining(['401', '403']));
      if (operation.requestBody) expect(listed, at).toEqual(expect.arrayContaining(['400', '413']));
      if (path.includes('{id}')) expect(listed, at).toEqual(expect.arrayContaining(['400', '404']));
    }
  });
});

describe('the interactive page', () => {
  it('O3: loads everything from the hub itself, and runs nothing inline', async () => {
    const app = openApp();
    const page = await app.request('/docs');
    const html = await page.text();
    expect(page.headers.get('Content-Security-Policy')).not.toContain('unsafe-inline');
    expect(html).not.toMatch(/https?:|<script>|<style|style=|\son\w+=/);
    const links = [...html.matchAll(/(?:src|href)="(docs\/[^"]+)"/g)].map(([, link]) => `/${link}`);
    expect(links).toHaveLength(3);
    for (const link of links) {
      const file = await app.request(link);
      expect(file.status, link).toBe(200);
      expect((await file.arrayBuffer()).byteLength, link).toBeGreaterThan(50);
      expect(file.headers.get('Content-Type'), link).toMatch(/^text\/(css|javascript)/);
    }
  });
});
