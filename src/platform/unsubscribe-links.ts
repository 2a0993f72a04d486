import { createHmac, timingSafeEqual } from 'node:crypto';
import type { Vault } from '#platform/secrets.ts';

/** Whose message a link was in; who it went to follows from that. */
export type UnsubscribeSubject = { readonly tenantId: string; readonly messageId: string };

/** Links by which whoever got a message ends further ones, without logging in (RFC 8058). */
export type UnsubscribeLinks = {
  urlFor(subject: UnsubscribeSubject): string;
  /** Null: nobody here made it. */
  read(token: string): UnsubscribeSubject | null;
};

const signatureBytes = 16;
const tokenForm = /^[A-Za-z0-9_-]{64}$/;

const bytesOf = (uuid: string): Buffer => Buffer.from(uuid.replaceAll('-', ''), 'hex');
const uuidOf = (bytes: Buffer): string =>
  bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** `publicUrl` is where the hub is reached: the link is `<publicUrl>/u/<token>`. */
export function createUnsubscribeLinks(vault: Pick<Vault, 'derive'>, publicUrl: string): UnsubscribeLinks {
  const key = vault.derive('unsubscribe links');
  const sign = (subject: Buffer): Buffer =>
    createHmac('sha256', key).update(subject).digest().subarray(0, signatureBytes);
  return {
    urlFor: ({ tenantId, messageId }) => {
      const subject = Buffer.concat([bytesOf(tenantId), bytesOf(messageId)]);
      const token = Buffer.concat([subject, sign(subject)]).toString('base64url');
      return `${publicUrl.replace(/\/+$/, '')}/u/${token}`;
    },
    read: (token) => {
      if (!tokenForm.test(token)) return null;
      const bytes = Buffer.from(token, 'base64url');
      const subject = bytes.subarray(0, 32);
      if (!timingSafeEqual(bytes.subarray(32), sign(subject))) return null;
      return { tenantId: uuidOf(subject.subarray(0, 16)), messageId: uuidOf(subject.subarray(16)) };
    },
  };
}
