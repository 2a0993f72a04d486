import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { answerError } from '#http/errors.ts';
import { webPages } from '#http/web-pages.ts';
import { createLog } from '#platform/log.ts';

let outer: string;
let pages: ReturnType<typeof webPages>;

beforeAll(() => {
  outer = mkdtempSync(join(tmpdir(), 'jbp-'));
  const folder = join(outer, 'web');
  mkdirSync(join(folder, 'technician'), { recursive: true });
  mkdirSync(join(folder, 'assets'));
  const put = (path: string, text: string): void => writeFileSync(join(folder, path), text);
  put('build.json', '{}');
  put('technician/index.html', 'page');
  put('technician/service-worker.js', 'worker');
  put('assets/a-1.js', 'plain');
  put('assets/a-1.js.br', 'brotli');
  put('technician/private.txt', 'nobody asked for this kind');
  writeFileSync(join(outer, 'secret.html'), 'secret');
  pages = webPages(folder);
  pages.onError(answerError(createLog('silent')));
});
afterAll(() => rmSync(outer, { recursive: true, force: true }));

const get = (path: string, headers: Record<string, string> = {}): Promise<Response> | Response =>
  pages.request(path, { headers });

describe('the pages of the browser', () => {
  it('A5, SEC-15: come with a policy that lets in nothing from elsewhere and nothing inline, and with camera and place', async () => {
    const answer = await get('/app/technician/');
    expect(await answer.text()).toBe('page');
    const policy = answer.headers.get('Content-Security-Policy') ?? '';
    expect(policy).toMatch(/^default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self';/);
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    expect(answer.headers.get('Permissions-Policy')).toMatch(/camera=\(self\), geolocation=\(self\)/);
    expect(answer.headers.get('Cache-Control')).toBe('no-cache');
  });

  it('files that are named by their content stay for ever, compressed where the browser takes it', async () => {
    const plain = await get('/app/assets/a-1.js');
    expect([await plain.text(), plain.headers.get('Content-Encoding')]).toEqual(['plain', null]);
    expect(plain.headers.get('Cache-Control')).toBe('public, max-age=31536000, immutable');
    const packed = await get('/app/assets/a-1.js', { 'Accept-Encoding': 'gzip, deflate, br;q=1.0' });
    expect([await packed.text(), packed.headers.get('Content-Encoding')]).toEqual(['brotli', 'br']);
    expect(packed.headers.get('Vary')).toBe('Accept-Encoding');
    expect((await get('/app/technician/service-worker.js')).headers.get('Cache-Control')).toBe('no-cache');
  });

  it.each([
    '/app/../secret.html',
    '/app/%2e%2e/secret.html',
    '/app/technician/..%2f..%2fsecret.html',
    '/app/technician/%2e%2e%2f%2e%2e%2fsecret.html',
    '/app//etc/passwd',
    '/app/technician/private.txt',
    '/app/build.json',
    '/app/assets/a-1.js.br',
    '/app/assets/nothing.js',
    '/app/nobody/',
    '/app/',
  ])('%s leads to no file', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.text()).not.toContain('secret');
  });

  it('an address under a page that is no file leads to the page, also behind a proxy’s path', async () => {
    for (const path of ['/app/technician', '/app/technician/orders', '/app/technician/a/b']) {
      const answer = await get(path);
      expect(answer.status, path).toBe(302);
      const target = new URL(answer.headers.get('Location') ?? '', `https://hub.example/jembatan${path}`);
      expect(target.pathname, path).toBe('/jembatan/app/technician/');
    }
  });

  it('says what to do where nobody has built them', async () => {
    const answer = await webPages(join(outer, 'nowhere')).request('/app/technician/');
    expect(answer.status).toBe(503);
    expect(await answer.text()).toContain('npm run build');
  });
});
