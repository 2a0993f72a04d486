import type { Context } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import type { Language } from '#domain/reason.ts';
import { newRoutes, type RouteEnv, type Routes } from '#platform/routing.ts';
import { generalPage, isolirPage, type Page } from './page.ts';
import { policyFor } from './style.ts';
import { type IsolirDeps, type IsolirSight, seeVisitor, tenantAt, useVoucher } from './verbs.ts';
import { languageOf } from './words.ts';

/** What a page is told to keep to itself: it speaks of whoever is at one address at this moment. */
const headers = { 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer', 'X-Robots-Tag': 'noindex' };
const againSeconds = '30';
const codeLength = 100;
const tooLong = bodyLimit({ maxSize: 4_096, onError: (c) => c.text('', 413) });

const languageFor = (c: Context<RouteEnv>, usual: Language = 'id'): Language =>
  languageOf(c.req.query('lang'), c.req.header('Accept-Language'), usual);

function show(c: Context<RouteEnv>, { text, style }: Page, status: 200 | 404 | 503) {
  const retry = status === 503 ? { 'Retry-After': againSeconds } : {};
  return c.html(text, status, { ...headers, ...retry, 'Content-Security-Policy': policyFor(style) });
}

/**
 * `/isolir`, where an isolated subscriber is sent (spec R10), and `/isolir/{subdomain}`, a tenant's page. Outside the API
 * and without a login: who it is, only the session at the request's own address tells. Whatever fails, a page is shown.
 */
export function isolirRoutes(deps: IsolirDeps): Routes {
  const routes = newRoutes();
  routes.onError((error, c) => {
    deps.log.error('the isolir page could not be made', { path: c.req.path, error });
    return show(c, generalPage(languageFor(c), true), 503);
  });
  routes.get('/isolir', async (c) => {
    const tenant = await tenantAt(deps, c.get('address'));
    if (!tenant) return show(c, generalPage(languageFor(c), false), 200);
    c.header('Cache-Control', 'no-store');
    return c.redirect(`/isolir/${tenant.subdomain}`, 302);
  });
  const answer = (c: Context<RouteEnv>, subdomain: string, sight: IsolirSight | null) => {
    if (!sight) return show(c, generalPage(languageFor(c), false), 404);
    return show(c, isolirPage(sight, languageFor(c, sight.language), subdomain), 200);
  };
  routes.get('/isolir/:subdomain', async (c) => {
    const { subdomain } = c.req.param();
    return answer(c, subdomain, await seeVisitor(deps, subdomain, c.get('address')));
  });
  routes.post('/isolir/:subdomain/voucher', tooLong, async (c) => {
    const { subdomain } = c.req.param();
    const { code } = await c.req.parseBody();
    const typed = typeof code === 'string' ? code.slice(0, codeLength) : '';
    const from = { address: c.get('address'), correlationId: c.get('correlationId') };
    return answer(c, subdomain, await useVoucher(deps, subdomain, from, typed));
  });
  // A page that was left open and is loaded anew after its form was sent.
  routes.get('/isolir/:subdomain/voucher', (c) =>
    c.redirect(`/isolir/${encodeURIComponent(c.req.param('subdomain'))}`, 302),
  );
  return routes;
}
