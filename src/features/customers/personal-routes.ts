import { createRoute, z } from '@hono/zod-openapi';
import type { Database } from '#db/database.ts';
import { photoTypes } from '#domain/photo-format.ts';
import {
  answers,
  IdParam,
  needs,
  newRoutes,
  type Routes,
  refuses,
  takes,
  type Who,
  whoAsks,
} from '#platform/routing.ts';
import type { TenantVault } from '#platform/secrets.ts';
import { type PhotoDeps, readPhoto, removePhoto, replacePhoto } from './photo.ts';
import { revealField } from './reveal.ts';
import { PersonalData, RevealAsk, Revealed } from './told-schema.ts';

export type PersonalDeps = PhotoDeps & {
  readonly db: Database;
  readonly vaultOf: (tenantId: string) => Promise<TenantVault>;
  /** All that every room holds of the customer. */
  readonly exportPerson: (who: Who, customerId: string) => Promise<Record<string, unknown>>;
  /** Takes what is personal out of every room. */
  readonly erasePerson: (who: Who, customerId: string) => Promise<void>;
};

const tags = ['Customers'];
const one = '/customers/{id}';
const refusals = refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND');
const picture = z.string().openapi({ type: 'string', format: 'binary' });
const pictures = Object.fromEntries(photoTypes.map((type) => [type, { schema: picture }]));

const reveal = createRoute({
  ...needs('customers:reveal'),
  method: 'post',
  path: `${one}/reveal`,
  tags,
  summary: 'Show what is masked; the audit log says who looked',
  request: { params: IdParam, body: takes(RevealAsk) },
  responses: { 200: answers(Revealed, 'The value'), ...refusals },
});

const exportData = createRoute({
  ...needs('customers:reveal'),
  method: 'get',
  path: `${one}/export`,
  tags,
  summary: 'All that is held of one person, for that person; the audit log says who asked',
  request: { params: IdParam },
  responses: { 200: answers(PersonalData, 'What is held'), ...refusals },
});

const erase = createRoute({
  ...needs('customers:erase'),
  method: 'post',
  path: `${one}/erase`,
  tags,
  summary: 'Take all that is personal out of a customer whose subscriptions have ended, for good',
  description: 'The code, and the history of money and of service, stay. What ERPNext holds is erased there.',
  request: { params: IdParam },
  responses: {
    204: { description: 'It is gone' },
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'CONFLICT'),
  },
});

const putPhoto = createRoute({
  ...needs('customers:write'),
  method: 'put',
  path: `${one}/photo`,
  tags,
  summary: 'The photo of a customer',
  description: 'JPEG, PNG or WebP, at most 1 MB, known by its first bytes.',
  request: { params: IdParam, body: { required: true, content: pictures } },
  responses: {
    204: { description: 'Taken' },
    ...refuses('VALIDATION_ERROR', 'UNAUTHORIZED', 'FORBIDDEN', 'NOT_FOUND', 'PAYLOAD_TOO_LARGE'),
  },
});

const getPhoto = createRoute({
  ...needs('customers:contact'),
  method: 'get',
  path: `${one}/photo`,
  tags,
  summary: 'The photo that was uploaded',
  request: { params: IdParam },
  responses: { 200: { description: 'The picture', content: pictures }, ...refusals },
});

const deletePhoto = createRoute({
  ...needs('customers:write'),
  method: 'delete',
  path: `${one}/photo`,
  tags,
  summary: 'Remove the photo',
  request: { params: IdParam },
  responses: { 204: { description: 'Removed' }, ...refusals },
});

/** Personal data of a customer: looked at, handed out, erased (SEC-28). */
export function personalRoutes(deps: PersonalDeps): Routes {
  const { db, vaultOf } = deps;
  const routes = newRoutes();
  routes.openapi(reveal, async (c) => {
    const who = whoAsks(c);
    const { field } = c.req.valid('json');
    const vault = await vaultOf(who.tenantId);
    const { id } = c.req.valid('param');
    return c.json({ field, value: await db.tenant(who.tenantId, (tx) => revealField(tx, who, id, field, vault)) }, 200);
  });
  routes.openapi(exportData, async (c) => {
    c.header('Cache-Control', 'no-store');
    return c.json(await deps.exportPerson(whoAsks(c), c.req.valid('param').id), 200);
  });
  routes.openapi(erase, async (c) => {
    await deps.erasePerson(whoAsks(c), c.req.valid('param').id);
    return c.body(null, 204);
  });
  routes.openapi(putPhoto, async (c) => {
    await replacePhoto(deps, whoAsks(c), c.req.valid('param').id, new Uint8Array(await c.req.arrayBuffer()));
    return c.body(null, 204);
  });
  routes.openapi(getPhoto, async (c) => {
    const { bytes, type } = await readPhoto(deps, whoAsks(c), c.req.valid('param').id);
    return c.body(bytes, 200, {
      'Content-Type': type,
      'Cache-Control': 'private, no-store',
      'X-Content-Type-Options': 'nosniff',
    });
  });
  routes.openapi(deletePhoto, async (c) => {
    await removePhoto(deps, whoAsks(c), c.req.valid('param').id);
    return c.body(null, 204);
  });
  return routes;
}
