// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Customer = {
  id: string;
  customer_code: string;
  name: string;
  phone: string;
  address: string;
  email: string | null;
  notes: string;
  latitude: number | null;
  longitude: number | null;
  national_id: string | null;
  has_photo: boolean;
  is_masked: boolean;
  status: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
  service_plan_id: string | null;
  reseller_id: string | null;
  erp_customer: string | null;
  subscription: {
    id: string;
    service_plan_id: string;
    username: string;
    state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
    billing_mode: 'prepaid' | 'postpaid';
    due_date: number;
    next_due_date: string;
    monthly_fee: number;
    mac: string | null;
    router_id: string | null;
    erp_subscription: string | null;
  } | null;
  created_at: string;
  updated_at: string;
};
export type CustomerChange = {
  name?: string | undefined;
  phone?: string | undefined;
  address?: string | undefined;
  email?: string | null | undefined;
  notes?: string | undefined;
  latitude?: number | null | undefined;
  longitude?: number | null | undefined;
  national_id?: string | null | undefined;
  due_date?: number | undefined;
  reseller_id?: string | null | undefined;
};
export type CustomerDetail = Customer & {
  subscriptions: readonly {
    id: string;
    service_plan_id: string;
    username: string;
    state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
    billing_mode: 'prepaid' | 'postpaid';
    due_date: number;
    next_due_date: string;
    monthly_fee: number;
    mac: string | null;
    router_id: string | null;
    erp_subscription: string | null;
  }[];
};
export type CustomerHistory = {
  subscriptions: readonly {
    subscription_id: string;
    username: string;
    changes: readonly {
      at: string;
      kind: string;
      state: string | null;
      was: string | null;
      text: string;
      by: string | null;
      cause: string | null;
      correlation_id: string;
    }[];
  }[];
  positions: readonly { latitude: number; longitude: number; recorded_by: string; recorded_at: string }[];
};
export type CustomerPage = {
  data: readonly Customer[];
  page: number;
  page_size: number;
  total: number;
  next_cursor: string | null;
};
export type CustomerStatistics = { total: number; by_status: Readonly<Record<string, number>> };
export type NewCustomer = {
  service_plan_id: string;
  billing_mode?: 'prepaid' | 'postpaid' | undefined;
  due_date?: number | undefined;
  username?: string | undefined;
  password?: string | undefined;
  erp_subscription?: string | undefined;
  router_id?: string | undefined;
  mac?: string | undefined;
  name: string;
  phone: string;
  address: string;
  email?: string | null | undefined;
  notes?: string | undefined;
  national_id?: string | null | undefined;
  latitude?: number | null | undefined;
  longitude?: number | null | undefined;
  reseller_id?: string | null | undefined;
  erp_customer?: string | undefined;
};
export type NewSubscription = {
  service_plan_id: string;
  billing_mode?: 'prepaid' | 'postpaid' | undefined;
  due_date?: number | undefined;
  username?: string | undefined;
  password?: string | undefined;
  erp_subscription?: string | undefined;
  router_id?: string | undefined;
  mac?: string | undefined;
};
export type PersonalData = Readonly<Record<string, unknown>>;
export type RegisteredCustomer = Customer & { subscription?: RegisteredSubscription | undefined };
export type RegisteredSubscription = {
  id: string;
  service_plan_id: string;
  username: string;
  state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
  billing_mode: 'prepaid' | 'postpaid';
  due_date: number;
  next_due_date: string;
  monthly_fee: number;
  mac: string | null;
  router_id: string | null;
  erp_subscription: string | null;
  password: string;
};
export type RevealAsk = { field: 'national_id' | 'phone' };
export type Revealed = { field: 'national_id' | 'phone'; value: string };
export type Statement = {
  customer: { id: string; code: string; name: string };
  from: string | null;
  to: string | null;
  opening: number;
  entries: readonly {
    on: string;
    kind: string;
    document: string | null;
    source_id: string | null;
    amount: number;
    balance: number;
    on_its_way: boolean;
  }[];
  closing: number;
};

export type CustomersOperations = {
  'GET /customers': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      status?: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated' | undefined;
      service_plan_id?: string | undefined;
      reseller_id?: string | undefined;
      national_id?: string | undefined;
      sort?: 'name' | '-name' | 'customer_code' | '-customer_code' | 'created_at' | '-created_at' | undefined;
      cursor?: string | undefined;
      fields?: string | undefined;
    };
    answer: CustomerPage;
  };
  'POST /customers': { body: NewCustomer; answer: RegisteredCustomer };
  'GET /customers/statistics': { query?: { fields?: string | undefined }; answer: CustomerStatistics };
  'GET /customers/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: CustomerDetail };
  'PATCH /customers/{id}': { params: { id: string }; body: CustomerChange; answer: Customer };
  'DELETE /customers/{id}': { params: { id: string } };
  'GET /customers/{id}/history': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: CustomerHistory;
  };
  'POST /customers/{id}/subscriptions': {
    params: { id: string };
    body: NewSubscription;
    answer: RegisteredSubscription;
  };
  'POST /customers/{id}/reveal': { params: { id: string }; body: RevealAsk; answer: Revealed };
  'GET /customers/{id}/export': { params: { id: string }; answer: PersonalData };
  'POST /customers/{id}/erase': { params: { id: string } };
  'PUT /customers/{id}/photo': { params: { id: string } };
  'GET /customers/{id}/photo': { params: { id: string } };
  'DELETE /customers/{id}/photo': { params: { id: string } };
  'GET /customers/{id}/statement': {
    params: { id: string };
    query?: { from?: string | undefined; to?: string | undefined; fields?: string | undefined };
    answer: Statement;
  };
  'GET /customers/{id}/statement/pdf': {
    params: { id: string };
    query?: { from?: string | undefined; to?: string | undefined; language?: 'id' | 'en' | undefined };
  };
};
