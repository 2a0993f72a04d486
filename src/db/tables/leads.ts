import type { Generated } from 'kysely';
import type { At, Defaulted, Json, Maybe, MaybeAt } from '../columns.ts';

export type CoverageAreasTable = {
  id: Generated<string>;
  tenant_id: string;
  name: string;
  /** GeoJSON: Point, Polygon or MultiPolygon. */
  geometry: Json;
  /** Of a point alone, in metres. */
  radius_m: Maybe<number>;
  is_active: Defaulted<boolean>;
  created_at: At;
  updated_at: At;
  deleted_at: MaybeAt;
};

export type LeadsTable = {
  id: Generated<string>;
  tenant_id: string;
  reseller_id: Maybe<string>;
  name: string;
  address: string;
  phone: string;
  email: Maybe<string>;
  latitude: Maybe<number>;
  longitude: Maybe<number>;
  service_plan_id: Maybe<string>;
  billing_mode: Maybe<'prepaid' | 'postpaid'>;
  notes: Defaulted<string>;
  state: Defaulted<string>;
  coverage_area_id: Maybe<string>;
  checked_at: MaybeAt;
  lost_reason: Maybe<string>;
  customer_id: Maybe<string>;
  converted_at: MaybeAt;
  created_at: At;
  updated_at: At;
};

export type LeadTables = { coverage_areas: CoverageAreasTable; leads: LeadsTable };
