// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type Coverage = { covered: boolean; areas: readonly { id: string; name: string }[] };
export type CoverageArea = {
  id: string;
  name: string;
  geometry: Point | Polygon | MultiPolygon;
  radius_m: number | null;
  is_active: boolean;
  created_at: string;
  updated_at: string;
};
export type CoverageAreaChange = {
  name?: string | undefined;
  geometry?: Point | Polygon | MultiPolygon | undefined;
  radius_m?: number | null | undefined;
  is_active?: boolean | undefined;
};
export type CoverageAreaPage = { data: readonly CoverageArea[]; page: number; page_size: number; total: number };
export type CoverageMap = {
  type: 'FeatureCollection';
  features: readonly {
    type: 'Feature';
    id: string;
    geometry: Point | Polygon | MultiPolygon;
    properties: { name: string; radius_m: number | null };
  }[];
};
export type MultiPolygon = {
  type: 'MultiPolygon';
  coordinates: readonly (readonly (readonly (readonly unknown[])[])[])[];
};
export type NewCoverageArea = {
  name: string;
  geometry: Point | Polygon | MultiPolygon;
  radius_m?: number | null | undefined;
  is_active?: boolean | undefined;
};
export type Point = { type: 'Point'; coordinates: readonly unknown[] };
export type Polygon = { type: 'Polygon'; coordinates: readonly (readonly (readonly unknown[])[])[] };

export type CoverageOperations = {
  'POST /coverage/areas': { body: NewCoverageArea; answer: CoverageArea };
  'GET /coverage/areas': {
    query?: {
      page?: number | undefined;
      page_size?: number | undefined;
      search?: string | undefined;
      is_active?: 'true' | 'false' | undefined;
      sort?: 'name' | '-name' | 'created_at' | '-created_at' | undefined;
      fields?: string | undefined;
    };
    answer: CoverageAreaPage;
  };
  'GET /coverage/areas/{id}': { params: { id: string }; query?: { fields?: string | undefined }; answer: CoverageArea };
  'PATCH /coverage/areas/{id}': { params: { id: string }; body: CoverageAreaChange; answer: CoverageArea };
  'DELETE /coverage/areas/{id}': { params: { id: string } };
  'GET /coverage/map': { query?: { fields?: string | undefined }; answer: CoverageMap };
  'GET /coverage/check': {
    query?: {
      latitude?: number | null | undefined;
      longitude?: number | null | undefined;
      fields?: string | undefined;
    };
    answer: Coverage;
  };
};
