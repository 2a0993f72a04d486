import { type ChargeMethod, chargeMethods } from '#domain/charge.ts';

/** What an account takes: the means that its settings name. */
export const methodsOf = (means: Readonly<Record<ChargeMethod, string | null | undefined>>): readonly ChargeMethod[] =>
  chargeMethods.filter((method) => means[method]);
