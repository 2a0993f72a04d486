import type { Tx } from '#db/database.ts';
import type { LedgerLine } from '#domain/ledger-line.ts';
import type { Result } from '#domain/result.ts';
import { canonicalUsername } from '#domain/username.ts';
import { customerOfErp } from '#features/customers/verbs.ts';
import type { Refusal } from '#platform/refusal.ts';
import { type AddedLine, addLine, type LineOwner, type LineRequest } from './add-line.ts';
import { askAboutCustomer } from './ask-customer.ts';
import { addCustomer, noDetails } from './customer-code.ts';
import { attempt } from './savepoint.ts';
import { readContext, type Surroundings, type TenantContext } from './tenant-context.ts';

const unknown = '-';

/** ERPNext bills what its own plan costs, whoever sold it. */
const ledgersPrice = { resellerId: null } as const;

/** The customer that the ledger's subscription is of; it arises here with its first line. */
async function ownerOf(tx: Tx, context: TenantContext, { subscription, customer }: LedgerLine): Promise<LineOwner> {
  const erpCustomer = subscription.customer;
  const known = await customerOfErp(tx, context.tenantId, erpCustomer);
  if (known) return { id: known.id, code: known.customer_code, erpCustomer, ...ledgersPrice };
  const details = {
    ...noDetails,
    name: customer?.customerName || erpCustomer,
    phone: customer?.phone || unknown,
    address: customer?.address || unknown,
    email: customer?.email ?? null,
    erpCustomer,
  };
  const added = await attempt(tx, () => addCustomer(tx, context, details, null));
  if (added.ok) return { ...added.value, erpCustomer, ...ledgersPrice };
  // Another line of this customer arose meanwhile, and the customer with it.
  const faster = await customerOfErp(tx, context.tenantId, erpCustomer);
  if (!faster) throw added.error;
  return { id: faster.id, code: faster.customer_code, erpCustomer, ...ledgersPrice };
}

function requestFor({ subscription }: LedgerLine, planId: string): LineRequest {
  const { name, billingMode, dueDay, username } = subscription;
  const isUsable = username !== null && canonicalUsername(username).ok;
  return {
    servicePlanId: planId,
    billingMode,
    dueDay,
    username: isUsable ? username : null,
    ifUsernameTaken: 'take_another',
    password: null,
    mac: null,
    ifMacTaken: 'leave_link',
    reply: [],
    routerId: null,
    erpSubscription: name,
    wasServed: false,
    source: 'erpnext',
    soldBy: null,
  };
}

/**
 * Makes a subscription of the ledger a line, with generated username and password (spec L1, C7). Refused: nothing is
 * left of it, and the caller's transaction goes on; so it is when somebody else was a moment faster.
 */
export const registerFromLedger = (
  tx: Tx,
  around: Surroundings,
  tenantId: string,
  ledgerLine: LedgerLine,
  planId: string,
  correlationId: string,
): Promise<Result<AddedLine, Refusal>> =>
  attempt(tx, async () => {
    const context = await readContext(tx, around, tenantId);
    const owner = await ownerOf(tx, context, ledgerLine);
    const added = await addLine(tx, context, owner, requestFor(ledgerLine, planId), correlationId);
    await askAboutCustomer(tx, tenantId, ledgerLine.subscription.customer, correlationId);
    return added;
  });
