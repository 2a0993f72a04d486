import { createHmac, randomUUID } from 'node:crypto';
import type { PluginEvent } from '../world/work.ts';

export type PluginSettings = {
  /** The hub's door, with the tenant in it. */
  readonly url: string;
  readonly secret: string;
  /** Events that it wants; others are not sent. */
  readonly events?: readonly string[];
  /** Between two tries; about two minutes at a real one. */
  readonly pauseMs?: number;
};

export type EventPlugin = {
  hear(events: readonly PluginEvent[]): void;
  /** Waits until nothing is on its way. */
  idle(): Promise<void>;
  /** Events that were given up. */
  lost(): readonly PluginEvent[];
  stop(): void;
};

const usualEvents = [
  'stockitem.moved',
  'stockitem.assignedtocustomer',
  'stockitem.returnedtostock',
  'stockitem.created_items',
  'stockitem.quantityupdated',
  'stock_stockitem.saved',
  'stock_stockitem.deleted',
] as const;

const triesAtMost = 5;
const timeoutMs = 5000;
const usualPauseMs = 120_000;

/** A hint that something has happened: who did it and where things are now is not in it. */
const bodyOf = ({ event, kwargs }: PluginEvent, now: Date): string =>
  JSON.stringify({ id: randomUUID(), event, args: [], kwargs, ts: now.toISOString() });

export const pluginSignature = (secret: string, body: string): string =>
  `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`;

/**
 * The small plugin that InvenTree needs to tell anybody anything. Its worker tries again what was not taken, each time under
 * a new id, and gives up in the end; events come late and in any order.
 */
export function startPlugin(settings: PluginSettings, now: () => Date): EventPlugin {
  const wanted = new Set<string>(settings.events ?? usualEvents);
  const running = new Set<Promise<void>>();
  const lost: PluginEvent[] = [];
  const stopping = new AbortController();

  const deliver = async (event: PluginEvent): Promise<void> => {
    for (let tries = 0; tries < triesAtMost && !stopping.signal.aborted; tries += 1) {
      if (tries > 0) await pause(settings.pauseMs ?? usualPauseMs, stopping.signal);
      if (await isTaken(settings, bodyOf(event, now()), stopping.signal)) return;
    }
    lost.push(event);
  };
  return {
    hear: (events) => {
      for (const event of events.filter((one) => wanted.has(one.event))) {
        const run: Promise<void> = deliver(event).finally(() => running.delete(run));
        running.add(run);
      }
    },
    idle: async () => {
      while (running.size > 0) await Promise.all(running);
    },
    lost: () => [...lost],
    stop: () => stopping.abort(),
  };
}

async function isTaken(settings: PluginSettings, body: string, stopping: AbortSignal): Promise<boolean> {
  const response = await fetch(settings.url, {
    method: 'POST',
    body,
    headers: { 'Content-Type': 'application/json', 'X-Hub-Signature-256': pluginSignature(settings.secret, body) },
    signal: AbortSignal.any([stopping, AbortSignal.timeout(timeoutMs)]),
  }).catch(() => null);
  await response?.arrayBuffer();
  return response?.ok === true;
}

const pause = (ms: number, stopping: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const alarm = setTimeout(resolve, ms);
    const end = (): void => {
      clearTimeout(alarm);
      resolve();
    };
    stopping.addEventListener('abort', end, { once: true });
  });
