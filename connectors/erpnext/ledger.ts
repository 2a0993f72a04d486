import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import { type Breaker, createBreaker } from '#connectors/kit/breaker.ts';
import { createHttp } from '#connectors/kit/http.ts';
import type { LedgerFact } from '#domain/facts.ts';
import type { Currency } from '#domain/money.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Fetched, Known, Ledger, LedgerFailure } from '#ports/ledger/port.ts';
import { checkErpnext } from './check.ts';
import { createErpnextClient, type ErpnextClient, type Fields } from './client.ts';
import { customerDoctype, readCustomer } from './customer.ts';
import { createErpnextFeed } from './feed.ts';
import type { Counting } from './field-shapes.ts';
import { createErpnextSetup } from './install/setup.ts';
import { type InvoiceReader, invoiceDoctype, invoiceReader, type Versioned } from './invoice.ts';
import { journalDoctype, journalReader } from './journal.ts';
import { type ErpnextMapping, loadErpnextMapping } from './mapping.ts';
import { createCustomer } from './new-customer.ts';
import { planDoctype, planReader } from './plan.ts';
import { createErpnextPush } from './push/push.ts';
import { readOpen } from './reading.ts';
import { type ReceiptReader, receiptDoctype, receiptReader } from './receipt.ts';
import { type RefundReader, refundReader } from './refund.ts';
import { readSubscription, subscriptionDoctype } from './subscription.ts';
import { listSubscriptions } from './subscriptions.ts';
import { writeUsername } from './username.ts';

export type ErpnextLedgerOptions = {
  readonly url: string;
  readonly apiKey: string;
  readonly apiSecret: string;
  /** The tenant's. */
  readonly currency: Currency;
  /** Documents in another currency are refused; false while nobody has chosen one (see `Counting`). */
  readonly isCurrencyChosen: boolean;
  readonly guard: AddressGuard;
  /** Of one request, whole. */
  readonly timeoutMs: number;
  /** PEM of a private certificate authority. */
  readonly ca?: string;
  readonly mapping?: ErpnextMapping;
  /** Rows of one list page. */
  readonly pageLength?: number;
  readonly now?: () => Date;
  readonly breaker?: Breaker;
  /** How far back changes are asked for again; only a test that shows what is missed without it gives another one. */
  readonly overlapMs?: number;
};

/** The longest that a save of ERPNext may take from its stamp to its commit. */
const usualOverlapMs = 600_000;

/** A page of 500 invoices is about 250 kB; a document with a thousand lines about 2 MB. */
const maxBytes = 8_000_000;
const defaultPageLength = 500;

type Reader = (document: Fields) => Result<Versioned<LedgerFact> | null, string>;

/** ERPNext as the ledger (spec chapter 6), over its REST API with an API key. Holds connections until `close`. */
export function createErpnextLedger(options: ErpnextLedgerOptions): Ledger & { close(): void } {
  const { currency, mapping = loadErpnextMapping(), pageLength = defaultPageLength, now = () => new Date() } = options;
  const breaker = options.breaker ?? createBreaker({ threshold: 5, coolDownMs: 5000, now: () => performance.now() });
  const http = createHttp({
    baseUrl: options.url,
    headers: { Authorization: `token ${options.apiKey}:${options.apiSecret}` },
    timeoutMs: options.timeoutMs,
    maxBytes,
    guard: options.guard,
    ...(options.ca === undefined ? {} : { ca: options.ca }),
  });
  const client = createErpnextClient(http, breaker, now);
  const counting = { currency, isChosen: options.isCurrencyChosen };
  const invoices = invoiceReader(counting);
  const receipts = receiptReader(counting, mapping['Payment Entry'].reference);
  const refunds = refundReader(counting);
  const readers = readersOf({ invoices, receipts, refunds }, mapping, counting);
  const parts = { client, invoices, receipts, pageLength, now };

  return {
    fetch: (doctype, name) => fetchFact(client, readers.get(doctype), doctype, name),
    readCustomer: (customer, known = nothingKnown) => readOpen(parts, customer, known),
    readAll: (known = nothingKnown) => readOpen(parts, null, known),
    subscriptions: (known = nothingKnown) => listSubscriptions(client, mapping.Subscription, pageLength, known),
    writeUsername: (subscription, username) =>
      writeUsername(client, mapping.Subscription.username, subscription, username),
    createCustomer: (customer) => createCustomer(client, mapping.Customer.reference, customer),
    test: () => checkErpnext(client, mapping, currency),
    feed: createErpnextFeed({ ...parts, refunds, overlapMs: options.overlapMs ?? usualOverlapMs }),
    push: createErpnextPush(parts, mapping, currency),
    setup: createErpnextSetup(client, mapping),
    close: () => http.close(),
  };
}

const nothingKnown: Known = () => undefined;

type MoneyReaders = {
  readonly invoices: InvoiceReader;
  readonly receipts: ReceiptReader;
  readonly refunds: RefundReader;
};

/** One doctype for money of a customer and for money that goes back. */
function paymentOf(document: Fields, receipts: ReceiptReader, refunds: RefundReader): ReturnType<Reader> {
  const receipt = receipts.document(document);
  return receipt.ok && receipt.value === null ? refunds(document) : receipt;
}

const readersOf = (
  { invoices, receipts, refunds }: MoneyReaders,
  mapping: ErpnextMapping,
  counting: Counting,
): ReadonlyMap<string, Reader> =>
  new Map<string, Reader>([
    [invoiceDoctype, invoices.document],
    [receiptDoctype, (document) => paymentOf(document, receipts, refunds)],
    [subscriptionDoctype, (document) => readSubscription(document, mapping.Subscription)],
    [customerDoctype, readCustomer],
    [planDoctype, planReader(counting)],
    [journalDoctype, journalReader(counting)],
  ]);

async function fetchFact(
  client: ErpnextClient,
  reader: Reader | undefined,
  doctype: string,
  name: string,
): Promise<Result<Fetched | null, LedgerFailure>> {
  if (!reader) return err({ reason: 'rejected', detail: `the hub has no use for ${doctype}` });
  const document = await client.document(doctype, name);
  if (!document.ok || document.value === null) return document.ok ? ok(null) : document;
  const read = reader(document.value);
  return read.ok ? read : err({ reason: 'nonsense', detail: read.error });
}
