/** One round of logins: every one of them another Access-Request by PAP, so many of them in flight at a time. */
export type LoginRound = {
  readonly port: number;
  /** Of the router that asks: its packets come from there. */
  readonly address: string;
  readonly secret: string;
  readonly users: readonly string[];
  readonly password: string;
  readonly logins: number;
  readonly inFlight: number;
};

export type LoginResult = {
  readonly elapsedMs: number;
  readonly latenciesMs: readonly number[];
  readonly accepted: number;
  readonly rejected: number;
  /** Not answered within three seconds. */
  readonly lost: number;
};
