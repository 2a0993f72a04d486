import type { AccessState } from '#domain/access.ts';
import { fill } from '#domain/message-template.ts';
import type { Language, Reason } from '#domain/reason.ts';

/** The dot before a customer's name: online; off, and somebody can do something about it; not yet, no more, or not known. */
export const dots = ['green', 'red', 'grey'] as const;
export type Dot = (typeof dots)[number];

/** `online` null: the sessions could not be looked at. */
export function dotOf(state: AccessState, online: boolean | null): Dot {
  if (state === 'pending' || state === 'terminated') return 'grey';
  if (state !== 'active') return 'red';
  return online === null ? 'grey' : online ? 'green' : 'red';
}

/** Decisions that are told to a shop in other words than their state. */
export const shopReasons = [
  'awaiting_first_payment',
  'quota_used_up',
  'validity_over',
] as const satisfies readonly Reason['code'][];
type ShopReason = (typeof shopReasons)[number];

/** What is known of a line when the shop that sold it asks about it. */
export type ShopFacts = {
  readonly state: AccessState;
  /** Of those that matter here. */
  readonly reason: ShopReason | null;
  readonly isInstalled: boolean;
  readonly online: boolean | null;
  /** It has been online at some time. */
  readonly wasSeen: boolean;
  /** The router that it was last seen behind answers the hub no more. */
  readonly routerAway: boolean;
  readonly owes: boolean;
};

export const shopCauses = [
  'ended',
  'held',
  'not_installed',
  'first_payment',
  'unpaid',
  'quota_used_up',
  'validity_over',
  'isolated',
  'waiting',
  'unknown',
  'online_owing',
  'online',
  'router_away',
  'never_seen',
  'disconnected',
] as const;
export type ShopCause = (typeof shopCauses)[number];

/** What the shop can do. */
export const shopSteps = ['pay', 'check_modem', 'ask_provider', 'wait', 'none'] as const;
export type ShopStep = (typeof shopSteps)[number];

type Rule = { readonly cause: ShopCause; readonly step: ShopStep; readonly when: (facts: ShopFacts) => boolean };

const isServed = ({ state }: ShopFacts): boolean => state === 'active';
const isWalledIn = ({ state }: ShopFacts): boolean => state === 'isolated';

/** The first that holds is the answer; the last of each state always does. */
const rules: readonly Rule[] = [
  { cause: 'ended', step: 'ask_provider', when: ({ state }) => state === 'terminated' },
  { cause: 'held', step: 'ask_provider', when: ({ state }) => state === 'suspended' },
  { cause: 'not_installed', step: 'wait', when: ({ state, isInstalled }) => state === 'pending' && !isInstalled },
  {
    cause: 'first_payment',
    step: 'pay',
    when: ({ state, reason }) => state === 'pending' && reason === 'awaiting_first_payment',
  },
  { cause: 'waiting', step: 'wait', when: ({ state }) => state === 'pending' },
  { cause: 'quota_used_up', step: 'ask_provider', when: (f) => isWalledIn(f) && f.reason === 'quota_used_up' },
  { cause: 'validity_over', step: 'pay', when: (f) => isWalledIn(f) && f.reason === 'validity_over' },
  { cause: 'unpaid', step: 'pay', when: (f) => isWalledIn(f) && f.owes },
  { cause: 'isolated', step: 'ask_provider', when: isWalledIn },
  { cause: 'unknown', step: 'wait', when: (f) => isServed(f) && f.online === null },
  { cause: 'online_owing', step: 'pay', when: (f) => isServed(f) && f.online === true && f.owes },
  { cause: 'online', step: 'none', when: (f) => isServed(f) && f.online === true },
  { cause: 'router_away', step: 'ask_provider', when: (f) => isServed(f) && f.routerAway },
  { cause: 'never_seen', step: 'check_modem', when: (f) => isServed(f) && !f.wasSeen },
  { cause: 'disconnected', step: 'check_modem', when: isServed },
];

export type ShopAnswer = { readonly cause: ShopCause; readonly step: ShopStep; readonly dot: Dot };

/** Why a line is as it is, and what the shop can do about it (spec S1). */
export function shopAnswer(facts: ShopFacts): ShopAnswer {
  const rule = rules.find(({ when }) => when(facts)) ?? { cause: 'unknown', step: 'wait' };
  return { cause: rule.cause, step: rule.step, dot: dotOf(facts.state, facts.online) };
}

/** What stands in the sentences: of one language, ready to be read. */
export type ShopValues = {
  readonly amount: string;
  readonly due: string;
  readonly since: string;
  readonly seen: string;
};

/** In words of a shop: what it is, and what to do. */
const words: Readonly<Record<ShopCause, Readonly<Record<Language, string>>>> = {
  ended: {
    id: 'Langganan sudah berhenti. Hubungi penyedia bila pelanggan ingin berlangganan lagi.',
    en: 'The subscription has ended. Ask the provider if the customer wants it back.',
  },
  held: {
    id: 'Layanan dihentikan sementara oleh penyedia. Tanyakan kepada penyedia.',
    en: 'The provider has stopped the service for now. Ask the provider.',
  },
  not_installed: {
    id: 'Belum dipasang. Tunggu teknisi datang memasang.',
    en: 'Not installed yet. Wait for the technician.',
  },
  first_payment: {
    id: 'Menunggu pembayaran pertama {{amount}}: bayar di sini, lalu internet menyala.',
    en: 'Waiting for the first payment of {{amount}}: pay it here, and the internet comes on.',
  },
  unpaid: {
    id: 'Belum bayar {{amount}}, jatuh tempo {{due}}: bayar di sini, lalu internet menyala lagi.',
    en: 'Not paid: {{amount}}, due {{due}}. Pay it here, and the internet comes back.',
  },
  quota_used_up: {
    id: 'Kuota bulan ini sudah habis. Internet menyala lagi bulan depan, atau minta penyedia mengganti paket.',
    en: 'This month’s quota is used up. It comes back next month, or the provider changes the plan.',
  },
  validity_over: {
    id: 'Masa aktif sudah habis. Isi ulang dengan voucher, lalu internet menyala lagi.',
    en: 'The days of service are over. Redeem a voucher, and the internet comes back.',
  },
  isolated: {
    id: 'Layanan sedang dibatasi. Tanyakan kepada penyedia.',
    en: 'The service is restricted just now. Ask the provider.',
  },
  waiting: {
    id: 'Sedang disiapkan. Coba lihat lagi sebentar lagi.',
    en: 'It is being prepared. Look again in a moment.',
  },
  unknown: {
    id: 'Keadaan modem tidak dapat dilihat saat ini. Coba lagi sebentar lagi.',
    en: 'The modem cannot be looked at just now. Try again in a moment.',
  },
  online: { id: 'Internet menyala sejak {{since}}.', en: 'Online since {{since}}.' },
  online_owing: {
    id: 'Internet menyala sejak {{since}}. Ada tagihan {{amount}}, jatuh tempo {{due}}.',
    en: 'Online since {{since}}. There is a bill of {{amount}}, due {{due}}.',
  },
  router_away: {
    id: 'Perangkat penyedia di daerah ini sedang terganggu. Penyedia yang memperbaiki; beri tahu lewat permintaan.',
    en: 'The provider’s equipment in this area is in trouble. The provider repairs it; tell it by a request.',
  },
  never_seen: {
    id: 'Modem belum pernah tersambung. Periksa listrik dan kabel modem, lalu nama pengguna dan kata sandinya.',
    en: 'The modem has never connected. Check its power and cable, then its username and password.',
  },
  disconnected: {
    id: 'Modem tidak tersambung (terakhir terlihat {{seen}}). Periksa listrik dan kabel modem.',
    en: 'The modem is not connected (last seen {{seen}}). Check its power and cable.',
  },
};

/** The sentence for the shop. */
export const shopWords = (cause: ShopCause, language: Language, values: ShopValues): string =>
  fill(words[cause][language], values);
