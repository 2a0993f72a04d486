// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts
import type { KillSwitch } from './kill-switch.ts';

export type SafetyStatus = {
  kill_switch: KillSwitch;
  open_holds: number;
  waiting: Readonly<Record<string, number>>;
  promises_running: number;
  no_cut_until: string | null;
  source: { rows: number; expected: number; read_at: string; has_shrunk: boolean } | null;
};

export type SafetyOperations = {
  'GET /safety': { query?: { fields?: string | undefined }; answer: SafetyStatus };
};
