/** Every code that an answer may carry, and its HTTP status (spec O4); each has a page in `docs/errors/`. */
export const refusalStatus = {
  VALIDATION_ERROR: 400,
  UNAUTHORIZED: 401,
  FORBIDDEN: 403,
  NOT_FOUND: 404,
  DUPLICATE_ENTRY: 409,
  CONFLICT: 409,
  PAYLOAD_TOO_LARGE: 413,
  RATE_LIMIT: 429,
  INTERNAL_ERROR: 500,
  UPSTREAM_FAILED: 502,
  UNAVAILABLE: 503,
} as const;

export type RefusalCode = keyof typeof refusalStatus;

/** What a feature's verb throws when it must say no; the HTTP door turns it into the one error shape. */
export class Refusal extends Error {
  readonly code: RefusalCode;
  /** What the caller needs to do better next time: fields, a proposal, the id in the way. */
  readonly details: Record<string, unknown> | undefined;

  constructor(code: RefusalCode, message: string, details?: Record<string, unknown>) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.details = details;
  }
}

export const notFound = (what: string): Refusal => new Refusal('NOT_FOUND', `There is no such ${what}.`);
export const invalid = (field: string, message: string): Refusal =>
  new Refusal('VALIDATION_ERROR', message, { fields: [{ field, message }] });
