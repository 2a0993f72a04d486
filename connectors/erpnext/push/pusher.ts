import type { ErpnextMapping } from '../mapping.ts';
import type { ListParts } from '../open-rows.ts';

/** What documents are pushed with. */
export type Pusher = ListParts & {
  readonly mapping: ErpnextMapping;
  /** Minor units as ERPNext's JSON carries them; exact up to 2^53. */
  readonly amount: (minor: bigint) => number;
  /** The other way round, of a field as it was read; null: it is none. */
  readonly minor: (field: unknown) => bigint | null;
};
