import { askCustomer, markDocuments } from '#access/mark-dirty.ts';
import type { Tx } from '#db/database.ts';

/** Has the ledger read what a customer owes who is new here: bills from before would otherwise be found by chance only. */
export const askAboutCustomer = (tx: Tx, tenantId: string, erpCustomer: string, correlationId: string): Promise<void> =>
  markDocuments(tx, tenantId, [{ doctype: askCustomer, name: erpCustomer, correlationId }]);
