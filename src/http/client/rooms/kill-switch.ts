// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type InstallationKillSwitch = { on: boolean; reason: string; changed_by: string; changed_at: string };
export type KillSwitch = {
  on: boolean;
  tenant: { on: boolean; reason: string; changed_by: string; changed_at: string } | null;
  installation: { on: boolean; reason: string; changed_by: string; changed_at: string } | null;
};
export type KillSwitchChange = { on: boolean; reason: string };

export type KillSwitchOperations = {
  'GET /kill-switch': { query?: { fields?: string | undefined }; answer: KillSwitch };
  'PUT /kill-switch': { body: KillSwitchChange; answer: KillSwitch };
  'PUT /kill-switch/installation': { body: KillSwitchChange; answer: InstallationKillSwitch };
};
