import { createRoute, z } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { escapeHtml } from '#domain/message-template.ts';
import { newRoutes, type RouteEnv, type Routes, refuses } from '#platform/routing.ts';
import { choose, type Reader, readerOf } from './opting-out.ts';
import type { MessagesDeps } from './verbs.ts';

const words = {
  id: {
    ask: 'Berhenti menerima pesan dari',
    stop: 'Berhenti menerima pesan',
    stopped: 'Anda tidak akan menerima pesan lagi dari',
    resume: 'Terima pesan lagi',
    note: 'Tanda terima pembayaran dan kata sandi tetap dikirim.',
  },
  en: {
    ask: 'Stop messages from',
    stop: 'Stop messages',
    stopped: 'You will get no more messages from',
    resume: 'Get messages again',
    note: 'Receipts and passwords are sent all the same.',
  },
} as const;

/** One form that opts out or, where that was done, in again. It needs no script and no style. */
function page({ company, language, hasOptedOut }: Reader): string {
  const w = words[language];
  const said = `${hasOptedOut ? w.stopped : w.ask} ${escapeHtml(company)}`;
  const button = `<button>${hasOptedOut ? w.resume : w.stop}</button>`;
  return [
    `<!doctype html><html lang="${language}"><head><meta charset="utf-8">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">',
    `<title>${escapeHtml(company)}</title></head>`,
    `<body><h1>${said}${hasOptedOut ? '.' : '?'}</h1><p>${w.note}</p>`,
    `<form method="post"${hasOptedOut ? ' action="?again=1"' : ' action="?"'}>${button}</form></body></html>`,
  ].join('\n');
}

const policy = "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'";

function show(c: Context<RouteEnv>, reader: Reader) {
  c.header('Content-Security-Policy', policy);
  c.header('Cache-Control', 'no-store');
  c.header('Referrer-Policy', 'no-referrer');
  return c.html(page(reader), 200);
}

const params = z.object({ token: z.string().min(1).max(200) });
const shown = { description: 'A page for people', content: { 'text/html': { schema: z.string() } } };
const door = { path: '/u/{token}', tags: ['messages'], security: [] };
const responses = { 200: shown, ...refuses('VALIDATION_ERROR', 'NOT_FOUND') };

const look = createRoute({
  ...door,
  method: 'get',
  summary: 'Ask whether messages shall end; the link stands in each message',
  request: { params },
  responses,
});

const end = createRoute({
  ...door,
  method: 'post',
  summary: 'End messages, by the page or by the one click of a mail program (RFC 8058); `again=1` takes it back',
  request: { params, query: z.object({ again: z.literal('1').optional() }) },
  responses,
});

/** `/u/{token}`, outside the API and without a login: who has the link got the message. */
export function optOutPage(deps: MessagesDeps): Routes {
  const routes = newRoutes();
  routes.openapi(look, async (c) => show(c, await readerOf(deps, c.req.valid('param').token)));
  routes.openapi(end, async (c) => {
    const wantsMore = c.req.valid('query').again === '1';
    return show(c, await choose(deps, c.req.valid('param').token, wantsMore));
  });
  return routes;
}
