import 'vitest';

declare module 'vitest' {
  /** What `inject(...)` answers in `*.db.test.ts`, `*.live.test.ts` and `*.browser.test.ts`: superuser URLs of this run's servers. */
  export interface ProvidedContext {
    /** `postgres://postgres@127.0.0.1:PORT/postgres` */
    postgresUrl: string;
    /** `mysql://root@127.0.0.1:PORT/` */
    mariadbUrl: string;
    /** `redis://127.0.0.1:PORT` */
    redisUrl: string;
  }
}
