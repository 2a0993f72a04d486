import { AsyncLocalStorage } from 'node:async_hooks';

const current = new AsyncLocalStorage<string>();

/** Runs `work`, whose transactions as a person or key see and write the rows of this reseller alone (spec S1). */
export const underReseller = <T>(resellerId: string, work: () => Promise<T>): Promise<T> =>
  current.run(resellerId, work);

/** Null: whoever asks is nobody's reseller. */
export const scopedReseller = (): string | null => current.getStore() ?? null;
