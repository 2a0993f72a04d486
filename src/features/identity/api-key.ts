import { createHash, randomBytes } from 'node:crypto';

/** `jbt_` and 256 random bits: found in a log or a repository, it says what it is. */
const form = /^jbt_[A-Za-z0-9_-]{43}$/;

export const isApiKey = (text: string): boolean => form.test(text);
export const newApiKey = (): string => `jbt_${randomBytes(32).toString('base64url')}`;
export const hintOf = (key: string): string => key.slice(0, 8);
/** What is kept of a key: of 256 random bits a plain digest gives nothing away. */
export const apiKeyHash = (key: string): Buffer => createHash('sha256').update(key).digest();
