export type EmbeddedPostgresFault =
  | 'no_binaries'
  | 'wrong_major'
  | 'unusable_folder'
  | 'lost_cluster'
  | 'lost_passwords'
  | 'not_started'
  | 'not_stopped';

/** Why the embedded PostgreSQL cannot serve; the message says what the operator can do. */
export class EmbeddedPostgresError extends Error {
  readonly fault: EmbeddedPostgresFault;

  constructor(fault: EmbeddedPostgresFault, message: string) {
    super(message);
    this.name = 'EmbeddedPostgresError';
    this.fault = fault;
  }
}
