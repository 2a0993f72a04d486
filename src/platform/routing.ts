import { OpenAPIHono, z } from '@hono/zod-openapi';
import type { Context, MiddlewareHandler } from 'hono';
import type { Permission } from '#domain/permissions.ts';
import { type Caller, demand, resellerOf, type Who } from '#platform/caller.ts';
import { Refusal, type RefusalCode, refusalStatus } from '#platform/refusal.ts';
import { underReseller } from '#platform/reseller-scope.ts';
import { storedText } from '#platform/stored-text.ts';

export type { Caller, Who };

/** What the HTTP door puts beside each request before a route sees it. */
export type RouteEnv = { Variables: { caller: Caller; correlationId: string; address: string } };
export type Routes = OpenAPIHono<RouteEnv>;

/** Names each wrong field, so that a form can show the message where it belongs. */
function refuseInvalid(error: z.ZodError): never {
  const fields = error.issues.map((issue) => ({ field: issue.path.join('.'), message: issue.message }));
  const named = fields.map(({ field, message }) => (field === '' ? message : `${field}: ${message}`)).join('; ');
  throw new Refusal('VALIDATION_ERROR', named, { fields });
}

/** A room's routes: what is not valid is refused before the handler runs. */
export const newRoutes = (): Routes =>
  new OpenAPIHono<RouteEnv>({
    defaultHook: (result) => {
      if (!result.success) refuseInvalid(result.error);
    },
  });

const ErrorAnswer = z
  .object({ code: z.string(), message: z.string(), details: z.record(z.string(), z.unknown()).optional() })
  .openapi('Error');

/** The error part of a route's `responses`. */
export function refuses(...codes: readonly RefusalCode[]) {
  const statuses = [...new Set(codes.map((code) => refusalStatus[code]))];
  return Object.fromEntries(
    statuses.map((status) => {
      const description = codes.filter((code) => refusalStatus[code] === status).join(', ');
      return [status, { description, content: { 'application/json': { schema: ErrorAnswer } } }];
    }),
  );
}

export const answers = <S extends z.ZodType>(schema: S, description: string) => ({
  description,
  content: { 'application/json': { schema } },
});
export const takes = <S extends z.ZodType>(schema: S) => ({
  required: true,
  content: { 'application/json': { schema } },
});

export const IdParam = z.object({ id: z.uuid() });

/** Query of every list: pages of 10, at most 100 (spec C4). */
export const PageQuery = z.object({
  page: z.coerce.number().int().min(1).max(1_000_000).default(1),
  page_size: z.coerce.number().int().min(1).max(100).default(10),
  search: storedText(200).trim().optional(),
});
export const pageOf = <S extends z.ZodType>(row: S) =>
  z.object({ data: z.array(row), page: z.number().int(), page_size: z.number().int(), total: z.number().int() });

/** Money in JSON: an integer of the currency's minor unit in common use (IDR: whole rupiah). */
export const Amount = z.number().int().positive().max(Number.MAX_SAFE_INTEGER);

/** The tenant that the caller works for; the platform owner works for none. */
function tenantOf(caller: Caller): string {
  if (caller.tenantId === null) throw new Refusal('FORBIDDEN', 'This belongs to a tenant: log in as one of its users.');
  return caller.tenantId;
}

/**
 * The part of a route's definition that guards it: spread it into `createRoute`. The permission is checked before the
 * input is, and stands in the OpenAPI document as `x-permission`, from which the matrix of roles is made. A reseller's
 * request runs in the scope of its own rows.
 */
export function needs(permission: Permission) {
  const guard: MiddlewareHandler<RouteEnv> = async (c, next) => {
    const caller = c.get('caller');
    demand(caller, permission);
    const reseller = resellerOf(caller);
    await (reseller === null ? next() : underReseller(reseller, next));
  };
  return { 'x-permission': permission, middleware: guard };
}

/** In whose name a tenant's route is asked; the platform owner belongs to no tenant and is refused. */
export function whoAsks(c: Context<RouteEnv>): Who {
  const caller = c.get('caller');
  return {
    tenantId: tenantOf(caller),
    caller,
    correlationId: c.get('correlationId'),
    address: c.get('address'),
  };
}
