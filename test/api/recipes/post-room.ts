import { addDelivery, addEndpoint, addMessage, endpointBody, makeRoom } from '../furnish.ts';
import type { Recipes } from '../recipe.ts';

const welcome = { event: 'registration', language: 'id' };

/** Messages to people, and webhooks to programs. */
export const postRoomRecipes: Recipes = {
  'get /api/v1/messages': { parts: (at) => ({ query: { customer_id: at.the('customer') } }) },
  'post /api/v1/messages/test': { parts: (at) => ({ body: { to: `sari${at.next()}@${at.canary}.example` } }) },
  'post /api/v1/messages/{id}/retry': { parts: async (at) => ({ params: { id: await addMessage(at) } }) },
  'get /api/v1/message-templates': {},
  'get /api/v1/message-templates/{event}/{language}': { parts: () => ({ params: welcome }) },
  'put /api/v1/message-templates/{event}/{language}': {
    parts: (at) => ({ params: welcome, body: { subject: at.name('Selamat datang'), body: at.name('Halo') } }),
  },
  'delete /api/v1/message-templates/{event}/{language}': {
    parts: async (at) => {
      const path = '/api/v1/message-templates/registration/id';
      await at.admin({ method: 'PUT', path, body: { subject: at.name('Selamat datang'), body: at.name('Halo') } });
      return { params: welcome };
    },
  },
  'post /api/v1/webhook-endpoints': {
    parts: async (at) => {
      await makeRoom(at);
      return { body: endpointBody(at) };
    },
  },
  'get /api/v1/webhook-endpoints': {},
  'get /api/v1/webhook-endpoints/{id}': { parts: (at) => ({ params: { id: at.the('endpoint') } }) },
  'patch /api/v1/webhook-endpoints/{id}': {
    parts: async (at) => ({ params: { id: await addEndpoint(at) }, body: { description: at.name('gudang') } }),
  },
  'delete /api/v1/webhook-endpoints/{id}': { parts: async (at) => ({ params: { id: await addEndpoint(at) } }) },
  'post /api/v1/webhook-endpoints/{id}/rotate-secret': {
    parts: async (at) => ({ params: { id: await addEndpoint(at) } }),
  },
  'post /api/v1/webhook-endpoints/{id}/test': { parts: async (at) => ({ params: { id: await addEndpoint(at) } }) },
  'post /api/v1/webhook-endpoints/{id}/replay': {
    parts: async (at) => ({
      params: { id: await addEndpoint(at) },
      body: { from: '2026-01-05T00:00:00Z', to: '2026-01-06T00:00:00Z' },
    }),
  },
  'get /api/v1/webhook-deliveries': { parts: (at) => ({ query: { endpoint_id: at.the('endpoint') } }) },
  'post /api/v1/webhook-deliveries/{id}/replay': { parts: async (at) => ({ params: { id: await addDelivery(at) } }) },
};
