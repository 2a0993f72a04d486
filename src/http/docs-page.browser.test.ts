import { describe, expect, it } from 'vitest';
import { listen } from '#http/server.ts';
import { openApp } from '#test/features/open-app.ts';
import { usualBrowser } from '#test/pages/browser.ts';

describe('the interactive page in a browser', () => {
  it('O3: shows the routes with nothing from outside and no breach of its policy', async () => {
    const config = { publicUrl: 'http://127.0.0.1', corsOrigins: [], trustedProxies: [] };
    const server = await listen(openApp({ config }), { host: '127.0.0.1', port: 0 });
    const here = `http://127.0.0.1:${server.port}`;
    const page = await (await usualBrowser()).newPage();
    try {
      const complaints: string[] = [];
      const outside: string[] = [];
      page.on('console', (message) => {
        if (message.type() === 'error') complaints.push(message.text());
      });
      page.on('pageerror', (error) => complaints.push(error.message));
      page.on('request', (request) => {
        if (!request.url().startsWith(here) && !request.url().startsWith('data:')) outside.push(request.url());
      });
      await page.goto(`${here}/docs`);
      await page.getByText('A delivery of ERPNext').waitFor({ timeout: 60_000 });
      expect(outside).toEqual([]);
      expect(complaints).toEqual([]);
    } finally {
      await page.close();
      await server.close();
    }
  });
});
