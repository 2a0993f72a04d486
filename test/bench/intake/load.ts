import { answerParent } from '../load-process.ts';
import { openConnection } from './connection.ts';
import { deliveries } from './deliveries.ts';
import type { Round, RoundResult } from './round.ts';

/** The load generator's process: plays each round that its parent sends, and answers what it saw. */
async function play(round: Round): Promise<RoundResult> {
  const requests = deliveries(round.path, round.secret, round.series, round.requests);
  const connections = await Promise.all(Array.from({ length: round.connections }, () => openConnection(round.port)));
  const latenciesMs: number[] = [];
  const statuses: Record<number, number> = {};
  let next = 0;
  const began = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      for (let request = requests[next++]; request; request = requests[next++]) {
        const sentAt = performance.now();
        const status = await connection.exchange(request);
        latenciesMs.push(performance.now() - sentAt);
        statuses[status] = (statuses[status] ?? 0) + 1;
      }
    }),
  );
  const elapsedMs = performance.now() - began;
  for (const connection of connections) connection.close();
  return { elapsedMs, latenciesMs, statuses };
}

answerParent(play);
