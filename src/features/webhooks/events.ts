import { z } from '@hono/zod-openapi';
import { accessStates } from '#domain/access.ts';
import { type Announced, type AnnouncedType, announcedTypes } from '#domain/announcements.ts';

const id = z.uuid();
const customer = z.object({ id, customer_code: z.string(), name: z.string() });
const plan = z.object({ id, name: z.string(), price: z.number().int() });
const aCustomer = { id: '6f1c2b9e-52a7-4f0e-9a57-0c8e2a3c7b11', customer_code: 'CUST001', name: 'Budi' };
const aPlan = { id: '2b7e9d54-8f3c-4c1d-b0a4-6a1f5d0e9c22', name: 'Home 10', price: 150_000 };
const state = z.enum(accessStates);

type Described<T extends AnnouncedType> = {
  readonly about: string;
  readonly data: z.ZodType<Announced[T]>;
  readonly example: Announced[T];
};

const described: { readonly [T in AnnouncedType]: Described<T> } = {
  'customer.created': { about: 'A customer was added', data: customer, example: aCustomer },
  'customer.updated': { about: 'A customer was changed', data: customer, example: aCustomer },
  'customer.deleted': { about: 'A customer was removed', data: customer, example: aCustomer },
  'subscription.state_changed': {
    about: 'A line was decided about anew, and its state is another one; RADIUS and its session follow',
    data: z.object({ id, username: z.string(), state, was: state.nullable(), reason: z.string() }),
    example: {
      id: '9a0d6f3e-1b58-4d7e-8c42-5e7f0b1a2d33',
      username: 'CKP123',
      state: 'isolated',
      was: 'active',
      reason: 'Tagihan Rp 150.000 lewat jatuh tempo.',
    },
  },
  'brake.engaged': {
    about: 'The safety brake holds cuts until a person releases them',
    data: z.object({ id, since: z.iso.datetime(), lines: z.number().int(), note: z.string().nullable() }),
    example: {
      id: '7a0e3a58-5d8b-4f64-9b0c-0d6b2f6f5a10',
      since: '2026-01-05T02:00:00.000Z',
      lines: 35,
      note: null,
    },
  },
  'router.silent': {
    about: 'A router leaves Disconnects and CoAs unanswered; see the runbook router-silent',
    data: z.object({ id, name: z.string(), since: z.iso.datetime() }),
    example: { id: '9a3f0f44-0b2f-4a63-8e0e-1f6f7c8f5a21', name: 'CKP', since: '2026-01-05T02:00:00.000Z' },
  },
  'router.heard': {
    about: 'A router that was silent answers again',
    data: z.object({ id, name: z.string() }),
    example: { id: '9a3f0f44-0b2f-4a63-8e0e-1f6f7c8f5a21', name: 'CKP' },
  },
  'ledger.away': {
    about: 'ERPNext could not be read for three minutes: nobody is cut, and nobody who pays is seen',
    data: z.object({ since: z.iso.datetime(), detail: z.string() }),
    example: { since: '2026-01-05T02:00:00.000Z', detail: 'unreachable: connect ECONNREFUSED' },
  },
  'ledger.back': {
    about: 'ERPNext has been read whole again',
    data: z.object({ since: z.iso.datetime(), until: z.iso.datetime() }),
    example: { since: '2026-01-05T02:00:00.000Z', until: '2026-01-05T03:12:00.000Z' },
  },
  'stock.away': {
    about: 'InvenTree could not be followed for three minutes: scans wait; see the runbook stock-away',
    data: z.object({ since: z.iso.datetime(), detail: z.string() }),
    example: { since: '2026-01-05T02:00:00.000Z', detail: 'InvenTree: connect ECONNREFUSED' },
  },
  'stock.back': {
    about: 'InvenTree is followed again',
    data: z.object({ since: z.iso.datetime(), until: z.iso.datetime() }),
    example: { since: '2026-01-05T02:00:00.000Z', until: '2026-01-05T03:12:00.000Z' },
  },
  'plan.created': { about: 'A service plan was added', data: plan, example: aPlan },
  'plan.updated': { about: 'A service plan was changed', data: plan, example: aPlan },
  'plan.deleted': { about: 'A service plan was removed', data: plan, example: aPlan },
  ping: {
    about: 'A try, asked for by POST webhook-endpoints/{id}/test',
    data: z.object({ text: z.string() }),
    example: { text: 'It works.' },
  },
};

/** What a receiver gets, by type: for the `webhooks` of the OpenAPI document. `body` is the whole of it. */
export const webhookEvents = announcedTypes.map((type) => {
  const { about, data, example } = described[type];
  const timestamp = '2026-01-05T02:00:00.000Z';
  return {
    type,
    about,
    body: z.object({ type: z.literal(type), timestamp: z.iso.datetime(), data }),
    example: { type, timestamp, data: example },
  };
});
