import type { Generated } from 'kysely';
import type { Defaulted, Json, Maybe, MaybeAt } from '../columns.ts';

export type CutsTable = { tenant_id: string; subscription_id: string; at: Date; hold_id: Maybe<string> };
export type CutForecastsTable = { tenant_id: string; hour: Date; lines: number; fixed_at: Date };
export type HoldState = 'waiting' | 'releasing' | 'released' | 'lapsed';
export type HoldsTable = {
  id: Generated<string>;
  tenant_id: string;
  state: Defaulted<HoldState>;
  since: Date;
  evidence: Json;
  note: Maybe<string>;
  wave: Defaulted<number>;
  asked_by: Maybe<string>;
  released_by: Maybe<string>;
  released_at: MaybeAt;
  ended_at: MaybeAt;
  told_at: MaybeAt;
};
export type HeldLinesTable = {
  tenant_id: string;
  hold_id: string;
  subscription_id: string;
  state: Defaulted<'held' | 'released' | 'cut' | 'spared'>;
  since: Date;
};
type Switch = { is_on: boolean; reason: string; changed_by: string; changed_at: Date };
export type KillSwitchesTable = Switch & { tenant_id: string };
export type InstallationKillSwitchTable = Switch & { only_one: Defaulted<boolean> };

export type SafetyTables = {
  cuts: CutsTable;
  cut_forecasts: CutForecastsTable;
  holds: HoldsTable;
  held_lines: HeldLinesTable;
  kill_switches: KillSwitchesTable;
  installation_kill_switch: InstallationKillSwitchTable;
};
