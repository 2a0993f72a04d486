import type { Generated, GeneratedAlways } from 'kysely';
import type { RequestKind, RequestState } from '#domain/reseller-request.ts';
import type { At, Defaulted, Maybe } from '../columns.ts';

export type ResellerRequestsTable = {
  tenant_id: string;
  id: Generated<string>;
  reseller_id: string;
  customer_id: Maybe<string>;
  kind: RequestKind;
  state: Defaulted<RequestState>;
  opened_by: string;
  created_at: At;
  updated_at: At;
};
export type ResellerRequestMessagesTable = {
  tenant_id: string;
  id: Generated<string>;
  no: GeneratedAlways<bigint>;
  request_id: string;
  reseller_id: string;
  by_provider: boolean;
  author_id: string;
  author: string;
  text: string;
  created_at: At;
};
export type ResellerImportsTable = {
  tenant_id: string;
  id: Generated<string>;
  reseller_id: string;
  digest: Buffer;
  customers: number;
  imported_by: string;
  imported_at: At;
};

/** A reseller's counter: what it asks of the provider, and what it brought in. */
export type ResellerDeskTables = {
  reseller_requests: ResellerRequestsTable;
  reseller_request_messages: ResellerRequestMessagesTable;
  reseller_imports: ResellerImportsTable;
};
