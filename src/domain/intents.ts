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
  | { readonly kind: 'ledger.username'; readonly erpSubscription: string; readonly username: string };

export type IntentKind = Intent['kind'];
