/** One round of load: so many deliveries over so many kept connections, each sending the next when it was answered. */
export type Round = {
  readonly port: number;
  readonly path: string;
  readonly secret: string;
  readonly series: string;
  readonly requests: number;
  readonly connections: number;
};

export type RoundResult = {
  readonly elapsedMs: number;
  readonly latenciesMs: readonly number[];
  readonly statuses: Readonly<Record<number, number>>;
};
