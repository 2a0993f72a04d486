/** Rows as InvenTree's tables have them. They are never changed: a request that writes puts a whole new row in place. */
export type Part = {
  readonly pk: number;
  readonly name: string;
  readonly ipn: string;
  readonly description: string;
  readonly isTrackable: boolean;
  readonly isSalable: boolean;
  readonly isActive: boolean;
  readonly units: string;
};

export type Place = {
  readonly pk: number;
  readonly name: string;
  readonly description: string;
  readonly parent: number | null;
  readonly isStructural: boolean;
  readonly isExternal: boolean;
};

export type Company = {
  readonly pk: number;
  readonly name: string;
  readonly description: string;
  readonly email: string;
  readonly currency: string;
  readonly isCustomer: boolean;
  readonly isSupplier: boolean;
  readonly isManufacturer: boolean;
  readonly isActive: boolean;
  readonly metadata: Json;
};

export type Json = { readonly [key: string]: unknown };

export type StockItem = {
  readonly pk: number;
  readonly part: number;
  readonly quantity: number;
  readonly serial: string | null;
  readonly batch: string;
  readonly packaging: string | null;
  readonly link: string;
  readonly notes: string | null;
  readonly location: number | null;
  readonly customer: number | null;
  /** Of an item that was split off another. */
  readonly parent: number | null;
  /** One of InvenTree's own codes. */
  readonly status: number;
  /** The same, or a code that only this site has. */
  readonly customStatus: number;
  readonly deleteOnDeplete: boolean;
  readonly barcodeData: string;
  readonly barcodeHash: string;
  readonly metadata: Json;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly countedAt: Date | null;
};

export type TrackRow = {
  readonly pk: number;
  readonly item: number | null;
  readonly part: number | null;
  readonly at: Date;
  readonly type: number;
  readonly deltas: Json;
  readonly notes: string;
  readonly user: number;
};

export const permissions = ['view', 'add', 'change', 'delete'] as const;
export type Permission = (typeof permissions)[number];

export type Role = 'part' | 'stock' | 'stock_location' | 'sales_order' | 'purchase_order' | 'return_order';
export type Roles = Readonly<Partial<Record<Role, readonly Permission[]>>>;

export type User = {
  readonly pk: number;
  readonly username: string;
  readonly password: string;
  readonly isStaff: boolean;
  readonly roles: Roles;
};

export type Token = {
  readonly key: string;
  readonly user: number;
  readonly name: string;
  /** `YYYY-MM-DD`. */
  readonly expiry: string;
  readonly isRevoked: boolean;
};
