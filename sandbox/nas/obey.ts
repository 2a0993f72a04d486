import { codes } from '#connectors/freeradius/packet/codes.ts';
import { errorCauses } from '#connectors/freeradius/packet/error-cause.ts';
import type { LiveSession } from './live-session.ts';
import type { AttributeTexts } from './nas.ts';

export type Verdict =
  | { readonly nak: number }
  | {
      readonly session: LiveSession;
      readonly change: 'drop' | Partial<Pick<LiveSession, 'rateLimit' | 'sessionTimeoutSeconds'>>;
    };

/** What names the NAS or the session, or only accompanies the order; all else in a CoA is a wish. */
const noWish: ReadonlySet<string> = new Set([
  'User-Name',
  'Acct-Session-Id',
  'Framed-IP-Address',
  'NAS-IP-Address',
  'NAS-Identifier',
  'Calling-Station-Id',
  'Event-Timestamp',
  'Message-Authenticator',
  'Proxy-State',
]);
const granted: ReadonlySet<string> = new Set(['Mikrotik-Rate-Limit', 'Session-Timeout']);

export type Self = { readonly claimedAddress: string; readonly identifier: string };

function isForAnother(order: AttributeTexts, self: Self): boolean {
  const address = order['NAS-IP-Address']?.[0] ?? self.claimedAddress;
  const identifier = order['NAS-Identifier']?.[0] ?? self.identifier;
  return address !== self.claimedAddress || identifier !== self.identifier;
}

/** Each attribute that is given must fit; ids and names in their very letter case. */
function fits(session: LiveSession, order: AttributeTexts): boolean {
  const pairs = [
    [order['User-Name'], session.username],
    [order['Acct-Session-Id'], session.id],
    [order['Framed-IP-Address'], session.framedAddress],
    [order['Calling-Station-Id'], session.mac],
  ] as const;
  return pairs.every(([given, own]) => given === undefined || given[0] === own);
}

function find(order: AttributeTexts, sessions: readonly LiveSession[]): LiveSession | { readonly nak: number } {
  const names = ['User-Name', 'Acct-Session-Id', 'Framed-IP-Address'] as const;
  if (names.every((name) => order[name] === undefined)) return { nak: errorCauses.missingAttribute };
  const [session, ...others] = sessions.filter((one) => fits(one, order));
  if (!session) return { nak: errorCauses.sessionContextNotFound };
  return others.length > 0 ? { nak: errorCauses.multipleSessionSelectionUnsupported } : session;
}

/** A CoA changes speed and time limit; what else it asks for (an address list, an address, a pool) refuses it whole. */
function changeOf(order: AttributeTexts): Partial<Pick<LiveSession, 'rateLimit' | 'sessionTimeoutSeconds'>> | number {
  const wishes = Object.keys(order).filter((name) => !noWish.has(name));
  if (wishes.length === 0) return errorCauses.missingAttribute;
  if (!wishes.every((name) => granted.has(name))) return errorCauses.unsupportedAttribute;
  const [rateLimit] = order['Mikrotik-Rate-Limit'] ?? [];
  const [timeout] = order['Session-Timeout'] ?? [];
  return {
    ...(rateLimit === undefined ? {} : { rateLimit }),
    ...(timeout === undefined ? {} : { sessionTimeoutSeconds: Number(timeout) }),
  };
}

/** What a RouterOS does with a Disconnect or CoA whose signature is right (RFC 5176 §3). */
export function obey(code: number, order: AttributeTexts, sessions: readonly LiveSession[], self: Self): Verdict {
  if (isForAnother(order, self)) return { nak: errorCauses.nasIdentificationMismatch };
  const session = find(order, sessions);
  if ('nak' in session) return session;
  if (code === codes.disconnectRequest) return { session, change: 'drop' };
  const change = changeOf(order);
  return typeof change === 'number' ? { nak: change } : { session, change };
}
