import type { CompiledQuery, DatabaseConnection, QueryResult } from 'kysely';
import pg from 'pg';
import { gather } from '#db/gather.ts';
import type { StatementNames } from '#db/statement-names.ts';

/** What comes after a statement that failed is answered with this, and not with what went wrong. */
const isAborted = (error: unknown): boolean => error instanceof Error && 'code' in error && error.code === '25P02';

type Statement = { readonly text: string; readonly name: string | null; readonly values: unknown[] };

/**
 * As `client.query({ text, name, values })`, which copies what it is given property by property, at a cost that can be seen
 * where a statement takes a tenth of a millisecond.
 */
async function send(client: pg.PoolClient, { text, name, values }: Statement): Promise<pg.QueryResult> {
  const answered = new Promise<pg.QueryResult>((resolve, reject) => {
    const query = new pg.Query(text, values, (error, result) => (error ? reject(error) : resolve(result)));
    client.query(name === null ? query : Object.assign(query, { name }));
  });
  try {
    return await answered;
  } catch (error) {
    // Leads back to whoever sent it, and not to the socket that the answer came from.
    if (error instanceof Error) Error.captureStackTrace(error);
    throw error;
  }
}

const writing = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * A connection for as long as one transaction lasts. Statements go out as they come, without waiting for each other's
 * answers, and run in that order; what comes after the end is refused, since the connection is somebody else's by then,
 * perhaps another tenant's.
 */
export class LentConnection implements DatabaseConnection {
  readonly #client: pg.PoolClient;
  readonly #nameOf: StatementNames;
  #left: number;
  #fault: unknown = null;

  /** `most`: how many statements may come. */
  constructor(client: pg.PoolClient, nameOf: StatementNames, most = Number.POSITIVE_INFINITY) {
    this.#client = client;
    this.#nameOf = nameOf;
    this.#left = most;
  }

  async executeQuery<R>({ sql: text, parameters }: CompiledQuery): Promise<QueryResult<R>> {
    if (this.#left <= 0) throw new Error('This transaction has ended, or was for one statement only.');
    this.#left -= 1;
    const name = this.#nameOf(text, parameters.length);
    gather(this.#client);
    const { command, rowCount, rows } = await send(this.#client, { text, name, values: [...parameters] }).catch(
      (error: unknown) => {
        // Of statements that were sent together whoever waits for any is told of the one that failed: some may run again.
        this.#fault ??= error;
        throw isAborted(error) ? this.#fault : error;
      },
    );
    return writing.has(command) ? { numAffectedRows: BigInt(rowCount ?? 0), rows } : { rows };
  }

  streamQuery(): never {
    throw new Error('The bridge does not stream.');
  }

  /** Why it was aborted; null: it was not. */
  get fault(): unknown {
    return this.#fault;
  }

  end(): void {
    this.#left = 0;
  }
}
