// Made from the OpenAPI document: UPDATE_CLIENT=1 npx vitest run test/api/client.db.test.ts

export type PlaceAnswer = { covered: boolean; areas: readonly { id: string; name: string }[]; may_register: boolean };
export type PlaceAsked = { latitude: number; longitude: number };

export type ResellerCoverageOperations = {
  'POST /reseller/coverage': { body: PlaceAsked; answer: PlaceAnswer };
};
