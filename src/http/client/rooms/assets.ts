// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type AddedAssets = { data: readonly Asset[] };
export type Asset = {
  id: string;
  tracker: 'builtin' | 'inventree';
  tracker_ref: string;
  part: string;
  serial: string | null;
  mac: string | null;
  gpon_sn: string | null;
  barcode: string | null;
  state: 'in_stock' | 'in_transit' | 'installed' | 'returned' | 'damaged' | 'lost';
  status: string;
  place: string;
  technician_id: string | null;
  customer_id: string | null;
  subscription_id: string | null;
  note: string;
  gone_at: string | null;
  created_at: string;
  updated_at: string;
};
export type AssetChange = {
  mac?: string | null | undefined;
  gpon_sn?: string | null | undefined;
  barcode?: string | null | undefined;
  note?: string | undefined;
};
export type AssetMarking = { condition: 'ok' | 'damaged' | 'lost'; note?: string | undefined };
export type AssetMovePage = {
  data: readonly {
    id: string;
    happened_at: string;
    kind: string;
    from_state: 'in_stock' | 'in_transit' | 'installed' | 'returned' | 'damaged' | 'lost' | null;
    to_state: 'in_stock' | 'in_transit' | 'installed' | 'returned' | 'damaged' | 'lost';
    from_place: string;
    to_place: string;
    technician_id: string | null;
    customer_id: string | null;
    subscription_id: string | null;
    moved_by: string | null;
    moved_by_name: string;
    operation_id: string | null;
    note: string;
  }[];
  page: number;
  page_size: number;
  total: number;
};
export type AssetPage = { data: readonly Asset[]; page: number; page_size: number; total: number };
export type ImportedAssets = {
  lines: number;
  added: number;
  bad: readonly { line: number; field: string; message: string }[];
};
export type NewAssets = {
  part: string;
  units: readonly {
    serial: string;
    mac?: string | null | undefined;
    gpon_sn?: string | null | undefined;
    barcode?: string | null | undefined;
  }[];
};

export type AssetsOperations = {
  'POST /assets': { body: NewAssets; answer: AddedAssets };
  'GET /assets': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      state?: 'in_stock' | 'in_transit' | 'installed' | 'returned' | 'damaged' | 'lost' | undefined;
      technician_id?: string | undefined;
      customer_id?: string | undefined;
      subscription_id?: string | undefined;
      gone?: 'true' | 'false' | undefined;
      sort?: 'created_at' | '-created_at' | 'updated_at' | '-updated_at' | 'part' | '-part' | undefined;
      fields?: string | undefined;
    };
    answer: AssetPage;
  };
  'POST /assets/import': {
    query?: { part?: string | undefined; preview?: 'true' | 'false' | undefined };
    answer: ImportedAssets;
  };
  'GET /assets/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Asset };
  'PATCH /assets/{id}': { params: { id: string }; body: AssetChange; answer: Asset };
  'GET /assets/{id}/moves': {
    params: { id: string };
    query?: { page?: number | undefined; page_size?: number | undefined; fields?: string | undefined };
    answer: AssetMovePage;
  };
  'POST /assets/{id}/mark': { params: { id: string }; body: AssetMarking; answer: Asset };
};
