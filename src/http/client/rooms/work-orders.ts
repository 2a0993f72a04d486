// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { ConsumableMove } from './consumables.ts';

export type ConsumableUse = {
  consumable_id: string;
  quantity: number;
  note?: string | undefined;
  client_ref?: string | undefined;
};
export type NewWorkOrder = {
  kind: 'install' | 'repair' | 'replace' | 'remove' | 'survey';
  customer_id: string;
  subscription_id?: string | undefined;
  technician_id?: string | undefined;
  scheduled_at?: string | undefined;
  notes?: string | undefined;
};
export type WorkOrder = {
  id: string;
  number: string;
  kind: 'install' | 'repair' | 'replace' | 'remove' | 'survey';
  state: 'issued' | 'assigned' | 'picked_up' | 'on_site' | 'installed' | 'verified' | 'failed' | 'cancelled';
  source: 'registration' | 'erpnext' | 'office';
  technician_id: string | null;
  technician_name: string | null;
  customer: {
    id: string;
    code: string;
    name: string;
    phone: string;
    address: string;
    latitude: number | null;
    longitude: number | null;
  };
  subscription: { id: string; username: string; plan: string } | null;
  scheduled_at: string | null;
  notes: string;
  reason: string | null;
  photo_count: number;
  is_masked: boolean;
  issued_at: string;
  assigned_at: string | null;
  installed_at: string | null;
  closed_at: string | null;
  updated_at: string;
};
export type WorkOrderChange = {
  state?:
    | 'issued'
    | 'assigned'
    | 'picked_up'
    | 'on_site'
    | 'installed'
    | 'verified'
    | 'failed'
    | 'cancelled'
    | undefined;
  technician_id?: string | null | undefined;
  scheduled_at?: string | null | undefined;
  notes?: string | undefined;
  reason?: string | undefined;
  note?: string | undefined;
  latitude?: number | undefined;
  longitude?: number | undefined;
  accuracy_m?: number | undefined;
  at?: string | undefined;
  client_ref?: string | undefined;
};
export type WorkOrderDetail = WorkOrder & {
  events: readonly {
    at: string;
    recorded_at: string;
    from_state:
      | 'issued'
      | 'assigned'
      | 'picked_up'
      | 'on_site'
      | 'installed'
      | 'verified'
      | 'failed'
      | 'cancelled'
      | null;
    to_state: 'issued' | 'assigned' | 'picked_up' | 'on_site' | 'installed' | 'verified' | 'failed' | 'cancelled';
    technician_id: string | null;
    by_user: string | null;
    by_whom: 'office' | 'technician' | 'scan' | 'hub';
    latitude: number | null;
    longitude: number | null;
    accuracy_m: number | null;
    distance_m: number | null;
    note: string | null;
  }[];
  photos: readonly WorkOrderPhoto[];
};
export type WorkOrderPage = { data: readonly WorkOrder[]; page: number; page_size: number; total: number };
export type WorkOrderPhoto = {
  id: string;
  type: string;
  bytes: number;
  taken_at: string | null;
  latitude: number | null;
  longitude: number | null;
  uploaded_by: string;
  uploaded_at: string;
};

export type WorkOrdersOperations = {
  'POST /work-orders/{id}/consumables': { params: { id: string }; body: ConsumableUse; answer: ConsumableMove };
  'POST /work-orders': { body: NewWorkOrder; answer: WorkOrderDetail };
  'GET /work-orders': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      state?:
        | 'issued'
        | 'assigned'
        | 'picked_up'
        | 'on_site'
        | 'installed'
        | 'verified'
        | 'failed'
        | 'cancelled'
        | undefined;
      kind?: 'install' | 'repair' | 'replace' | 'remove' | 'survey' | undefined;
      open?: 'true' | 'false' | undefined;
      technician_id?: string | undefined;
      customer_id?: string | undefined;
      subscription_id?: string | undefined;
      scheduled_on?: string | undefined;
      sort?: 'issued_at' | '-issued_at' | 'scheduled_at' | '-scheduled_at' | undefined;
      fields?: string | undefined;
    };
    answer: WorkOrderPage;
  };
  'GET /work-orders/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: WorkOrderDetail };
  'PATCH /work-orders/{id}': { params: { id: string }; body: WorkOrderChange; answer: WorkOrderDetail };
  'POST /work-orders/{id}/photos': {
    params: { id: string };
    query?: {
      taken_at?: string | undefined;
      latitude?: number | null | undefined;
      longitude?: number | null | undefined;
    };
    answer: WorkOrderPhoto;
  };
  'GET /work-orders/{id}/photos/{photo_id}': { params: { id: string; photo_id: string } };
};
