import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { acceptFirst } from '#http/accept-first.ts';

const connections = 40;
const request = 'GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n';

/** Opens all at once, each with a request; answers how many had been let in when the first was served. */
async function letInAtFirst(make: (serve: RequestListener) => { serve: RequestListener; accepted: () => void }) {
  let letIn = 0;
  const seen: number[] = [];
  const { serve, accepted } = make((_request, response) => {
    seen.push(letIn);
    response.end('served');
  });
  const server = createServer(serve).on('connection', () => {
    letIn += 1;
    accepted();
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const open = (): Socket => connect(port, '127.0.0.1').setEncoding('utf8');
  const answers = Array.from({ length: connections }, async () => {
    const socket = open();
    let answer = '';
    socket.on('data', (text: string) => {
      answer += text;
    });
    socket.write(request);
    await once(socket, 'close');
    return answer;
  });
  for (const answer of await Promise.all(answers)) expect(answer).toMatch(/served/);
  server.close();
  return seen[0];
}

describe('connections that are opened at once', () => {
  it('REL-23: are all let in before the first of them is served', async () => {
    expect(await letInAtFirst((serve) => acceptFirst(serve, 60_000))).toBe(connections);
  });

  it('control: without it the first is served while others stand at the door', async () => {
    const plain = (serve: RequestListener) => ({ serve, accepted: () => undefined });
    expect(await letInAtFirst(plain)).toBeLessThan(connections);
  });

  it('do not keep those inside waiting for longer than the limit', async () => {
    expect(await letInAtFirst((serve) => acceptFirst(serve, 0))).toBeLessThan(connections);
  });
});
