import type { CompiledQuery, DatabaseConnection, Driver, QueryResult } from 'kysely';
import { isServerAnswer } from './failure.ts';

/** One connection of either server's own client. */
export type Link = {
  run(statement: string, parameters: readonly unknown[]): Promise<readonly unknown[]>;
  /** Back to the pool, or closed for good. */
  release(close: boolean): void;
};

export type LinkPool = { acquire(): Promise<Link>; end(): Promise<void> };

/**
 * A connection on which an answer that never came, or any fault of the line, is final: what follows fails at once, and
 * it is closed on release. A ROLLBACK that merely timed out would else leave an open transaction to the next user.
 */
class GuardedConnection implements DatabaseConnection {
  readonly #link: Link;
  #fault: unknown = null;

  constructor(link: Link) {
    this.#link = link;
  }

  async run(statement: string, parameters: readonly unknown[] = []): Promise<readonly unknown[]> {
    if (this.#fault) throw this.#fault;
    try {
      return await this.#link.run(statement, parameters);
    } catch (error) {
      if (!isServerAnswer(error)) this.#fault = error;
      throw error;
    }
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    return { rows: (await this.run(query.sql, query.parameters)) as R[] };
  }

  streamQuery(): never {
    throw new Error('the RADIUS repository does not stream');
  }

  release(): void {
    this.#link.release(this.#fault !== null);
  }
}

/** Kysely's driver for both servers; Kysely's own cannot close a connection that is out of step. */
export class GuardedDriver implements Driver {
  readonly #pool: LinkPool;

  constructor(pool: LinkPool) {
    this.#pool = pool;
  }

  async init(): Promise<void> {
    // The pool connects when first asked.
  }

  async acquireConnection(): Promise<GuardedConnection> {
    return new GuardedConnection(await this.#pool.acquire());
  }

  async beginTransaction(connection: GuardedConnection): Promise<void> {
    await connection.run('begin');
  }

  async commitTransaction(connection: GuardedConnection): Promise<void> {
    await connection.run('commit');
  }

  /** A connection that is gone has rolled back by itself: the fault that led here is what the caller must see. */
  async rollbackTransaction(connection: GuardedConnection): Promise<void> {
    await connection.run('rollback').catch((fault: unknown) => {
      if (isServerAnswer(fault)) throw fault;
    });
  }

  async releaseConnection(connection: GuardedConnection): Promise<void> {
    connection.release();
  }

  async destroy(): Promise<void> {
    await this.#pool.end();
  }
}
