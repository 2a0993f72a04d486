import type { Duplex } from 'node:stream';
import type pg from 'pg';

const gathering = new WeakSet<Duplex>();

/**
 * Holds back what is written to a connection until whatever is under way just now has written its share: statements that
 * are begun together go out as one message, and wake the server once.
 */
export function gather({ connection: { stream } }: pg.PoolClient): void {
  if (gathering.has(stream)) return;
  gathering.add(stream);
  stream.cork();
  // Runs when no promise is left that could go on by itself.
  process.nextTick(() => {
    gathering.delete(stream);
    stream.uncork();
  });
}
