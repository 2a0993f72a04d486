// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type NewServicePlan = {
  name: string;
  description?: string | undefined;
  speed_download: number;
  speed_upload: number;
  price: number;
  billing_cycle?: 'monthly' | undefined;
  features?: readonly string[] | undefined;
  erp_item?: string | null | undefined;
  burst_download?: number | null | undefined;
  burst_upload?: number | null | undefined;
  burst_threshold_download?: number | null | undefined;
  burst_threshold_upload?: number | null | undefined;
  burst_time?: number | null | undefined;
  priority?: number | null | undefined;
  address_pool?: string | null | undefined;
  queue_type?: string | null | undefined;
  parent_queue?: string | null | undefined;
  dns?: readonly (string | string)[] | undefined;
  max_connections?: number | null | undefined;
  quota_gb?: number | null | undefined;
  quota_action?: 'isolate' | 'throttle' | null | undefined;
  throttle_plan_id?: string | null | undefined;
  is_active?: boolean | undefined;
};
export type ServicePlan = {
  id: string;
  key: string;
  name: string;
  description: string;
  speed_download: number;
  speed_upload: number;
  price: number;
  billing_cycle: 'monthly';
  features: readonly string[];
  erp_item: string | null;
  burst_download: number | null;
  burst_upload: number | null;
  burst_threshold_download: number | null;
  burst_threshold_upload: number | null;
  burst_time: number | null;
  priority: number | null;
  address_pool: string | null;
  queue_type: string | null;
  parent_queue: string | null;
  dns: readonly (string | string)[];
  max_connections: number | null;
  quota_gb: number | null;
  quota_action: 'isolate' | 'throttle' | null;
  throttle_plan_id: string | null;
  is_active: boolean;
  created_at: string;
  updated_at: string;
};
export type ServicePlanChange = {
  name?: string | undefined;
  description?: string | undefined;
  speed_download?: number | undefined;
  speed_upload?: number | undefined;
  price?: number | undefined;
  billing_cycle?: 'monthly' | undefined;
  features?: readonly string[] | undefined;
  erp_item?: string | null | undefined;
  burst_download?: number | null | undefined;
  burst_upload?: number | null | undefined;
  burst_threshold_download?: number | null | undefined;
  burst_threshold_upload?: number | null | undefined;
  burst_time?: number | null | undefined;
  priority?: number | null | undefined;
  address_pool?: string | null | undefined;
  queue_type?: string | null | undefined;
  parent_queue?: string | null | undefined;
  dns?: readonly (string | string)[] | undefined;
  max_connections?: number | null | undefined;
  quota_gb?: number | null | undefined;
  quota_action?: 'isolate' | 'throttle' | null | undefined;
  throttle_plan_id?: string | null | undefined;
  is_active?: boolean | undefined;
};

export type ServicePlansOperations = {
  'POST /service-plans': { body: NewServicePlan; answer: ServicePlan };
  'GET /service-plans': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      is_active?: 'true' | 'false' | 'all' | undefined;
      sort?: 'name' | '-name' | 'price' | '-price' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: { data: readonly ServicePlan[]; page: number; page_size: number; total: number };
  };
  'GET /service-plans/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: ServicePlan };
  'PATCH /service-plans/{id}': { params: { id: string }; body: ServicePlanChange; answer: ServicePlan };
  'DELETE /service-plans/{id}': { params: { id: string } };
};
