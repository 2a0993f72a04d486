// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { RegisteredCustomer } from './customers.ts';

export type ImportedCustomers = {
  preview: boolean;
  imported_before: boolean;
  good: number;
  bad: number;
  rows: readonly {
    row: number;
    name: string;
    phone: string;
    plan: string;
    errors: readonly {
      column:
        | 'name'
        | 'phone'
        | 'address'
        | 'plan'
        | 'username'
        | 'password'
        | 'mac'
        | 'due_day'
        | 'latitude'
        | 'longitude'
        | 'national_id'
        | 'email';
      code:
        | 'missing'
        | 'too_long'
        | 'scientific'
        | 'phone_bad'
        | 'zero_restored'
        | 'plan_unknown'
        | 'username_bad'
        | 'username_taken'
        | 'password_bad'
        | 'mac_bad'
        | 'mac_taken'
        | 'due_day_bad'
        | 'position_bad'
        | 'position_half'
        | 'national_id_bad'
        | 'email_bad'
        | 'twin_in_file'
        | 'twin_there'
        | 'refused';
      message: string;
    }[];
    warnings: readonly {
      column:
        | 'name'
        | 'phone'
        | 'address'
        | 'plan'
        | 'username'
        | 'password'
        | 'mac'
        | 'due_day'
        | 'latitude'
        | 'longitude'
        | 'national_id'
        | 'email';
      code:
        | 'missing'
        | 'too_long'
        | 'scientific'
        | 'phone_bad'
        | 'zero_restored'
        | 'plan_unknown'
        | 'username_bad'
        | 'username_taken'
        | 'password_bad'
        | 'mac_bad'
        | 'mac_taken'
        | 'due_day_bad'
        | 'position_bad'
        | 'position_half'
        | 'national_id_bad'
        | 'email_bad'
        | 'twin_in_file'
        | 'twin_there'
        | 'refused';
      message: string;
    }[];
  }[];
  customers: readonly {
    row: number;
    customer_id: string;
    customer_code: string;
    name: string;
    username: string;
    password: string;
  }[];
};
export type NewSubCustomer = {
  service_plan_id: string;
  billing_mode?: 'prepaid' | 'postpaid' | undefined;
  due_date?: number | undefined;
  username?: string | undefined;
  password?: string | undefined;
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
};
export type SubCustomer = {
  id: string;
  customer_code: string;
  name: string;
  phone: string;
  address: string;
  plan: { id: string; name: string; price: number } | null;
  username: string | null;
  state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
  dot: 'green' | 'red' | 'grey';
  open: number;
  next_due_date: string | null;
  created_at: string;
};
export type SubCustomerPage = {
  data: readonly SubCustomer[];
  page: number;
  page_size: number;
  total: number;
  sees_modems: boolean;
};
export type SubCustomerStatus = {
  id: string;
  customer_code: string;
  name: string;
  phone: string;
  address: string;
  latitude: number | null;
  longitude: number | null;
  state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
  dot: 'green' | 'red' | 'grey';
  open: number;
  lines: readonly {
    subscription_id: string;
    username: string;
    plan: { id: string; name: string; price: number };
    state: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated';
    dot: 'green' | 'red' | 'grey';
    online: boolean | null;
    online_since: string | null;
    last_seen_at: string | null;
    why: {
      code:
        | 'ended'
        | 'held'
        | 'not_installed'
        | 'first_payment'
        | 'unpaid'
        | 'quota_used_up'
        | 'validity_over'
        | 'isolated'
        | 'waiting'
        | 'unknown'
        | 'online_owing'
        | 'online'
        | 'router_away'
        | 'never_seen'
        | 'disconnected';
      step: 'pay' | 'check_modem' | 'ask_provider' | 'wait' | 'none';
      text: { id: string; en: string };
    };
    sessions: readonly {
      started_at: string | null;
      ended_at: string | null;
      seconds: number | null;
      up_mb: number;
      down_mb: number;
    }[];
  }[];
};

export type ResellerCustomersOperations = {
  'POST /reseller/customers': { body: NewSubCustomer; answer: RegisteredCustomer };
  'GET /reseller/customers': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      state?: 'pending' | 'active' | 'isolated' | 'suspended' | 'terminated' | undefined;
      dot?: 'green' | 'red' | 'grey' | undefined;
      sort?: 'name' | '-name' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: SubCustomerPage;
  };
  'GET /reseller/customers/{id}/status': {
    params: { id: string };
    query?: { fields?: string | undefined };
    answer: SubCustomerStatus;
  };
  'POST /reseller/customers/import': { query?: { preview?: 'true' | 'false' | undefined }; answer: ImportedCustomers };
};
