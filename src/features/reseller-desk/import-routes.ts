import { createRoute, z } from '@hono/zod-openapi';
import { demand, demandReseller } from '#platform/caller.ts';
import { notFound } from '#platform/refusal.ts';
import { answers, IdParam, needs, newRoutes, type Routes, refuses, whoAsks } from '#platform/routing.ts';
import { type Importing, importCustomers } from './import.ts';
import { Imported, ImportQuery } from './import-schema.ts';

const tags = ['Resellers'];
const usual = ['VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'PAYLOAD_TOO_LARGE'] as const;

const description =
  'An Excel workbook’s first sheet, or CSV with commas, semicolons or tabs, of at most 1,000 rows and 1 MB. Columns are known by ' +
  'their headings, in Indonesian or English: Nama, Telepon, Alamat, Paket, and where known Username, Password, MAC, Jatuh ' +
  'tempo (day of the month), Lintang, Bujur, NIK, E-mail. All rows or none: as long as one is wrong, nothing is imported. The ' +
  'same file is imported once. They count as served already: nobody is sent to install, and none waits for a first payment.';
const file = {
  required: true,
  content: {
    'text/csv': { schema: z.string().openapi({ example: 'Nama;Telepon;Alamat;Paket' }) },
    'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet': {
      schema: z.string().openapi({ format: 'binary' }),
    },
  },
};

const own = createRoute({
  ...needs('own_sales:write'),
  method: 'post',
  path: '/reseller/customers/import',
  tags,
  summary: 'Bring in this reseller’s present customers from a spreadsheet',
  description,
  request: { query: ImportQuery, body: file },
  responses: { 200: answers(Imported, 'Row by row what came of it'), ...refuses(...usual) },
});

const forReseller = createRoute({
  ...needs('resellers:write'),
  method: 'post',
  path: '/resellers/{id}/customers/import',
  tags,
  summary: 'Bring in a reseller’s present customers from a spreadsheet',
  description,
  request: { params: IdParam, query: ImportQuery, body: file },
  responses: { 200: answers(Imported, 'Row by row what came of it'), ...refuses(...usual, 'NOT_FOUND') },
});

/** Customers from a spreadsheet, by the reseller itself or by the provider for it (spec S1). */
export function importRoutes(deps: Importing): Routes {
  const routes = newRoutes();
  routes.openapi(own, async (c) => {
    const who = whoAsks(c);
    demand(who.caller, 'own_sales:write');
    const resellerId = demandReseller(who);
    const bytes = Buffer.from(await c.req.arrayBuffer());
    const isPreview = c.req.valid('query').preview === 'true';
    return c.json(await importCustomers(deps, who, resellerId, { bytes, isPreview }), 200);
  });
  routes.openapi(forReseller, async (c) => {
    const who = whoAsks(c);
    demand(who.caller, 'resellers:write');
    const { id } = c.req.valid('param');
    const isThere = await deps.db.tenant(who.tenantId, async (tx) => {
      const active = tx.selectFrom('resellers').where('tenant_id', '=', who.tenantId).where('is_active', '=', true);
      return (await active.where('id', '=', id).select('id').executeTakeFirst()) !== undefined;
    });
    if (!isThere) throw notFound('reseller');
    const bytes = Buffer.from(await c.req.arrayBuffer());
    const isPreview = c.req.valid('query').preview === 'true';
    return c.json(await importCustomers(deps, who, id, { bytes, isPreview }), 200);
  });
  return routes;
}
