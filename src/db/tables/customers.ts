import type { GeneratedAlways } from 'kysely';
import type { At, BigInteger, Defaulted, DefaultedJson, Maybe, MaybeAt } from '../columns.ts';

/** What a plan may say beyond speed and price (spec C1). */
export type PlanExtraColumns = {
  queue_type: Maybe<string>;
  parent_queue: Maybe<string>;
  dns: DefaultedJson;
  max_connections: Maybe<number>;
  quota_action: Maybe<'isolate' | 'throttle'>;
  throttle_plan_id: Maybe<string>;
};

export type CustomerExtraColumns = {
  reseller_id: Maybe<string>;
  /** Written by the database. */
  reseller_since: GeneratedAlways<Date | null>;
  latitude: Maybe<number>;
  longitude: Maybe<number>;
  /** Sealed. */
  national_id: Maybe<string>;
  /** What an exact search compares. */
  national_id_index: Maybe<Buffer>;
  photo_file: Maybe<string>;
  photo_type: Maybe<string>;
  /** That of the best served line; the database keeps it. */
  status: Defaulted<string>;
  erased_at: MaybeAt;
  is_taxable: Defaulted<boolean>;
};

export type CustomerPositionsTable = {
  id: GeneratedAlways<bigint>;
  tenant_id: string;
  customer_id: string;
  latitude: number;
  longitude: number;
  recorded_by: string;
  recorded_at: At;
};

/** What customers are found by; a trigger writes it. */
export type CustomerTermsTable = { tenant_id: string; term: string; customer_id: string; field: string };

/** How many customers came to a status (or left it, below zero); the sum is how many there are. A trigger writes it. */
export type CustomerTallyTable = {
  id: GeneratedAlways<bigint>;
  tenant_id: string;
  status: string;
  customers: BigInteger;
};

export type CustomerTables = {
  customer_tally: CustomerTallyTable;
  customer_positions: CustomerPositionsTable;
  customer_terms: CustomerTermsTable;
};
