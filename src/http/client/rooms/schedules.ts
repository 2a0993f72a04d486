// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Schedule = {
  name: string;
  tenant_id: string | null;
  cron: string;
  zone: string;
  next_due_at: string;
  retry_at: string | null;
  attempts: number;
  is_running: boolean;
  last_due_at: string | null;
  last_run_at: string | null;
  last_error: string | null;
};
export type SchedulePage = { data: readonly Schedule[]; page: number; page_size: number; total: number };

export type SchedulesOperations = {
  'GET /schedules': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      name?: string | undefined;
      tenant_id?: string | undefined;
      failing?: 'true' | 'false' | undefined;
      fields?: string | undefined;
    };
    answer: SchedulePage;
  };
};
