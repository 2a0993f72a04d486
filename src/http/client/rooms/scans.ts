// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type NewScan = {
  kind: 'hand_over' | 'pick_up' | 'install' | 'return';
  code: string;
  client_ref: string;
  scanned_at: string;
  technician_id?: string | undefined;
  work_order_id?: string | undefined;
  subscription_id?: string | undefined;
  replaces?: string | undefined;
  condition?: 'ok' | 'damaged' | 'lost' | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
};
export type Scan = {
  id: string;
  kind: 'hand_over' | 'pick_up' | 'install' | 'return';
  code: string;
  client_ref: string;
  scanned_at: string;
  received_at: string;
  scanned_by: string;
  status: 'running' | 'done' | 'refused' | 'held';
  problem: { code: string; text: string } | null;
  asset: ScannedUnit;
  replaced: ScannedUnit;
  subscription: { id: string; username: string; customer_code: string; customer_name: string } | null;
  technician: { id: string; name: string } | null;
  work_order_id: string | null;
  condition: 'ok' | 'damaged' | 'lost' | null;
  steps: readonly ScanStep[];
};
export type ScanPage = { data: readonly Scan[]; page: number; page_size: number; total: number };
export type ScanStep = {
  name: string;
  state: 'waiting' | 'done' | 'skipped' | 'refused' | 'held';
  detail: string;
  at: string | null;
};
export type ScannedUnit = {
  id: string;
  part: string;
  serial: string | null;
  mac: string | null;
  gpon_sn: string | null;
  state: 'in_stock' | 'in_transit' | 'installed' | 'returned' | 'damaged' | 'lost';
  place: string;
} | null;

export type ScansOperations = {
  'POST /scans': { body: NewScan; answer: Scan };
  'GET /scans': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      state?: 'running' | 'done' | 'refused' | 'held' | undefined;
      kind?: 'hand_over' | 'pick_up' | 'install' | 'return' | undefined;
      asset_id?: string | undefined;
      subscription_id?: string | undefined;
      work_order_id?: string | undefined;
      technician_id?: string | undefined;
      fields?: string | undefined;
    };
    answer: ScanPage;
  };
  'GET /scans/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Scan };
  'POST /scans/{id}/retry': { params: { id: string }; answer: Scan };
  'POST /scans/{id}/cancel': { params: { id: string }; answer: Scan };
};
