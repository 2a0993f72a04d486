import type { Generated } from 'kysely';
import type { At, Defaulted, Maybe } from '../columns.ts';

export type IdempotencyKeysTable = {
  id: Generated<string>;
  tenant_id: Maybe<string>;
  actor_id: string;
  key: string;
  /** Method and path, for whoever looks. */
  request: string;
  /** SHA-256 over method, path, query and body. */
  fingerprint: Buffer;
  state: Defaulted<'running' | 'done' | 'answered'>;
  holder: string;
  locked_until: Date;
  status: Maybe<number>;
  /** Sealed: it may hold a password. */
  answer: Maybe<string>;
  correlation_id: string;
  created_at: At;
  expires_at: Date;
};

export type IdempotencyTables = { idempotency_keys: IdempotencyKeysTable };
