import { AsyncLocalStorage } from 'node:async_hooks';
import { CompiledQuery, type DatabaseConnection, PostgresDialect, PostgresDriver, type PostgresDialectConfig } from 'kysely';

/** What a transaction begins with, in the text of its first message. */
const opening = new AsyncLocalStorage<string>();

/** Transactions that `work` begins send `statement` together with their BEGIN. */
export const openingWith = <T>(statement: string, work: () => Promise<T>): Promise<T> => opening.run(statement, work);

class EagerDriver extends PostgresDriver {
  readonly #opened = new WeakMap<DatabaseConnection, Promise<unknown>>();

  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    const opened = connection.executeQuery(CompiledQuery.raw(`begin;${opening.getStore() ?? ''}`));
    // Told at the commit; until then whatever comes behind a failed BEGIN fails as well.
    opened.catch(() => undefined);
    this.#opened.set(connection, opened);
  }

  override async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await this.#opened.get(connection);
    await super.commitTransaction(connection);
  }
}

/**
 * PostgreSQL whose transactions do not wait for the answer to their BEGIN: the first statement travels right behind it.
 * The pool's clients must pipeline.
 */
export class EagerDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig;

  constructor(config: PostgresDialectConfig) {
    super(config);
    this.#config = config;
  }

  override createDriver(): PostgresDriver {
    return new EagerDriver(this.#config);
  }
}
