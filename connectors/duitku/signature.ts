import { createHash } from 'node:crypto';

const md5 = (...parts: readonly string[]): string => createHash('md5').update(parts.join('')).digest('hex');

/** Duitku signs with an MD5 over a few fields and its API key; which, and in which order, differs by what is signed. */
export const duitkuSignature = {
  /** A callback: neither its result nor its reference is signed, so it says no more than "look at this order". */
  callback: (merchant: string, amount: string, orderId: string, apiKey: string): string =>
    md5(merchant, amount, orderId, apiKey),
  order: (merchant: string, orderId: string, amount: bigint, apiKey: string): string =>
    md5(merchant, orderId, String(amount), apiKey),
  question: (merchant: string, orderId: string, apiKey: string): string => md5(merchant, orderId, apiKey),
} as const;
