import type { Erpnext } from '../../erpnext/create-erpnext.ts';
import type { Nas } from '../../nas/nas.ts';
import type { HubClient } from '../hub-client.ts';
import type { Narrator } from '../narrator.ts';

/** Who is on stage once everything is set up. */
export type Scene = {
  readonly narrator: Narrator;
  /** The tenant's admin. */
  readonly hub: HubClient;
  readonly erpnext: Erpnext;
  /** Null: no FreeRADIUS is installed here, so nobody can log in. */
  readonly nas: Nas | null;
};

export const tenant = { name: 'Nusantara Net', subdomain: 'nusantara' } as const;
export const admin = { email: 'ayu@nusantara.example', password: 'only-for-this-demo', name: 'Ayu' } as const;
export const customer = 'Budi Santoso';
export const item = 'FIBER-50M';
export const erpPlan = 'FIBER-50M-PLAN';
export const feeRupiah = 150_000;
export const modem = '4C:5E:0C:AA:BB:01';

/** The part of the contract's subscription that the story looks at. */
export type Line = {
  readonly id: string;
  readonly username: string;
  readonly state: string;
  readonly reason: string | null;
  readonly generation: number | null;
  readonly applied_generation: number | null;
  readonly erp_subscription: string | null;
};

type Row = { readonly attribute: string; readonly op: string; readonly value: string };

export type Explanation = {
  readonly state: string;
  readonly reason: string | null;
  readonly desired: { readonly group: string; readonly generation: number } | null;
  readonly applied: {
    readonly generation: number | null;
    readonly rows: { readonly groups: readonly string[]; readonly check: readonly Row[] } | null;
    readonly differences: readonly string[] | null;
  };
  readonly sessions: readonly { readonly session_id: string; readonly group: string | null }[] | null;
  readonly timeline: readonly {
    readonly at: string;
    readonly kind: string;
    readonly text: string;
    readonly correlation_id: string;
  }[];
};

export const explain = ({ hub }: Pick<Scene, 'hub'>, { id }: Pick<Line, 'id'>): Promise<Explanation> =>
  hub.call<Explanation>('GET', `subscriptions/${id}/explain`);
