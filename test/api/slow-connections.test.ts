import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Listening, listen } from '#http/server.ts';
import { openApp } from '#test/features/open-app.ts';

const slow = 500;
let server: Listening;

beforeAll(async () => {
  server = await listen(openApp(), { host: '127.0.0.1', port: 0 });
});
afterAll(() => server?.close());

const heads = {
  header: 'POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nX-Slow: ',
  body: 'POST /api/v1/echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer good\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{',
};

/** Opens a request that never ends: a byte each half second. Resolves once the server has closed it. */
function trickle(kind: keyof typeof heads): { readonly closed: Promise<void>; readonly socket: Socket } {
  const socket = connect({ port: server.port, host: '127.0.0.1' }, () => socket.write(heads[kind]));
  const timer = setInterval(() => socket.write('x'), 500);
  const closed = new Promise<void>((resolve) => {
    socket.on('close', () => {
      clearInterval(timer);
      resolve();
    });
  });
  // A reset is how the server closes it.
  socket.on('error', () => undefined);
  socket.resume();
  return { closed, socket };
}

describe('slow connections', () => {
  it(`REL-25: ${slow} that trickle their headers or bodies are closed, and an honest one is served meanwhile`, async () => {
    const kinds = Object.keys(heads) as (keyof typeof heads)[];
    const tricklers = Array.from({ length: slow }, (_, n) => trickle(kinds[n % kinds.length] ?? 'header'));
    let isOver = false;
    const all = Promise.all(tricklers.map(({ closed }) => closed)).then(() => {
      isOver = true;
    });
    let served = 0;
    while (!isOver) {
      const answer = await fetch(`http://127.0.0.1:${server.port}/api/v1/echo`, {
        method: 'POST',
        headers: { Authorization: 'Bearer good', 'Content-Type': 'application/json' },
        body: '{"text":"honest"}',
      });
      expect(answer.status).toBe(200);
      await answer.body?.cancel();
      if (!isOver) served += 1;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    await all;
    expect(served).toBeGreaterThan(0);
  }, 120_000);
});
