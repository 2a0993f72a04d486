import type { Database, Tx } from '#db/database.ts';
import type { LocalDate } from '#domain/facts.ts';
import { groupNamespace } from '#domain/radius-groups.ts';
import type { Language } from '#domain/reason.ts';
import type { Result } from '#domain/result.ts';
import type { Log } from '#platform/log.ts';
import { Refusal } from '#platform/refusal.ts';
import { readTenantSettings, type TenantSettings } from '#platform/tenant-settings.ts';
import { candidatesOf, type HolderThere, maskedName, onlyOne } from './holder.ts';
import { findByKey, findLines, findTenant, type TenantHere, type VisitorRow } from './store.ts';
import type { StateWord, VoucherWord } from './words.ts';

/** A bill that is due; amounts in minor units. */
export type BillOwed = { readonly invoice: string; readonly amount: bigint; readonly dueDate: LocalDate };

/** What a page can show by itself: an e-wallet is an address elsewhere, which the walled garden may not let through. */
export const payMethods = ['qris', 'virtual_account'] as const;
export type PayMethod = (typeof payMethods)[number];

/** What a payer needs of a gateway's charge. */
export type ChargeShown = {
  readonly amount: bigint;
  readonly qr_string: string | null;
  readonly virtual_account: string | null;
  readonly bank: string | null;
};

export type IsolirDeps = {
  readonly db: Database;
  readonly log: Log;
  /** Who is at an address, as a tenant's enforcer knows it; of no tenant: the installation's. */
  readonly whoIsAt: (
    tenantId: string | null,
    address: string,
  ) => Promise<Result<HolderThere, { readonly detail: string }>>;
  /** The bills of a line that are due, whichever ledger they are in, the oldest first. */
  readonly owedBy: (tx: Tx, tenantId: string, subscriptionId: string) => Promise<readonly BillOwed[]>;
  /** Ways in which a payment gateway of the tenant's can collect a bill. */
  readonly waysToPay: (tenantId: string) => Promise<readonly PayMethod[]>;
  /** Has a gateway collect a bill of the visitor's; refuses where it cannot. */
  readonly openCharge: (
    at: { readonly tenantId: string; readonly correlationId: string },
    wish: { readonly bill: string; readonly method: PayMethod },
  ) => Promise<ChargeShown>;
  /** Renews the visitor's own line by a voucher; refuses with the reason in `details.reason` (spec R4). */
  readonly redeemVoucher: (
    at: { readonly tenantId: string; readonly correlationId: string },
    subscriptionId: string,
    code: string,
  ) => Promise<unknown>;
  readonly logoOf: (tenantId: string) => Promise<{ readonly content: Uint8Array; readonly type: string } | null>;
};

export type Shop = { readonly name: string; readonly phone: string };

/** Whoever is at the address. `nobody`: it cannot be told; `unseen`: it cannot be told just now. */
export type Visitor =
  | { readonly is: 'nobody' | 'unseen' }
  | {
      readonly is: 'known';
      readonly subscriptionId: string;
      readonly name: string;
      readonly code: string;
      readonly state: StateWord;
      readonly bills: readonly BillOwed[];
      /** A voucher would renew it. */
      readonly takesVouchers: boolean;
      /** The shop that takes its money as well (spec S1); null: there is none. */
      readonly shop: Shop | null;
    };

/** Whose page it is, and what it says of its visitor. */
export type IsolirSight = {
  readonly company: string;
  readonly language: Language;
  readonly settings: TenantSettings;
  readonly logo: string | null;
  readonly visitor: Visitor;
  /** What came of the voucher that was typed in; null: none was. */
  readonly voucher: VoucherWord | null;
  /** How bills can be paid at once, and what came of asking for that; `failed`: the gateway made none. */
  readonly ways: readonly PayMethod[];
  readonly charge: (ChargeShown & { readonly bill: string }) | 'failed' | null;
};

/** Larger ones would take a slow line longer than the whole rest of the page. */
const logoMaxBytes = 12_000;

const wordOfReason: Readonly<Record<string, StateWord>> = {
  held: 'held',
  awaiting_installation: 'new',
  awaiting_first_payment: 'new',
  terminated: 'ended',
  quota_used_up: 'used',
  validity_over: 'expired',
};

/** Where a voucher is of no use, or not yet. */
const withoutVoucher: readonly StateWord[] = ['held', 'ended', 'restored'];

function stateWord({ state, reason }: VisitorRow, bills: readonly BillOwed[]): StateWord {
  if (state === 'active') return 'restored';
  const code: unknown = Object(reason).code;
  const word = typeof code === 'string' ? wordOfReason[code] : undefined;
  if (word === 'held' || word === 'ended') return word;
  return bills.length > 0 ? 'owing' : (word ?? 'other');
}

async function visitorOf(deps: IsolirDeps, tenantId: string, address: string): Promise<Visitor> {
  const holder = await deps.whoIsAt(tenantId, address);
  if (!holder.ok) {
    deps.log.warn('the isolir page cannot tell who asks', { tenant: tenantId, error: holder.error.detail });
    return { is: 'unseen' };
  }
  const candidates = candidatesOf(holder.value.sessions, tenantId);
  if (candidates.length === 0) return { is: 'nobody' };
  return deps.db.look(tenantId, async (tx) => {
    const rows = await findLines(
      tx,
      tenantId,
      candidates.map(({ username }) => username),
    );
    const username = onlyOne(rows.map((row) => row.canonical_username));
    const row = rows.find((one) => one.canonical_username === username);
    if (!row) return { is: 'nobody' };
    const bills = await deps.owedBy(tx, tenantId, row.id);
    const state = stateWord(row, bills);
    return {
      is: 'known',
      subscriptionId: row.id,
      name: maskedName(row.name),
      code: row.customer_code,
      state,
      bills: state === 'restored' ? [] : bills,
      takesVouchers: row.billing_mode === 'prepaid' && !withoutVoucher.includes(state),
      shop: row.reseller_name === null ? null : { name: row.reseller_name, phone: row.reseller_phone ?? '' },
    };
  });
}

async function logoOf(deps: IsolirDeps, tenantId: string): Promise<string | null> {
  const logo = await deps.logoOf(tenantId);
  if (!logo || logo.content.length > logoMaxBytes) return null;
  return `data:${logo.type};base64,${Buffer.from(logo.content).toString('base64')}`;
}

/** What came of what the visitor asked for, beside the page as it is. */
type Asked = Partial<Pick<IsolirSight, 'voucher' | 'charge'>>;

async function sightOf(deps: IsolirDeps, tenant: TenantHere, address: string, asked: Asked = {}): Promise<IsolirSight> {
  const settings = readTenantSettings(tenant.settings);
  const [visitor, logo, ways] = await Promise.all([
    visitorOf(deps, tenant.id, address),
    logoOf(deps, tenant.id),
    deps.waysToPay(tenant.id),
  ]);
  const company = settings.branding.name ?? tenant.name;
  const { language } = settings;
  return { company, language, settings, logo, visitor, ways, voucher: null, charge: null, ...asked };
}

const tenantNamed = (deps: IsolirDeps, subdomain: string): Promise<TenantHere | undefined> =>
  deps.db.gateOnce((tx) => findTenant(tx, subdomain));

/** What the page of a tenant says to whoever asks from `address`; null: there is no such tenant. */
export async function seeVisitor(deps: IsolirDeps, subdomain: string, address: string): Promise<IsolirSight | null> {
  const tenant = await tenantNamed(deps, subdomain);
  return tenant ? sightOf(deps, tenant, address) : null;
}

/** Where a request came from. */
export type From = { readonly address: string; readonly correlationId: string };

/** Asks a gateway for a charge of one of the visitor's own due bills, and shows it; another's bill is none here. */
export async function payBill(
  deps: IsolirDeps,
  subdomain: string,
  { address, correlationId }: From,
  wish: { readonly bill: string; readonly method: string },
): Promise<IsolirSight | null> {
  const tenant = await tenantNamed(deps, subdomain);
  if (!tenant) return null;
  const visitor = await visitorOf(deps, tenant.id, address);
  const bill = visitor.is === 'known' ? visitor.bills.find(({ invoice }) => invoice === wish.bill) : undefined;
  const method = payMethods.find((one) => one === wish.method);
  if (!bill || !method) return sightOf(deps, tenant, address);
  try {
    const charge = await deps.openCharge({ tenantId: tenant.id, correlationId }, { bill: bill.invoice, method });
    return sightOf(deps, tenant, address, { charge: { ...charge, bill: bill.invoice } });
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    deps.log.warn('the isolir page got no charge', { tenant: tenant.id, error: error.message });
    return sightOf(deps, tenant, address, { charge: 'failed' });
  }
}

const whyNot: Readonly<Record<string, VoucherWord>> = {
  used: 'used',
  void: 'void',
  expired: 'expired',
  other_plan: 'other_plan',
};

/** What a refused voucher is told; null: it was no refusal of the voucher. */
function refusalWord(error: unknown): VoucherWord | null {
  if (!(error instanceof Refusal)) return null;
  const { code, details } = error;
  if (code === 'NOT_FOUND' || code === 'VALIDATION_ERROR') return 'unknown';
  if (code === 'RATE_LIMIT') return 'often';
  return code === 'CONFLICT' ? (whyNot[String(details?.reason)] ?? 'unfit') : null;
}

/** Redeems what was typed for the line at `address` alone, whoever typed it, and shows the page as it is afterwards. */
export async function useVoucher(
  deps: IsolirDeps,
  subdomain: string,
  from: From,
  code: string,
): Promise<IsolirSight | null> {
  const tenant = await tenantNamed(deps, subdomain);
  if (!tenant) return null;
  const visitor = await visitorOf(deps, tenant.id, from.address);
  if (visitor.is !== 'known') return sightOf(deps, tenant, from.address);
  try {
    await deps.redeemVoucher({ tenantId: tenant.id, correlationId: from.correlationId }, visitor.subscriptionId, code);
  } catch (error) {
    const word = refusalWord(error);
    if (word === null) throw error;
    return sightOf(deps, tenant, from.address, { voucher: word });
  }
  return sightOf(deps, tenant, from.address, { voucher: 'taken' });
}

/** Whose page belongs to an address that names none: its router's tenant, or its session's; null: it cannot be told. */
export async function tenantAt(deps: IsolirDeps, address: string): Promise<TenantHere | null> {
  const holder = await deps.whoIsAt(null, address);
  if (!holder.ok) return null;
  const { sessions, routerOf } = holder.value;
  const keys = sessions.flatMap(({ group }) => (group === null ? [] : (groupNamespace(group) ?? [])));
  const key = routerOf ?? onlyOne(keys);
  if (key === null) return null;
  return (await deps.db.gateOnce((tx) => findByKey(tx, key))) ?? null;
}
