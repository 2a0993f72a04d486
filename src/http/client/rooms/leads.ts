// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type ConvertedLead = {
  lead: Lead;
  customer_id: string;
  customer_code: string;
  subscription: { id: string; username: string; password: string };
};
export type Lead = {
  id: string;
  name: string;
  phone: string;
  address: string;
  email: string | null;
  latitude: number | null;
  longitude: number | null;
  service_plan_id: string | null;
  billing_mode: 'prepaid' | 'postpaid' | null;
  notes: string;
  state: 'new' | 'covered' | 'not_covered' | 'converted' | 'lost';
  lost_reason: string | null;
  coverage_area_id: string | null;
  checked_at: string | null;
  reseller_id: string | null;
  customer_id: string | null;
  converted_at: string | null;
  is_masked: boolean;
  created_at: string;
  updated_at: string;
};
export type LeadChange = {
  name?: string | undefined;
  phone?: string | undefined;
  address?: string | undefined;
  email?: string | null | undefined;
  latitude?: number | null | undefined;
  longitude?: number | null | undefined;
  service_plan_id?: string | null | undefined;
  billing_mode?: 'prepaid' | 'postpaid' | null | undefined;
  notes?: string | undefined;
  state?: 'new' | 'lost' | undefined;
  lost_reason?: string | null | undefined;
};
export type LeadConversion = {
  service_plan_id?: string | undefined;
  billing_mode?: 'prepaid' | 'postpaid' | undefined;
  due_date?: number | undefined;
  username?: string | undefined;
  password?: string | undefined;
  router_id?: string | undefined;
  mac?: string | undefined;
  national_id?: string | undefined;
  force?: boolean | undefined;
  reason?: string | undefined;
};
export type LeadPage = { data: readonly Lead[]; page: number; page_size: number; total: number };
export type NewLead = {
  name: string;
  phone: string;
  address: string;
  email?: string | null | undefined;
  latitude?: number | null | undefined;
  longitude?: number | null | undefined;
  service_plan_id?: string | null | undefined;
  billing_mode?: 'prepaid' | 'postpaid' | null | undefined;
  notes?: string | undefined;
};

export type LeadsOperations = {
  'POST /leads': { body: NewLead; answer: Lead };
  'GET /leads': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      state?: 'new' | 'covered' | 'not_covered' | 'converted' | 'lost' | undefined;
      service_plan_id?: string | undefined;
      sort?: 'created_at' | '-created_at' | 'name' | '-name' | undefined;
      fields?: string | undefined;
    };
    answer: LeadPage;
  };
  'GET /leads/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: Lead };
  'PATCH /leads/{id}': { params: { id: string }; body: LeadChange; answer: Lead };
  'POST /leads/{id}/check': { params: { id: string }; answer: Lead };
  'POST /leads/{id}/convert': { params: { id: string }; body: LeadConversion; answer: ConvertedLead };
};
