import type { Language } from '#domain/reason.ts';

/** What a reseller asks its provider about. */
export const requestKinds = ['no_internet', 'slow', 'billing', 'move', 'plan', 'equipment', 'other'] as const;
export type RequestKind = (typeof requestKinds)[number];

/** `open`: the provider's turn; `answered`: the reseller's. */
export const requestStates = ['open', 'answered', 'closed'] as const;
export type RequestState = (typeof requestStates)[number];

/** A kind as it stands in a message. */
export const kindWords: Readonly<Record<RequestKind, Readonly<Record<Language, string>>>> = {
  no_internet: { id: 'internet mati', en: 'no internet' },
  slow: { id: 'internet lambat', en: 'slow internet' },
  billing: { id: 'tagihan', en: 'a bill' },
  move: { id: 'pindah alamat', en: 'a move to another address' },
  plan: { id: 'ganti paket', en: 'a change of plan' },
  equipment: { id: 'perangkat', en: 'equipment' },
  other: { id: 'hal lain', en: 'something else' },
};
