import { sql } from 'kysely';
import type { Tx } from '#db/database.ts';
import { takeGeneration } from '#db/generations.ts';
import type { AttributeRow } from '#domain/access.ts';
import type { BillingMode } from '#domain/billing-period.ts';
import type { Intent } from '#domain/intents.ts';
import { appendIntents, urgency } from '#outbox/append.ts';

/** A line as it is first written. `username` is shown, `canonical` compared; the password is sealed for this `id`. */
export type NewLine = {
  readonly id: string;
  readonly customerId: string;
  readonly planId: string;
  readonly billingMode: BillingMode;
  readonly dueDay: number;
  readonly monthlyFee: bigint;
  readonly radiusDb: string;
  readonly username: string;
  readonly canonical: string;
  readonly passwordSealed: string;
  readonly mac: string | null;
  readonly reply: readonly AttributeRow[];
  readonly routerId: string | null;
  readonly erpSubscription: string | null;
  /** Null: a technician is to come first. */
  readonly installedAt: Date | null;
  /** It was served before it came to the hub. */
  readonly activatedAt: Date | null;
};

export type Added = 'added' | 'username_taken' | 'erp_subscription_taken';

export const lineOfErpSubscription = (tx: Tx, tenantId: string, erpSubscription: string) =>
  tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('erp_subscription', '=', erpSubscription)
    .selectAll()
    .executeTakeFirst();
export type StoredLine = NonNullable<Awaited<ReturnType<typeof lineOfErpSubscription>>>;

/** A name is taken when any tenant of the RADIUS database has it, seen or not (spec C7): the index says so. */
export async function insertLine(tx: Tx, tenantId: string, line: NewLine): Promise<Added> {
  const inserted = await tx
    .insertInto('subscriptions')
    .values({
      id: line.id,
      tenant_id: tenantId,
      customer_id: line.customerId,
      service_plan_id: line.planId,
      billing_mode: line.billingMode,
      due_day: line.dueDay,
      monthly_fee: line.monthlyFee,
      radius_db: line.radiusDb,
      username: line.username,
      canonical_username: line.canonical,
      password: line.passwordSealed,
      mac: line.mac,
      reply: JSON.stringify(line.reply),
      router_id: line.routerId,
      erp_subscription: line.erpSubscription,
      installed_at: line.installedAt,
      activated_at: line.activatedAt,
    })
    .onConflict((conflict) => conflict.doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted) return 'added';
  const holder = line.erpSubscription && (await lineOfErpSubscription(tx, tenantId, line.erpSubscription));
  return holder ? 'erp_subscription_taken' : 'username_taken';
}

/** Whether one of the tenant's own lines has the name. */
export async function isOwnUsername(tx: Tx, tenantId: string, canonical: string): Promise<boolean> {
  const row = await tx
    .selectFrom('subscriptions')
    .where('tenant_id', '=', tenantId)
    .where('canonical_username', '=', canonical)
    .select('id')
    .executeTakeFirst();
  return row !== undefined;
}

export type Link = {
  readonly kind: 'erp_customer' | 'erp_subscription' | 'radius_username' | 'mac';
  readonly value: string;
};

/** A modem that is locked to a line that has ended is free for another. */
async function freeEndedLinks(tx: Tx, tenantId: string, { kind, value }: Link): Promise<void> {
  await sql`
    delete from bridge_links l using subscriptions s
    left join access a on a.tenant_id = s.tenant_id and a.subscription_id = s.id
    where l.tenant_id = ${tenantId} and l.kind = ${kind} and l.value = ${value}
      and s.tenant_id = l.tenant_id and s.id = l.subscription_id
      and (s.terminated_at is not null or a.state = 'terminated')`.execute(tx);
}

/** Records what a line is elsewhere, and who said so (spec B1); answers the links that another line holds. */
export async function linkLine(
  tx: Tx,
  tenantId: string,
  subscriptionId: string,
  links: readonly Link[],
  source: string,
): Promise<readonly Link[]> {
  const taken: Link[] = [];
  for (const link of links) {
    if (link.kind === 'mac') await freeEndedLinks(tx, tenantId, link);
    const written = await tx
      .insertInto('bridge_links')
      .values({ tenant_id: tenantId, subscription_id: subscriptionId, ...link, source })
      .onConflict((conflict) => conflict.doNothing())
      .returning('kind')
      .executeTakeFirst();
    if (!written) taken.push(link);
  }
  return taken;
}

/** Has the ledger told which username its subscription was given. */
export async function tellLedger(
  tx: Tx,
  tenantId: string,
  line: { readonly id: string; readonly erpSubscription: string; readonly username: string },
  correlationId: string,
): Promise<void> {
  const { erpSubscription, username } = line;
  const intent: Intent = { kind: 'ledger.username', erpSubscription, username };
  await appendIntents(tx, tenantId, [
    {
      intent,
      key: erpSubscription,
      subscriptionId: line.id,
      generation: await takeGeneration(tx),
      urgency: urgency.other,
      correlationId,
    },
  ]);
}

/** One line of the timeline that no hand wrote. */
export async function tellLine(
  tx: Tx,
  tenantId: string,
  subscriptionId: string,
  told: {
    readonly kind: string;
    readonly text: string;
    readonly correlationId: string;
    readonly data: Record<string, unknown>;
  },
): Promise<void> {
  const { kind, text, correlationId, data } = told;
  await tx
    .insertInto('timeline')
    .values({
      tenant_id: tenantId,
      subscription_id: subscriptionId,
      kind,
      text,
      correlation_id: correlationId,
      data: JSON.stringify(data),
    })
    .execute();
}
