import { type Currency, toDecimal, toMinor } from '#domain/money.ts';
import type { LedgerPush } from '#ports/ledger/push/port.ts';
import type { ErpnextMapping } from '../mapping.ts';
import type { ListParts } from '../open-rows.ts';
import { writeUsername } from '../username.ts';
import { createInvoice } from './bill.ts';
import { createIssue, createSalary, recordCheckIn } from './desk.ts';
import { createJournal } from './journal.ts';
import { recordPayment } from './payment.ts';
import type { Pusher } from './pusher.ts';
import { createSubscription } from './subscription.ts';

/** What the hub originates, brought to ERPNext once by the unique custom field that holds the hub's reference. */
export function createErpnextPush(parts: ListParts, mapping: ErpnextMapping, currency: Currency): LedgerPush {
  const pusher: Pusher = {
    ...parts,
    mapping,
    amount: (minor) => Number(toDecimal(minor, currency)),
    minor: (field) => {
      const read = typeof field === 'string' ? toMinor(field, currency) : null;
      return read?.ok ? read.value : null;
    },
  };
  return {
    recordPayment: recordPayment(pusher),
    createInvoice: createInvoice(pusher),
    createSubscription: createSubscription(pusher),
    createIssue: createIssue(pusher),
    createSalary: createSalary(pusher),
    createJournal: createJournal(pusher),
    writeModem: (subscription, serial) =>
      writeUsername(parts.client, mapping.Subscription.modem_serial, subscription, serial),
    recordCheckIn: recordCheckIn(pusher),
  };
}
