/** What one tenant's ERPNext sends, evenly over the round, whether or not the answers keep up. */
export type Stream = {
  readonly path: string;
  readonly secret: string;
  /** No two streams and rounds have the same. */
  readonly series: string;
  readonly perSecond: number;
};

export type PacedRound = { readonly port: number; readonly seconds: number; readonly streams: readonly Stream[] };

/** By stream: from the moment at which a delivery was due to its answer. */
export type PacedResult = { readonly latenciesMs: readonly (readonly number[])[]; readonly refused: number };
