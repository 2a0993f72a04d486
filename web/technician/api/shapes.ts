/** What the page reads of the hub's answers (`/openapi.json`): no more than it shows. */
export type Place = { readonly latitude: number; readonly longitude: number };

export type WorkOrder = {
  readonly id: string;
  readonly number: string;
  readonly kind: string;
  readonly state: string;
  readonly scheduled_at: string | null;
  readonly customer: {
    readonly name: string;
    readonly phone: string | null;
    readonly address: string | null;
    readonly latitude: number | null;
    readonly longitude: number | null;
  } | null;
  readonly subscription: { readonly id: string; readonly username: string; readonly plan: string | null } | null;
  readonly notes: string | null;
  readonly photo_count: number;
  /** Phone and address are shortened for this role: they are shown, and lead nowhere. */
  readonly is_masked: boolean;
};

export type Asset = {
  readonly id: string;
  readonly serial: string | null;
  readonly mac: string | null;
  readonly gpon_sn: string | null;
  readonly barcode: string | null;
  readonly part: string;
  readonly state: string;
  readonly place: string;
};

export type ScanStep = { readonly name: string; readonly state: string; readonly detail?: string };
export type ScanAnswer = {
  readonly id: string;
  readonly status: 'running' | 'done' | 'refused' | 'held';
  readonly problem?: { readonly code: string; readonly text: string } | null;
  readonly asset?: Asset | null;
  readonly steps: readonly ScanStep[];
};

export type Kpi = {
  readonly installs: number;
  readonly repairs: number;
  readonly resolve_minutes_median: number | null;
  /** In the minor unit of the tenant's currency. */
  readonly incentive: number;
};

export type ListOf<T> = { readonly data: readonly T[]; readonly total: number };
