import { Hono } from 'hono';
import { expect, it } from 'vitest';
import { deprecated } from './deprecated.ts';

it('O3: a route on its way out says since when, until when, and where the way on is described', async () => {
  const app = new Hono();
  const since = new Date('2026-11-01T00:00:00Z');
  app.use(deprecated({ since, sunset: new Date('2027-05-01T00:00:00Z'), link: 'https://hub.example.net/docs' }));
  app.get('/old', (c) => c.json({}));
  const { headers } = await app.request('/old');
  expect(headers.get('Deprecation')).toBe('@1793491200');
  expect(headers.get('Sunset')).toBe('Sat, 01 May 2027 00:00:00 GMT');
  expect(headers.get('Link')).toBe('<https://hub.example.net/docs>; rel="deprecation"');
});
