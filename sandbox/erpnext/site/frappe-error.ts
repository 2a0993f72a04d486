/** A refusal in Frappe's own terms. `said` is what `_server_messages` shows; plain Python errors carry none. */
export class FrappeError extends Error {
  readonly status: number;
  readonly excType: string;
  readonly said: boolean;

  constructor(status: number, excType: string, message: string, said = true) {
    super(message);
    this.status = status;
    this.excType = excType;
    this.said = said;
  }
}

export const invalid = (message: string, excType = 'ValidationError'): FrappeError =>
  new FrappeError(417, excType, message);

export const notFound = (doctype: string, name: string): FrappeError =>
  new FrappeError(404, 'DoesNotExistError', `${doctype} ${name} not found`);

/** An uncaught Python error on the server's side: status 500 without a message for the user. */
export const crashed = (excType: string, message: string): FrappeError => new FrappeError(500, excType, message, false);
