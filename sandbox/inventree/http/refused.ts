/** Ends a request with an answer that is no success. */
export class Refused extends Error {
  readonly status: number;
  readonly body: unknown;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, body: unknown, headers: Readonly<Record<string, string>> = {}) {
    super(`${status}: ${JSON.stringify(body)}`);
    this.status = status;
    this.body = body;
    this.headers = headers;
  }
}

export const detail = (
  status: number,
  text: string,
  headers: Readonly<Record<string, string>> = {},
  more: object = {},
): Refused => new Refused(status, { detail: text, ...more }, headers);

export const noSuch = (model: string): Refused => detail(404, `No ${model} matches the given query.`);

export const notAllowed = (): Refused => detail(403, 'You do not have permission to perform this action.');

export const invalidPk = (value: unknown): string => `Invalid pk "${value}" - object does not exist.`;

export const required = 'This field is required.';
