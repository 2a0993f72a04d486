import { openConnection } from '../intake/connection.ts';
import { answerParent } from '../load-process.ts';

/** The same request so many times over so many kept connections, each sending the next when it was answered. */
export type Repeat = {
  readonly port: number;
  readonly request: string;
  readonly times: number;
  readonly connections: number;
};
export type Repeated = {
  readonly elapsedMs: number;
  readonly latenciesMs: readonly number[];
  readonly statuses: Readonly<Record<number, number>>;
};

async function play({ port, request, times, connections: count }: Repeat): Promise<Repeated> {
  const bytes = Buffer.from(request);
  const connections = await Promise.all(Array.from({ length: count }, () => openConnection(port)));
  const latenciesMs: number[] = [];
  const statuses: Record<number, number> = {};
  let left = times;
  const began = performance.now();
  await Promise.all(
    connections.map(async (connection) => {
      while (left-- > 0) {
        const sentAt = performance.now();
        const status = await connection.exchange(bytes);
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
