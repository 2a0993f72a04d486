import { randomUUID } from 'node:crypto';
import { decideLine } from '#access/decide-lines.ts';
import { ok } from '#domain/result.ts';
import { customersRoutes } from '#features/customers/routes.ts';
import { plansRoutes } from '#features/plans/routes.ts';
import type { RadiusView } from '#features/subscriptions/radius-view.ts';
import { subscriptionsRoutes } from '#features/subscriptions/routes.ts';
import { createBilledMove } from '#journeys/bill-moves.ts';
import { createFurtherLine } from '#journeys/further-line.ts';
import { createRegistration, type Registering } from '#journeys/registration.ts';
import type { Surroundings } from '#journeys/tenant-context.ts';
import { createAppendMessage } from '#outbox/append-message.ts';
import { createRecipients } from '#platform/recipients.ts';
import { createVault } from '#platform/secrets.ts';
import { type Answer, addTenant, type Call, callAs, type TestTenant } from './admin-app.ts';
import type { TestBridge } from './bridge.ts';

/** 2025-02-01 01:00 in Jakarta, still January in UTC. */
export const officeTime = Date.parse('2025-01-31T18:00:00Z');

const recipients = createRecipients(createVault(Buffer.alloc(32, 7)));

const emptyRadius: RadiusView = {
  sessionsOf: async () => ok([]),
  history: async () => ok({ sessions: [], total: 0 }),
  readUser: async () => ok(null),
};

export type Office = {
  readonly tenant: TestTenant;
  readonly around: Surroundings;
  readonly planId: string;
  readonly plans: Call;
  readonly customers: Call;
  /** The room of customers, entered by somebody else. */
  readonly customersAs: (role: string, userId?: string) => Call;
  readonly registering: Registering;
  readonly subscriptions: Call;
  /** The same room, entered in another role. */
  readonly subscriptionsAs: (role: string, userId?: string) => Call;
  /** Registers Budi on the plan Home 10, with what more the form says. */
  readonly registered: (more?: Record<string, unknown>) => Promise<Answer>;
};

type Furnishing = {
  readonly settings?: Record<string, unknown>;
  /** Names the RADIUS database that usernames are unique in; one of its own otherwise. */
  readonly radiusDb?: string;
  readonly radius?: RadiusView;
  /** False: nothing is decided about before its answer. */
  readonly decides?: boolean;
};

/** A tenant with a plan and the rooms of customers, plans and subscriptions, wired as the hub wires them. */
export async function openOffice(bridge: TestBridge, furnishing: Furnishing = {}): Promise<Office> {
  const { settings = {}, radiusDb = randomUUID(), radius = emptyRadius, decides = true } = furnishing;
  const { db } = bridge;
  const tenant = await addTenant(bridge, settings);
  const clock = (): number => officeTime;
  const vaultOf = async () => tenant.vault;
  const around = { clock, vaultOf, radiusDbOf: async () => radiusDb };
  const decideNow = async (tenantId: string, id: string): Promise<void> => {
    if (decides) await decideLine(db, clock, tenantId, id);
  };
  const plans = callAs(plansRoutes({ db }), tenant);
  const home10 = { name: 'Home 10', speed_download: 10, speed_upload: 5, price: 150_000 };
  const planId = String((await plans('POST', '/service-plans', home10)).body.id);
  const registering = { db, ...around, appendMessage: createAppendMessage({ vaultOf, recipients }) };
  const addLine = createFurtherLine(registering);
  const customersAs = (role: string, userId?: string): Call =>
    callAs(
      customersRoutes({ db, clock, vaultOf, register: createRegistration(registering), addLine, decideNow }),
      tenant,
      role,
      userId,
    );
  const customers = customersAs('admin');
  const subscriptionsAs = (role: string, userId?: string): Call =>
    callAs(
      subscriptionsRoutes({ db, clock, radius, vaultOf, billed: createBilledMove(clock), decideNow }),
      tenant,
      role,
      userId,
    );
  const budi = { name: 'Budi', phone: '0812', address: 'Jl. Melati 5', service_plan_id: planId };
  return {
    tenant,
    around,
    planId,
    plans,
    customers,
    customersAs,
    registering,
    subscriptions: subscriptionsAs('admin'),
    subscriptionsAs,
    registered: (more = {}) => customers('POST', '/customers', { ...budi, ...more }),
  };
}
