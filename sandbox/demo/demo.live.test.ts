import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const demo = fileURLToPath(new URL('../../tools/demo.mjs', import.meta.url));

type Ended = { readonly code: number; readonly told: string };

const run = (): Promise<Ended> =>
  new Promise((resolve) => {
    execFile(process.execPath, [demo], { timeout: 110_000, killSignal: 'SIGTERM' }, (error, stdout, stderr) => {
      const code = error ? (typeof error.code === 'number' ? error.code : 1) : 0;
      resolve({ code, told: `${stdout}${stderr}` });
    });
  });

describe('npm run demo', () => {
  it('B2–B6, R5: tells the main job with a real FreeRADIUS, from the bill to the walled garden and back, and ends with 0', async () => {
    const { code, told } = await run();
    expect(told).not.toContain('The demo failed');
    expect(code).toBe(0);
    const inOrder = [
      /\d ms {2}Customer, line and RADIUS account exist: username CUST001, state active/,
      /by PAP and is let in: Mikrotik-Rate-Limit 10M\/50M/,
      /by MS-CHAPv2 and is let in: Mikrotik-Rate-Limit 10M\/50M/,
      /\d ms {2}Bill → RADIUS's rows say t[0-9a-f]{8}:isolir/,
      /\d ms {2}Bill → the router got a Disconnect \(Message-Authenticator valid\) and answers ACK/,
      /\d ms {2}Bill → the modem is online again: .* address list isolir/,
      /\d ms {2}Payment → RADIUS's rows say t[0-9a-f]{8}:fiber-50/,
      /\d ms {2}Payment → the modem is online again: Mikrotik-Rate-Limit 10M\/50M\./,
      /webhook +ERPNext announced on_(submit|change) of Sales Invoice/,
      /disconnect +CKP acknowledged the Disconnect/,
      /webhook +ERPNext announced on_(submit|change) of Payment Entry/,
      /everything is stopped and removed/,
    ];
    const places = inOrder.map((line) => told.search(line));
    expect(places, told).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
  });
});
