// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Consumable = {
  id: string;
  name: string;
  kind: 'cable' | 'router' | 'switch' | 'antenna' | 'connector' | 'tool' | 'other';
  unit: string;
  place: string;
  technician_id: string | null;
  quantity: number;
  minimum: number;
  is_low: boolean;
  created_at: string;
  updated_at: string;
};
export type ConsumableChange = {
  name?: string | undefined;
  kind?: 'cable' | 'router' | 'switch' | 'antenna' | 'connector' | 'tool' | 'other' | undefined;
  unit?: string | undefined;
  place?: string | undefined;
  minimum?: number | undefined;
};
export type ConsumableMove = {
  id: string;
  consumable_id: string;
  kind: 'in' | 'out' | 'use' | 'transfer';
  quantity: number;
  after: number;
  to_consumable_id: string | null;
  order_id: string | null;
  note: string;
  moved_by: string;
  at: string;
};
export type ConsumableMovePage = { data: readonly ConsumableMove[]; page: number; page_size: number; total: number };
export type ConsumablePage = { data: readonly Consumable[]; page: number; page_size: number; total: number };
export type NewConsumable = {
  name: string;
  kind: 'cable' | 'router' | 'switch' | 'antenna' | 'connector' | 'tool' | 'other';
  unit: string;
  place?: string | undefined;
  minimum?: number | undefined;
  quantity: number;
};
export type NewConsumableMove = {
  kind: 'in' | 'out' | 'use' | 'transfer';
  quantity: number;
  order_id?: string | undefined;
  technician_id?: string | undefined;
  place?: string | undefined;
  note?: string | undefined;
  client_ref?: string | undefined;
};

export type ConsumablesOperations = {
  'POST /consumables': { body: NewConsumable; answer: Consumable };
  'GET /consumables': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      kind?: 'cable' | 'router' | 'switch' | 'antenna' | 'connector' | 'tool' | 'other' | undefined;
      place?: string | undefined;
      technician_id?: string | undefined;
      is_low?: 'true' | 'false' | undefined;
      sort?: 'name' | '-name' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: ConsumablePage;
  };
  'GET /consumables/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Consumable };
  'PATCH /consumables/{id}': { params: { id: string }; body: ConsumableChange; answer: Consumable };
  'DELETE /consumables/{id}': { params: { id: string } };
  'POST /consumables/{id}/moves': { params: { id: string }; body: NewConsumableMove; answer: ConsumableMove };
  'GET /consumables/{id}/moves': {
    params: { id: string };
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      kind?: 'in' | 'out' | 'use' | 'transfer' | undefined;
      fields?: string | undefined;
    };
    answer: ConsumableMovePage;
  };
};
