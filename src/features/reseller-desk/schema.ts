import { z } from '@hono/zod-openapi';
import { accessStates } from '#domain/access.ts';
import { dots, shopCauses, shopSteps } from '#domain/shop-status.ts';
import { PageQuery, pageOf } from '#platform/routing.ts';

const at = z.iso.datetime();
const money = z.int();
const state = z.enum(accessStates);
const dot = z.enum(dots).openapi({
  description: 'green: online; red: off or isolated; grey: not yet, no more, or the sessions cannot be looked at',
});
const Named = z.object({ id: z.uuid(), name: z.string() });
const SoldAs = Named.extend({ price: money.openapi({ description: 'A month, as this customer pays it' }) });

const budi = { id: '0f8fad5b-d9cb-469f-a165-70867728950e', customer_code: 'CUST001', name: 'Budi Santoso' };
const home = { id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', name: 'Home 10', price: 150_000 };
const contact = { phone: '08123456789', address: 'Jl. Melati 5' };

const who = { id: z.uuid(), customer_code: z.string(), name: z.string(), phone: z.string(), address: z.string() };

export const SubCustomer = z
  .object({
    ...who,
    plan: SoldAs.nullable(),
    username: z.string().nullable(),
    state,
    dot,
    open: money.openapi({ description: 'What is open on its bills' }),
    next_due_date: z.iso.date().nullable().openapi({ description: 'Of its oldest open bill' }),
    created_at: at,
  })
  .openapi('SubCustomer', {
    example: {
      ...budi,
      ...contact,
      plan: home,
      username: 'CUST001',
      state: 'active',
      dot: 'green',
      open: 0,
      next_due_date: null,
      created_at: '2026-11-20T03:00:00.000Z',
    },
  });
export type SubCustomer = z.infer<typeof SubCustomer>;

export const SubCustomerPage = pageOf(SubCustomer)
  .extend({ sees_modems: z.boolean().openapi({ description: 'False: RADIUS did not answer, and nobody is green' }) })
  .openapi('SubCustomerPage');
export type SubCustomerPage = z.infer<typeof SubCustomerPage>;

export const SubCustomerQuery = PageQuery.extend({
  state: state.optional(),
  dot: dot.optional(),
  sort: z.enum(['name', '-name', 'created_at', '-created_at']).default('name'),
});
export type SubCustomerQuery = z.infer<typeof SubCustomerQuery>;

export const Bill = z
  .object({
    invoice_id: z.uuid().nullable().openapi({ description: 'In the hub’s own ledger' }),
    erp_invoice: z.string().nullable().openapi({ description: 'In ERPNext' }),
    number: z.string(),
    customer: z.object({ id: z.uuid(), customer_code: z.string(), name: z.string() }),
    issued_on: z.iso.date().nullable(),
    due_date: z.iso.date(),
    is_overdue: z.boolean(),
    total: money,
    outstanding: money,
  })
  .openapi('SubCustomerBill', {
    example: {
      invoice_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
      erp_invoice: null,
      number: 'INV-2026-000042',
      customer: budi,
      issued_on: '2026-11-01',
      due_date: '2026-11-20',
      is_overdue: true,
      total: 150_000,
      outstanding: 150_000,
    },
  });
export type Bill = z.infer<typeof Bill>;
export const BillPage = pageOf(Bill)
  .extend({ open: money.openapi({ description: 'What is open on all of them together' }) })
  .openapi('SubCustomerBillPage');
export const BillQuery = PageQuery.omit({ search: true }).extend({ customer_id: z.uuid().optional() });
export type BillQuery = z.infer<typeof BillQuery>;

const Session = z.object({
  started_at: at.nullable(),
  ended_at: at.nullable().openapi({ description: 'Null: it is open' }),
  seconds: z.int().nullable(),
  up_mb: z.int(),
  down_mb: z.int(),
});

const Line = z.object({
  subscription_id: z.uuid(),
  username: z.string(),
  plan: SoldAs,
  state,
  dot,
  online: z.boolean().nullable().openapi({ description: 'Null: RADIUS did not answer' }),
  online_since: at.nullable(),
  last_seen_at: at.nullable(),
  why: z.object({
    code: z.enum(shopCauses),
    step: z.enum(shopSteps).openapi({ description: 'What the shop can do' }),
    text: z.object({ id: z.string(), en: z.string() }),
  }),
  sessions: z.array(Session).openapi({ description: 'The last ones, the newest first' }),
});
export type ToldLine = z.infer<typeof Line>;

export const SubCustomerStatus = z
  .object({
    ...who,
    latitude: z.number().nullable(),
    longitude: z.number().nullable(),
    state,
    dot,
    open: money,
    lines: z.array(Line).openapi({ description: 'The best served first: the customer’s state is that one’s' }),
  })
  .openapi('SubCustomerStatus', {
    example: {
      ...budi,
      ...contact,
      latitude: -6.3,
      longitude: 107.3,
      state: 'isolated',
      dot: 'red',
      open: 150_000,
      lines: [
        {
          subscription_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
          username: 'CUST001',
          plan: home,
          state: 'isolated',
          dot: 'red',
          online: false,
          online_since: null,
          last_seen_at: '2026-11-20T17:01:00.000Z',
          why: {
            code: 'unpaid',
            step: 'pay',
            text: {
              id: 'Belum bayar Rp 150.000, jatuh tempo 20 November 2026: bayar di sini, lalu internet menyala lagi.',
              en: 'Not paid: Rp 150.000, due 20 November 2026. Pay it here, and the internet comes back.',
            },
          },
          sessions: [
            {
              started_at: '2026-11-20T10:00:00.000Z',
              ended_at: '2026-11-20T17:01:00.000Z',
              seconds: 25_260,
              up_mb: 120,
              down_mb: 2_400,
            },
          ],
        },
      ],
    },
  });
export type SubCustomerStatus = z.infer<typeof SubCustomerStatus>;

export const SoldPlan = SoldAs.extend({
  description: z.string(),
  speed_download: z.number().openapi({ description: 'Mbps' }),
  speed_upload: z.number().openapi({ description: 'Mbps' }),
}).openapi('SoldPlan', { example: { ...home, description: '', speed_download: 10, speed_upload: 5 } });
export type SoldPlan = z.infer<typeof SoldPlan>;
export const SoldPlans = z
  .object({ data: z.array(SoldPlan) })
  .openapi('SoldPlans', { example: { data: [{ ...home, description: '', speed_download: 10, speed_upload: 5 }] } });

const Sum = z.object({ customers: z.int(), amount: money });
export const Dashboard = z
  .object({
    customers: z.object({ total: z.int(), green: z.int(), red: z.int(), grey: z.int() }),
    by_state: z.record(state, z.int()),
    modems_seen_at: at
      .nullable()
      .openapi({ description: 'When the sessions were looked at, half a minute ago at most; null: RADIUS is away' }),
    to_collect: Sum.openapi({ description: 'Open on bills that are due by the end of this month' }),
    overdue: Sum,
    due_soon: z
      .array(z.object({ id: z.uuid(), name: z.string(), amount: money, due_date: z.iso.date() }))
      .openapi({ description: 'Bills due today or in the next three days, the first 50' }),
    open_requests: z.int().openapi({ description: 'Requests to the provider that are not closed' }),
    deposit: z.object({ balance: money, low_mark: money.nullable() }),
    commission_this_month: money.openapi({ description: 'Earned, less what was taken back' }),
  })
  .openapi('ResellerDashboard', {
    example: {
      customers: { total: 120, green: 98, red: 18, grey: 4 },
      by_state: { pending: 3, active: 110, isolated: 5, suspended: 1, terminated: 1 },
      modems_seen_at: '2026-11-21T03:00:00.000Z',
      to_collect: { customers: 15, amount: 2_250_000 },
      overdue: { customers: 5, amount: 750_000 },
      due_soon: [{ id: budi.id, name: budi.name, amount: 150_000, due_date: '2026-11-23' }],
      open_requests: 1,
      deposit: { balance: 900_000, low_mark: 200_000 },
      commission_this_month: 120_000,
    },
  });
export type Dashboard = z.infer<typeof Dashboard>;

export const PlaceAsked = z
  .object({ latitude: z.number().min(-90).max(90), longitude: z.number().min(-180).max(180) })
  .openapi('PlaceAsked', { example: { latitude: -6.3, longitude: 107.3 } });
export const PlaceAnswer = z
  .object({
    covered: z.boolean(),
    areas: z.array(Named),
    may_register: z.boolean().openapi({ description: 'False: note who lives there as a lead (POST leads)' }),
  })
  .openapi('PlaceAnswer', { example: { covered: true, areas: [{ id: home.id, name: 'ODP 7' }], may_register: true } });
