// Of the hub's answers under reseller/ no more than the page shows. Money: integers in the currency's minor unit.

export type Dot = 'green' | 'red' | 'grey';
export type Named = { readonly id: string; readonly name: string };
export type Rows<T> = {
  readonly data: readonly T[];
  readonly page: number;
  readonly page_size: number;
  readonly total: number;
};

export type Dashboard = {
  readonly customers: { readonly total: number } & Readonly<Record<Dot, number>>;
  readonly to_collect: { readonly customers: number; readonly amount: number };
  readonly due_soon: readonly (Named & { readonly amount: number; readonly due_date: string })[];
  readonly open_requests: number;
  readonly deposit: { readonly balance: number; readonly low_mark: number | null };
  readonly commission_this_month: number;
};

type Plan = Named & { readonly price: number };
export type SoldPlan = Plan & { readonly speed_download: number; readonly speed_upload: number };

export type SubCustomer = Named & {
  readonly customer_code: string;
  readonly phone: string;
  readonly plan: Plan | null;
  readonly state: string;
  readonly dot: Dot;
  readonly open: number;
};

export type Line = {
  readonly subscription_id: string;
  readonly username: string;
  readonly plan: Plan;
  readonly dot: Dot;
  readonly online_since: string | null;
  readonly last_seen_at: string | null;
  readonly why: { readonly text: { readonly id: string; readonly en: string } };
  readonly sessions: readonly Session[];
};
export type Session = {
  readonly started_at: string | null;
  readonly ended_at: string | null;
  readonly up_mb: number;
  readonly down_mb: number;
};
export type CustomerStatus = Omit<SubCustomer, 'plan'> & {
  readonly address: string;
  readonly latitude: number | null;
  readonly longitude: number | null;
  readonly lines: readonly Line[];
};

export type Bill = {
  readonly number: string;
  readonly due_date: string;
  readonly is_overdue: boolean;
  readonly outstanding: number;
};
export type Bills = { readonly data: readonly Bill[]; readonly open: number };
export type Paid = { readonly amount: number; readonly balance: number };

export type Coverage = { readonly covered: boolean; readonly areas: readonly Named[]; readonly may_register: boolean };
export type Registered = Named & {
  readonly customer_code: string;
  readonly subscription?: { readonly username: string; readonly password: string };
};

export type Offer = {
  readonly batch_id: string;
  readonly days: number;
  readonly price: number;
  readonly reseller_price: number;
  readonly service_plan: Named | null;
  readonly expires_on: string | null;
  readonly left: number;
};
export type Sale = {
  readonly id: string;
  readonly batch: {
    readonly days: number;
    readonly price: number;
    readonly service_plan: Named | null;
    readonly expires_on: string | null;
  };
  readonly count: number;
  readonly amount: number;
  readonly redeemed: number;
  readonly sold_at: string;
};
export type SoldVoucher = { readonly no: number; readonly state: string; readonly code: string | null };
export type SaleWithCodes = Sale & { readonly vouchers: readonly SoldVoucher[] };

export type Deposit = {
  readonly balance: number;
  readonly low_mark: number | null;
  readonly spent_today: number;
  readonly daily_limit: number | null;
  readonly ways: readonly string[];
};
export type Move = {
  readonly no: number;
  readonly at: string;
  readonly kind: string;
  readonly amount: number;
  readonly balance: number;
  readonly memo: string;
};
export type TopUp = {
  readonly id: string;
  readonly amount: number;
  readonly method: string;
  readonly reference: string | null;
  readonly state: string;
  readonly requested_at: string;
  readonly reason: string | null;
  readonly charge: Charge | null;
};
export type Charge = {
  readonly qr_string: string | null;
  readonly virtual_account: string | null;
  readonly bank: string | null;
  readonly url: string | null;
};

export type Month = {
  readonly month: string;
  readonly earned: number;
  readonly taken_back: number;
  readonly paid: number;
};
export type CommissionSummary = {
  readonly owed: number;
  readonly paid: number;
  readonly this_month: number;
  readonly months: readonly Month[];
};
export type Commission = {
  readonly id: string;
  readonly at: string;
  readonly customer_name: string | null;
  readonly service_plan_name: string | null;
  readonly amount: number;
};

export type Request = {
  readonly id: string;
  readonly kind: string;
  readonly text: string;
  readonly state: string;
  readonly customer: Named | null;
  readonly updated_at: string;
};
export type Message = Readonly<Record<'id' | 'by' | 'name' | 'text' | 'at', string>>;
export type Thread = Request & { readonly messages: readonly Message[] };

type ImportFault = { readonly column: string; readonly message: string };
export type ImportRow = {
  readonly row: number;
  readonly name: string;
  readonly phone: string;
  readonly plan: string;
  readonly errors: readonly ImportFault[];
  readonly warnings: readonly ImportFault[];
};
export type ImportedCustomer = {
  readonly customer_id: string;
  readonly name: string;
  readonly username: string;
  readonly password: string;
};
export type Import = {
  readonly imported_before: boolean;
  readonly good: number;
  readonly bad: number;
  readonly rows: readonly ImportRow[];
  readonly customers: readonly ImportedCustomer[];
};
