import type { MiddlewareHandler } from 'hono';
import { answeringRoute } from '#http/answering-route.ts';
import { invalid } from '#platform/refusal.ts';
import type { RouteEnv } from '#platform/routing.ts';

type Row = Readonly<Record<string, unknown>>;

const pick = (row: Row, names: readonly string[]): Row =>
  Object.fromEntries(names.filter((name) => name in row).map((name) => [name, row[name]]));

function chosen(answer: Row, names: readonly string[]): Row {
  return Array.isArray(answer.data)
    ? { ...answer, data: answer.data.map((row: Row) => pick(row, names)) }
    : pick(answer, names);
}

/** As the OpenAPI document writes a path: `{id}` for `:id`, with what the router was told of its form left out. */
const documented = (route: string): string => route.replace(/:(\w+)(\{[^}]*\})?/g, '{$1}');

/**
 * `?fields=name,phone` on a GET: nothing else of each row is answered (spec C4). `fieldsOf` names the fields that a
 * path's answer has; one that is not among them is 400.
 */
export function chosenFields(fieldsOf: (path: string) => ReadonlySet<string> | null): MiddlewareHandler<RouteEnv> {
  return async (c, next) => {
    const asked = c.req.method === 'GET' ? c.req.query('fields') : undefined;
    if (asked === undefined) return next();
    const known = fieldsOf(documented(answeringRoute(c)));
    const names = asked.split(',').map((name) => name.trim());
    const unknown = names.find((name) => !known?.has(name));
    if (unknown !== undefined) {
      throw invalid('fields', known ? `There is no field ${unknown}: take ${[...known].join(', ')}.` : 'Not here.');
    }
    await next();
    if (c.res.status !== 200) return;
    const { headers } = c.res;
    const answer = chosen(Object(await c.res.json()), names);
    c.res = new Response(JSON.stringify(answer), { status: 200, headers });
  };
}
