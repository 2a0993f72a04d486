/** A stretch of the way from the ledger's word to the new session, between two columns of `enforcements`. */
export type Step = { readonly name: string; readonly from: string; readonly to: string };

/** The order in which they are shown; the last two are whole ways. */
export const steps = [
  { name: 'webhook_to_decision', from: 'received_at', to: 'decided_at' },
  { name: 'decision_to_rows', from: 'decided_at', to: 'rows_at' },
  { name: 'rows_to_ack', from: 'rows_at', to: 'acked_at' },
  { name: 'ack_to_session', from: 'acked_at', to: 'session_at' },
  { name: 'webhook_to_ack', from: 'received_at', to: 'acked_at' },
  { name: 'webhook_to_session', from: 'received_at', to: 'session_at' },
] as const satisfies readonly Step[];

export const stepNames = steps.map(({ name }) => name) as [StepName, ...StepName[]];
export type StepName = (typeof steps)[number]['name'];

/** Upper bounds of the histogram's buckets, in ms; what took longer is in the last. */
export const boundsMs = [
  10, 25, 50, 100, 250, 500, 1_000, 2_500, 5_000, 15_000, 60_000, 300_000, 2_147_483_647,
] as const;
