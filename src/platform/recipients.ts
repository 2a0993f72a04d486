import { createHmac } from 'node:crypto';
import type { Vault } from '#platform/secrets.ts';

/** Tells recipients apart without keeping who they are. */
export type Recipients = {
  /** 32 bytes, the same for each spelling of an address; of no use without the master key, or for another tenant. */
  hash(tenantId: string, channel: 'email', address: string): Buffer;
};

export function createRecipients(vault: Pick<Vault, 'derive'>): Recipients {
  const key = vault.derive('message recipients');
  return {
    hash: (tenantId, channel, address) =>
      createHmac('sha256', key).update([tenantId, channel, address.trim().toLowerCase()].join('\u0000')).digest(),
  };
}

/** As much of an address as lists may show: `budi@example.net` is `b***@example.net`. */
export function maskedEmail(address: string): string {
  const at = address.lastIndexOf('@');
  return at < 1 ? '***' : `${[...address][0]}***${address.slice(at)}`;
}
