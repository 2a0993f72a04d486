import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { deliver, signatureOf } from '#test/pipeline/deliver.ts';
import type { TestBridge } from '#test/setup/bridge.ts';

/** One try of one delivery: what it was answered (0: nothing), and after how many ms. */
export type Try = { readonly status: number; readonly ms: number };

/** Senders of deliveries that nobody else sends, each until it is acknowledged, with the same bytes each time. */
export type Traffic = {
  readonly acknowledged: readonly string[];
  readonly tries: readonly Try[];
  /** Lets each sender finish its try, and no more. */
  stop(): Promise<void>;
};

export function startTraffic(door: string, secret: string, senders: number, pauseMs = 5): Traffic {
  const acknowledged: string[] = [];
  const tries: Try[] = [];
  let isOver = false;

  async function tryOnce(body: Buffer): Promise<boolean> {
    const begun = performance.now();
    const status = await deliver(door, body, signatureOf(body, secret)).then(
      (told) => told.status,
      // Refused or broken off: nothing was promised, so it is sent again.
      () => 0,
    );
    tries.push({ status, ms: performance.now() - begun });
    return status === 202 || status === 200;
  }

  async function send(): Promise<void> {
    while (!isOver) {
      const doc = { name: `ACC-SINV-${randomUUID()}`, modified: '2026-11-21 10:00:00' };
      const body = Buffer.from(JSON.stringify({ event: 'on_change', doctype: 'Sales Invoice', doc }));
      for (let isTaken = false; !isTaken && !isOver; ) {
        isTaken = await tryOnce(body);
        if (isTaken) acknowledged.push(body.toString('utf8'));
        await sleep(isTaken ? pauseMs : 50);
      }
    }
  }

  const sending = Array.from({ length: senders }, send);
  return {
    acknowledged,
    tries,
    stop: async () => {
      isOver = true;
      await Promise.all(sending);
    },
  };
}

/** What was acknowledged and is not in the inbox; nothing in there may be doubled. */
export async function lostOf(
  { acknowledged }: Pick<Traffic, 'acknowledged'>,
  bridge: Pick<TestBridge, 'look'>,
): Promise<readonly string[]> {
  const rows = await bridge.look<{ raw: Buffer }>('select raw from inbox');
  const kept = new Set(rows.map(({ raw }) => raw.toString('utf8')));
  expect(kept.size).toBe(rows.length);
  return acknowledged.filter((body) => !kept.has(body));
}
