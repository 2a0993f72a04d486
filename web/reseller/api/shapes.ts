import type { Commission as WholeCommission } from '#http/client/rooms/commissions.ts';
import type { RegisteredCustomer, RegisteredSubscription } from '#http/client/rooms/customers.ts';
import type { DepositTopUp } from '#http/client/rooms/deposit-top-ups.ts';
import type { NewLead as WholeLead } from '#http/client/rooms/leads.ts';
import type { CommissionSummary as WholeSummary } from '#http/client/rooms/reseller-commissions.ts';
import type { PlaceAnswer } from '#http/client/rooms/reseller-coverage.ts';
import type {
  ImportedCustomers,
  NewSubCustomer,
  SubCustomerStatus,
  SubCustomer as WholeSubCustomer,
} from '#http/client/rooms/reseller-customers.ts';
import type { ResellerDashboard } from '#http/client/rooms/reseller-dashboard.ts';
import type { DepositMove, NewDepositTopUp, Deposit as WholeDeposit } from '#http/client/rooms/reseller-deposit.ts';
import type { SubCustomerBill, SubCustomerBillPage } from '#http/client/rooms/reseller-invoices.ts';
import type { DepositPayment, NewDepositPayment } from '#http/client/rooms/reseller-payments.ts';
import type { SoldPlans as WholePlans } from '#http/client/rooms/reseller-plans.ts';
import type {
  NewRequestMessage,
  NewResellerRequest,
  ResellerRequest,
  ResellerRequestThread,
} from '#http/client/rooms/reseller-requests.ts';
import type { VoucherOffers } from '#http/client/rooms/reseller-voucher-offers.ts';
import type { VoucherSale, VoucherSaleWithCodes } from '#http/client/rooms/reseller-voucher-sales.ts';
import type { VoucherPurchase } from '#http/client/rooms/reseller-vouchers.ts';

// Of the hub's own types no more than the page shows and sends: what a route answers otherwise does not compile here, and
// a test that stands for the hub answers with these.

type Part<T, K extends keyof T> = Readonly<Pick<T, K>>;

export type Rows<T> = { readonly data: readonly T[]; readonly total: number };

export type Dashboard = Part<
  ResellerDashboard,
  'customers' | 'to_collect' | 'due_soon' | 'open_requests' | 'deposit' | 'commission_this_month'
>;

export type SoldPlan = Part<WholePlans['data'][number], 'id' | 'name' | 'price' | 'speed_download' | 'speed_upload'>;
export type SoldPlans = { readonly data: readonly SoldPlan[] };
export type SubCustomer = Part<WholeSubCustomer, 'id' | 'name' | 'plan' | 'state' | 'dot' | 'open'>;
export type Dot = SubCustomer['dot'];

type WholeLine = SubCustomerStatus['lines'][number];
export type Session = Part<WholeLine['sessions'][number], 'started_at' | 'ended_at' | 'up_mb' | 'down_mb'>;
export type Line = Part<
  WholeLine,
  'subscription_id' | 'username' | 'plan' | 'dot' | 'online_since' | 'last_seen_at'
> & {
  readonly why: Part<WholeLine['why'], 'text'>;
  readonly sessions: readonly Session[];
};
export type CustomerStatus = Part<
  SubCustomerStatus,
  'id' | 'customer_code' | 'name' | 'phone' | 'address' | 'latitude' | 'longitude' | 'state' | 'dot' | 'open'
> & { readonly lines: readonly Line[] };

export type Bills = Part<SubCustomerBillPage, 'open'> & {
  readonly data: readonly Part<SubCustomerBill, 'number' | 'due_date' | 'is_overdue' | 'outstanding'>[];
};
export type Payment = Part<NewDepositPayment, 'customer_id'> & { readonly amount: number };
export type Paid = Part<DepositPayment, 'amount' | 'balance'>;

export type Coverage = Part<PlaceAnswer, 'covered' | 'areas' | 'may_register'>;
export type NewCustomer = Readonly<NewSubCustomer>;
export type NewLead = Readonly<WholeLead>;
export type Registered = Part<RegisteredCustomer, 'id' | 'name' | 'customer_code'> & {
  readonly subscription?: Part<RegisteredSubscription, 'username' | 'password'> | undefined;
};

export type Offers = Readonly<VoucherOffers>;
export type Offer = Offers['data'][number];
export type Purchase = Readonly<VoucherPurchase>;
type Batch = Part<VoucherSale['batch'], 'days' | 'price' | 'service_plan' | 'expires_on'>;
export type Sale = Part<VoucherSale, 'id' | 'count' | 'amount' | 'redeemed' | 'sold_at'> & { readonly batch: Batch };
export type SoldVoucher = Readonly<VoucherSaleWithCodes['vouchers'][number]>;
export type SaleWithCodes = Sale & { readonly vouchers: readonly SoldVoucher[] };

export type Deposit = Part<WholeDeposit, 'balance' | 'low_mark' | 'spent_today' | 'daily_limit' | 'ways'>;
export type Move = Part<DepositMove, 'no' | 'at' | 'kind' | 'amount' | 'balance' | 'memo'>;
export type Charge = Part<NonNullable<DepositTopUp['charge']>, 'qr_string' | 'virtual_account' | 'bank' | 'url'>;
export type TopUp = Part<
  DepositTopUp,
  'id' | 'amount' | 'method' | 'reference' | 'state' | 'requested_at' | 'reason'
> & { readonly charge: Charge | null };
export type NewTopUp = Readonly<NewDepositTopUp>;
/** How money comes in: what may be asked for, and what a request that the office wrote down may have been. */
export type Way = TopUp['method'];

export type CommissionSummary = Part<WholeSummary, 'owed' | 'paid' | 'this_month' | 'months'>;
export type Month = CommissionSummary['months'][number];
export type Commission = Part<WholeCommission, 'id' | 'at' | 'customer_name' | 'service_plan_name' | 'amount'>;

export type Request = Part<ResellerRequest, 'id' | 'kind' | 'text' | 'state' | 'customer' | 'updated_at'>;
export type NewRequest = Readonly<NewResellerRequest>;
export type Reply = Readonly<NewRequestMessage>;
export type Thread = Request & { readonly messages: ResellerRequestThread['messages'] };

type WholeRow = ImportedCustomers['rows'][number];
export type Column = WholeRow['errors'][number]['column'];
type ImportFault = Part<WholeRow['errors'][number], 'column' | 'message'>;
export type ImportRow = Part<WholeRow, 'row' | 'name' | 'phone' | 'plan'> & {
  readonly errors: readonly ImportFault[];
  readonly warnings: readonly ImportFault[];
};
type ImportedCustomer = Part<ImportedCustomers['customers'][number], 'customer_id' | 'name' | 'username' | 'password'>;
export type Import = Part<ImportedCustomers, 'imported_before' | 'good' | 'bad'> & {
  readonly rows: readonly ImportRow[];
  readonly customers: readonly ImportedCustomer[];
};
