import { addArea, addLead, areaBody, leadBody } from '../furnish.ts';
import type { Recipes } from '../recipe.ts';

/** Who would like to be served, and where that can be. */
export const leadRecipes: Recipes = {
  'post /api/v1/leads': { parts: (at) => ({ body: leadBody(at) }) },
  'get /api/v1/leads': { parts: (at) => ({ query: { service_plan_id: at.the('plan') } }) },
  'get /api/v1/leads/{id}': { parts: (at) => ({ params: { id: at.the('lead') } }) },
  'patch /api/v1/leads/{id}': {
    parts: async (at) => ({
      params: { id: await addLead(at) },
      body: { notes: at.name('telepon dulu'), service_plan_id: at.the('plan') },
    }),
  },
  'post /api/v1/leads/{id}/check': { parts: async (at) => ({ params: { id: await addLead(at) } }) },
  'post /api/v1/leads/{id}/convert': {
    parts: async (at) => ({
      params: { id: await addLead(at) },
      body: { service_plan_id: at.the('plan'), force: true, reason: at.name('tiang sudah ada') },
    }),
  },
  'post /api/v1/coverage/areas': { parts: (at) => ({ body: areaBody(at) }) },
  'get /api/v1/coverage/areas': {},
  'get /api/v1/coverage/areas/{id}': { parts: (at) => ({ params: { id: at.the('area') } }) },
  'patch /api/v1/coverage/areas/{id}': {
    parts: async (at) => ({ params: { id: await addArea(at) }, body: { name: at.name('ODP') } }),
  },
  'delete /api/v1/coverage/areas/{id}': { parts: async (at) => ({ params: { id: await addArea(at) } }) },
  'get /api/v1/coverage/map': {},
  'get /api/v1/coverage/check': { parts: () => ({ query: { latitude: '-6.3', longitude: '107.3' } }) },
};
