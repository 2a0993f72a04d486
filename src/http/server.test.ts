import { connect } from 'node:net';
import { Hono } from 'hono';
import { describe, expect, it } from 'vitest';
import { listen } from '#http/server.ts';
import type { RouteEnv } from '#platform/routing.ts';
import { openApp } from '#test/features/open-app.ts';

const here = { host: '127.0.0.1', port: 0 };

/** What a raw connection is told before it is closed, and after how many milliseconds. */
function say(port: number, text: string): Promise<{ answer: string; ms: number }> {
  return new Promise((resolve, reject) => {
    const start = Date.now();
    const socket = connect(port, '127.0.0.1', () => socket.write(text));
    let answer = '';
    socket.on('data', (data) => {
      answer += data;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve({ answer, ms: Date.now() - start }));
  });
}

describe('the server', () => {
  it('SEC-25: 10 MB at the webhook door is 413 as soon as its length is declared', async () => {
    const server = await listen(openApp(), here);
    const head =
      'POST /webhooks/erpnext/alpha HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 10485760\r\n\r\n{';
    const { answer } = await say(server.port, head);
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    await server.close();
  });

  it('REL-25: a connection that trickles its headers is closed within seconds', async () => {
    const server = await listen(openApp(), here);
    const { answer, ms } = await say(server.port, 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ');
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(ms).toBeLessThan(10_000);
    await server.close();
  });

  it('REL-28: closing lets the request that is under way end, and does not wait for idle connections', async () => {
    const app = new Hono<RouteEnv>();
    let finish = (): void => undefined;
    const started = new Promise<void>((resolve) => {
      app.get('/slow', async (c) => {
        resolve();
        await new Promise<void>((done) => {
          finish = done;
        });
        return c.text('done');
      });
    });
    app.get('/quick', (c) => c.text('quick'));
    const server = await listen(app, here);
    const url = `http://127.0.0.1:${server.port}`;
    expect(await (await fetch(`${url}/quick`)).text()).toBe('quick');
    const slow = fetch(`${url}/slow`);
    await started;
    const closed = server.close();
    await expect(fetch(`${url}/quick`)).rejects.toThrow();
    finish();
    expect(await (await slow).text()).toBe('done');
    const start = Date.now();
    await closed;
    expect(Date.now() - start).toBeLessThan(3_000);
  });

  it('an address that is taken is an error, not a silent hub', async () => {
    const first = await listen(openApp(), here);
    await expect(listen(openApp(), { host: here.host, port: first.port })).rejects.toThrow('EADDRINUSE');
    await first.close();
  });
});
