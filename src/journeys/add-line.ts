import { randomUUID } from 'node:crypto';
import { markLines } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';
import { offerOf } from '#db/reseller-offer.ts';
import type { AttributeRow } from '#domain/access.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import { normalMac } from '#domain/mac.ts';
import { type PasswordFault, passwordFault } from '#domain/password.ts';
import { insertLine, linkLine, newPassword, sealPassword, tellLine } from '#features/subscriptions/verbs.ts';
import { issueOrder } from '#features/work-orders/verbs.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { billFirst, type NewPrepaid } from './first-bill.ts';
import type { TenantContext } from './tenant-context.ts';
import { chosenUsername, generatedUsernames, proposalFor, type Username } from './usernames.ts';

/** One line of service to be. What is left out is generated, or comes from the tenant's settings. */
export type LineRequest = {
  readonly servicePlanId: string;
  readonly billingMode: BillingMode | null;
  readonly dueDay: number | null;
  readonly username: string | null;
  /** When the chosen username is taken: refuse and propose, or take the proposal or a generated one. */
  readonly ifUsernameTaken: 'refuse' | 'take_another';
  readonly password: string | null;
  readonly mac: string | null;
  /** When another line holds the modem: refuse, or lock the line to it all the same, without the link. */
  readonly ifMacTaken: 'refuse' | 'leave_link';
  readonly reply: readonly AttributeRow[];
  readonly routerId: string | null;
  readonly erpSubscription: string | null;
  /** It was served before it came to the hub, so a prepaid one does not wait for a first payment. */
  readonly wasServed: boolean;
  /** Who says so: what the links and the timeline tell. */
  readonly source: 'registration' | 'erpnext' | 'radius import';
  /** The reseller who sells it, and may sell only what is its to sell; null: the tenant itself does. */
  readonly soldBy: string | null;
};

export type LineOwner = {
  readonly id: string;
  readonly code: string;
  readonly erpCustomer: string | null;
  /** Whose customer it is: what it pays is that reseller's price. */
  readonly resellerId: string | null;
};
export type AddedLine = { readonly subscriptionId: string; readonly username: string; readonly password: string };

const passwordWords: Record<PasswordFault, string> = {
  length: 'A PPPoE password has 1 to 128 octets.',
  character: 'A PPPoE password has no control characters.',
  quote: 'A PPPoE password does not begin with a quotation mark.',
};

function chosenPassword(password: string): string {
  const fault = passwordFault(password);
  if (fault) throw invalid('password', passwordWords[fault]);
  return password;
}

function chosenMac(text: string): string {
  const mac = normalMac(text);
  if (mac === null) throw invalid('mac', 'This is no MAC address, such as AA:BB:CC:DD:EE:FF.');
  return mac;
}

/** The plan, at the price that this customer pays. */
async function planOf(tx: Tx, { tenantId }: TenantContext, { resellerId }: LineOwner, request: LineRequest) {
  const { servicePlanId: id, source, soldBy } = request;
  const plan = await tx
    .selectFrom('service_plans')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .where('deleted_at', 'is', null)
    .select(['id', 'name', 'price', 'is_active'])
    .executeTakeFirst();
  if (!plan) throw invalid('service_plan_id', 'There is no such service plan.');
  if (!plan.is_active && source === 'registration') {
    throw invalid('service_plan_id', 'This service plan is not on sale any more.');
  }
  const { isSold, price } = await offerOf(tx, tenantId, resellerId, plan);
  if (!isSold && soldBy !== null)
    throw invalid('service_plan_id', 'This service plan is not among those that you sell.');
  return { ...plan, price };
}

/** The router's name; null: none is known. */
export async function routerNameOf(tx: Tx, tenantId: string, id: string | null): Promise<string | null> {
  if (id === null) return null;
  const router = await tx
    .selectFrom('nas')
    .where('tenant_id', '=', tenantId)
    .where('id', '=', id)
    .select('name')
    .executeTakeFirst();
  if (!router) throw invalid('router_id', 'There is no such router.');
  return router.name;
}

/** Names to try, in order; the chosen one alone where a taken one is to be refused. */
async function* usernames(
  tx: Tx,
  context: TenantContext,
  request: LineRequest,
  place: { readonly routerName: string | null; readonly customerCode: string },
): AsyncGenerator<Username> {
  if (request.username !== null) {
    const chosen = chosenUsername(request.username);
    yield chosen;
    if (request.ifUsernameTaken === 'refuse') return;
    const proposal = proposalFor(chosen, context);
    if (proposal) yield proposal;
  }
  yield* generatedUsernames(tx, context, place);
}

function usernameTaken(context: TenantContext, username: string | null): Refusal {
  if (username === null) return new Refusal('CONFLICT', 'No username of the format is free.');
  const proposal = proposalFor(chosenUsername(username), context);
  return new Refusal('DUPLICATE_ENTRY', `The username ${username} is taken.`, {
    field: 'username',
    ...(proposal ? { proposal: proposal.shown } : {}),
  });
}

/** Where the tenant sends a technician to whoever is new (spec C9): until then the line is not served. */
const waitsForTechnician = ({ settings: { field_work } }: TenantContext, { source, wasServed }: LineRequest): boolean =>
  !wasServed &&
  ((source === 'registration' && field_work.order_at_registration) ||
    (source === 'erpnext' && field_work.order_from_erpnext));

/** The order for the technician; who registered is noted by whoever knows (`recordIssued`). */
async function orderInstallation(tx: Tx, context: TenantContext, line: OrderedLine, correlationId: string) {
  const { tenantId, now } = context;
  const { source, customerId, subscriptionId } = line;
  const wanted = {
    kind: 'install',
    source,
    customerId,
    subscriptionId,
    technicianId: null,
    scheduledAt: null,
  } as const;
  await issueOrder(tx, { tenantId, correlationId, userId: null }, { ...wanted, notes: '' }, now.getTime());
}
type OrderedLine = {
  readonly source: 'registration' | 'erpnext';
  readonly customerId: string;
  readonly subscriptionId: string;
};

type Written = Omit<AddedLine, 'password'> & { readonly prepaid: NewPrepaid | null };

/** Writes the line under the first name that is free. */
async function writeLine(
  tx: Tx,
  context: TenantContext,
  owner: LineOwner,
  request: LineRequest,
  password: string,
): Promise<Written> {
  const { tenantId, settings, now } = context;
  const plan = await planOf(tx, context, owner, request);
  const routerName = await routerNameOf(tx, tenantId, request.routerId);
  const billingMode = request.billingMode ?? settings.default_billing_mode;
  const id = randomUUID();
  const line = {
    id,
    customerId: owner.id,
    planId: plan.id,
    billingMode,
    dueDay: request.dueDay ?? (billingMode === 'prepaid' ? settings.prepaid_due_day : settings.postpaid_due_day),
    monthlyFee: plan.price,
    radiusDb: context.radiusDb,
    passwordSealed: sealPassword(context.vault, id, password),
    mac: request.mac === null ? null : chosenMac(request.mac),
    reply: request.reply,
    routerId: request.routerId,
    erpSubscription: request.erpSubscription,
    installedAt: waitsForTechnician(context, request) ? null : now,
    activatedAt: request.wasServed ? now : null,
  };
  for await (const { shown, canonical } of usernames(tx, context, request, { routerName, customerCode: owner.code })) {
    const added = await insertLine(tx, tenantId, { ...line, username: shown, canonical });
    if (added === 'added') {
      // The insert waited for whoever was just deleting the plan.
      await planOf(tx, context, owner, request);
      const isPrepaid = billingMode === 'prepaid' && !request.wasServed && owner.erpCustomer === null;
      const { customerId, monthlyFee: fee, dueDay } = line;
      const prepaid = isPrepaid ? { id, customerId, plan: plan.name, fee, dueDay } : null;
      return { subscriptionId: id, username: shown, prepaid };
    }
    if (added === 'erp_subscription_taken') {
      const message = `${request.erpSubscription} of ERPNext is a subscription here already.`;
      throw new Refusal('DUPLICATE_ENTRY', message, { field: 'erp_subscription' });
    }
  }
  throw usernameTaken(context, request.username);
}

async function linkAll(
  tx: Tx,
  context: TenantContext,
  owner: LineOwner,
  request: LineRequest,
  line: Pick<Written, 'subscriptionId' | 'username'>,
) {
  const mac = request.mac === null ? null : chosenMac(request.mac);
  const links = [
    { kind: 'radius_username' as const, value: chosenUsername(line.username).canonical },
    ...(owner.erpCustomer === null ? [] : [{ kind: 'erp_customer' as const, value: owner.erpCustomer }]),
    ...(request.erpSubscription === null
      ? []
      : [{ kind: 'erp_subscription' as const, value: request.erpSubscription }]),
    ...(mac === null ? [] : [{ kind: 'mac' as const, value: mac }]),
  ];
  const taken = await linkLine(tx, context.tenantId, line.subscriptionId, links, request.source);
  if (request.ifMacTaken === 'refuse' && taken.some(({ kind }) => kind === 'mac')) {
    throw new Refusal('DUPLICATE_ENTRY', `Another subscription is locked to the modem ${mac}.`, { field: 'mac' });
  }
}

/**
 * Adds a line to a customer in the caller's transaction (spec C6, C7): account, links, timeline, and the mark that has
 * it decided about. Throws a Refusal that names the field in the way.
 */
export async function addLine(
  tx: Tx,
  context: TenantContext,
  owner: LineOwner,
  request: LineRequest,
  correlationId: string,
): Promise<AddedLine> {
  const password = request.password === null ? newPassword() : chosenPassword(request.password);
  const { prepaid, ...line } = await writeLine(tx, context, owner, request, password);
  await linkAll(tx, context, owner, request, line);
  await tellLine(tx, context.tenantId, line.subscriptionId, {
    kind: 'registered',
    text: `Registered for customer ${owner.code} as ${line.username}.`,
    correlationId,
    data: { source: request.source, erp_subscription: request.erpSubscription },
  });
  const { source } = request;
  if (source !== 'radius import' && waitsForTechnician(context, request)) {
    const ordered = { source, customerId: owner.id, subscriptionId: line.subscriptionId };
    await orderInstallation(tx, context, ordered, correlationId);
  }
  if (prepaid) await billFirst(tx, context, prepaid, correlationId);
  await markLines(tx, { tenantId: context.tenantId, correlationId, cause: request.source }, [line.subscriptionId]);
  return { ...line, password };
}
