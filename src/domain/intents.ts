import type { AttributeRow, DesiredAccess } from '#domain/access.ts';

/**
 * What goes out, as stored in the outbox: desired states, never commands (law 4). Whatever is secret is sealed; the
 * dispatcher opens it just before the port call.
 */
export type Intent =
  | {
      readonly kind: 'access.apply';
      readonly subscriptionId: string;
      readonly username: string;
      readonly passwordSealed: string;
      readonly desired: DesiredAccess;
      /** Leave who is online alone: the line is served for the first time, or was adopted. */
      readonly keepSessions: boolean;
    }
  | {
      readonly kind: 'group.apply';
      readonly group: string;
      readonly check: readonly AttributeRow[];
      readonly reply: readonly AttributeRow[];
    }
  | { readonly kind: 'nas.apply'; readonly nasId: string }
  /** The router is in the bridge no more. */
  | { readonly kind: 'nas.remove'; readonly address: string }
  | { readonly kind: 'tenant.apply'; readonly tenantKey: string; readonly allowRoaming: boolean }
  | {
      readonly kind: 'sessions.drop';
      readonly subscriptionId: string;
      readonly username: string;
      /** Sessions that were let in under this group may stay. */
      readonly group: string;
      /** When the rows were written, by the RADIUS database's clock: a session that began later read the new rows. */
      readonly appliedAt: string;
    }
  /** Sessions of the group are to have the rows that it holds since `appliedAt`, by the RADIUS database's clock. */
  | { readonly kind: 'sessions.refresh'; readonly group: string; readonly appliedAt: string }
  /** The same for one line's sessions. */
  | {
      readonly kind: 'sessions.change';
      readonly subscriptionId: string;
      readonly username: string;
      readonly group: string;
      readonly appliedAt: string;
    }
  /** An accounting row that is proved to be of no living session (spec R8); it is closed if it is still as it was seen. */
  | {
      readonly kind: 'session.close';
      readonly subscriptionId: string;
      readonly username: string;
      readonly uniqueId: string;
      readonly updatedAt: string | null;
      readonly proof: 'nas_restarted' | 'silent_three_intervals';
      /** The proof in words. */
      readonly why: string;
    }
  /** RADIUS's own console is to show who the user is; that is read when it goes out. */
  | { readonly kind: 'user.describe'; readonly subscriptionId: string; readonly username: string }
  | { readonly kind: 'ledger.username'; readonly erpSubscription: string; readonly username: string }
  /** A customer who arose here is to be one of the ledger, once; what it is called is read when it goes out. */
  | { readonly kind: 'ledger.customer'; readonly customerId: string }
  /** A line that arose here is to be a subscription of the ledger, once. */
  | { readonly kind: 'ledger.subscription'; readonly subscriptionId: string }
  /** Money that the hub took (`payments`), a bill of its making (`ledger_invoices`): one document of the ledger each. */
  | { readonly kind: 'ledger.payment'; readonly paymentId: string }
  | { readonly kind: 'ledger.invoice'; readonly invoiceId: string }
  /** The ledger is to name the modem that is at the line's place then; none: it has none. */
  | { readonly kind: 'ledger.modem'; readonly subscriptionId: string }
  /** A unit is to be moved in the tracker, as `asset_operations` says. */
  | { readonly kind: 'asset.move'; readonly operationId: string }
  /** The tracker is to show what the hub knows of a unit: its MAC, its labels, its line. */
  | { readonly kind: 'asset.label'; readonly assetId: string }
  /** Scans that waited for this unit are to be judged again. */
  | { readonly kind: 'scan.resume'; readonly assetId: string }
  /** What a scan still waits for is looked at: the rows of the lock, the modem's session. */
  | { readonly kind: 'scan.watch'; readonly scanId: string }
  /** What a technician is paid on top for a month (`incentives`): one Additional Salary of the ledger's payroll. */
  | { readonly kind: 'ledger.salary'; readonly incentiveId: string }
  /** That somebody came or went (`attendance`): one Employee Checkin of the ledger's HR. */
  | { readonly kind: 'ledger.checkin'; readonly checkInId: string }
  /** What resellers earn by a customer's money is to be what it should be (`commissions`). */
  | { readonly kind: 'commission.settle'; readonly customerId: string }
  /** A payout of commission: one Journal Entry of the ledger, or one Additional Salary. */
  | { readonly kind: 'ledger.payout'; readonly payoutId: string }
  /** The tenant is being deleted: nothing of it stays at its enforcer (spec T4). */
  | { readonly kind: 'tenant.remove'; readonly tenantKey: string }
  | { readonly kind: 'message.send'; readonly messageId: string }
  | { readonly kind: 'webhook.deliver'; readonly deliveryId: string };

export type IntentKind = Intent['kind'];
