import { setTimeout as sleep } from 'node:timers/promises';
import { type Connection, openConnection } from '../intake/connection.ts';
import { deliveries } from '../intake/deliveries.ts';
import { answerParent } from '../load-process.ts';
import type { PacedResult, PacedRound, Stream } from './round.ts';

/** Kept connections that a stream's deliveries take in turn; enough for a stream that is answered late. */
const connectionsAStream = 8;

type Played = { readonly latenciesMs: readonly number[]; readonly refused: number };

/** One connection's share of a stream: every `step`-th delivery, each at its time or as soon as the one before is answered. */
async function playShare(
  connection: Connection,
  requests: readonly Buffer[],
  due: (n: number) => number,
  first: number,
): Promise<Played> {
  const latenciesMs: number[] = [];
  let refused = 0;
  for (let n = first; n < requests.length; n += connectionsAStream) {
    const at = due(n);
    const wait = at - performance.now();
    if (wait > 0) await sleep(wait);
    if ((await connection.exchange(requests[n] ?? Buffer.alloc(0))) !== 202) refused += 1;
    // From when it was due: a sender that is held up must not make the door look fast.
    latenciesMs.push(performance.now() - at);
  }
  return { latenciesMs, refused };
}

async function playStream(port: number, seconds: number, stream: Stream, began: number): Promise<Played> {
  const requests = deliveries(stream.path, stream.secret, stream.series, Math.round(stream.perSecond * seconds));
  const connections = await Promise.all(Array.from({ length: connectionsAStream }, () => openConnection(port)));
  const due = (n: number): number => began + (n * 1_000) / stream.perSecond;
  const shares = await Promise.all(connections.map((connection, first) => playShare(connection, requests, due, first)));
  for (const connection of connections) connection.close();
  return {
    latenciesMs: shares.flatMap((share) => share.latenciesMs),
    refused: shares.reduce((sum, share) => sum + share.refused, 0),
  };
}

/** Time to make the bodies and open the connections of every stream. */
const preparingMs = 1_000;

async function play({ port, seconds, streams }: PacedRound): Promise<PacedResult> {
  const began = performance.now() + preparingMs;
  const played = await Promise.all(streams.map((stream) => playStream(port, seconds, stream, began)));
  return {
    latenciesMs: played.map(({ latenciesMs }) => latenciesMs),
    refused: played.reduce((sum, { refused }) => sum + refused, 0),
  };
}

answerParent(play);
