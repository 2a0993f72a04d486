// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type CheckIn = {
  id: string;
  user_id: string;
  user_name: string;
  kind: 'in' | 'out';
  at: string;
  received_at: string;
  latitude: number;
  longitude: number;
  accuracy_m: number | null;
  place: string | null;
  distance_m: number | null;
  is_outside: boolean;
  note: string | null;
  erp_checkin: string | null;
  erp_error: string | null;
};
export type CheckInPage = { data: readonly CheckIn[]; page: number; page_size: number; total: number };
export type NewCheckIn = {
  kind: 'in' | 'out';
  client_ref: string;
  at?: string | undefined;
  latitude: number;
  longitude: number;
  accuracy_m?: number | undefined;
  note?: string | undefined;
};

export type AttendanceOperations = {
  'POST /attendance/check-ins': { body: NewCheckIn; answer: CheckIn };
  'GET /attendance': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      user_id?: string | undefined;
      kind?: 'in' | 'out' | undefined;
      is_outside?: 'true' | 'false' | undefined;
      from?: string | undefined;
      to?: string | undefined;
      fields?: string | undefined;
    };
    answer: CheckInPage;
  };
};
