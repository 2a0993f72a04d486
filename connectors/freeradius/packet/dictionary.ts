/** How the bytes of a value are read. `date`: seconds since 1970. `octets`: bytes, shown as `0x…`. */
export type ValueType = 'string' | 'octets' | 'integer' | 'ipaddr' | 'date';

type Entry = { readonly name: string; readonly vendor: number; readonly number: number; readonly type: ValueType };

/**
 * The attributes that the hub and its stand-in NAS use, under FreeRADIUS's names (RFC 2865–2869, 5176; the vendors'
 * pages). `vendor`: 0 is the standard's own space, 311 Microsoft, 14988 MikroTik; theirs travel inside type 26.
 */
export const dictionary = [
  { name: 'User-Name', vendor: 0, number: 1, type: 'string' },
  { name: 'User-Password', vendor: 0, number: 2, type: 'octets' },
  { name: 'CHAP-Password', vendor: 0, number: 3, type: 'octets' },
  { name: 'NAS-IP-Address', vendor: 0, number: 4, type: 'ipaddr' },
  { name: 'NAS-Port', vendor: 0, number: 5, type: 'integer' },
  { name: 'Service-Type', vendor: 0, number: 6, type: 'integer' },
  { name: 'Framed-Protocol', vendor: 0, number: 7, type: 'integer' },
  { name: 'Framed-IP-Address', vendor: 0, number: 8, type: 'ipaddr' },
  { name: 'Filter-Id', vendor: 0, number: 11, type: 'string' },
  { name: 'Reply-Message', vendor: 0, number: 18, type: 'string' },
  { name: 'Framed-Route', vendor: 0, number: 22, type: 'string' },
  { name: 'Class', vendor: 0, number: 25, type: 'octets' },
  { name: 'Session-Timeout', vendor: 0, number: 27, type: 'integer' },
  { name: 'Idle-Timeout', vendor: 0, number: 28, type: 'integer' },
  { name: 'Called-Station-Id', vendor: 0, number: 30, type: 'string' },
  { name: 'Calling-Station-Id', vendor: 0, number: 31, type: 'string' },
  { name: 'NAS-Identifier', vendor: 0, number: 32, type: 'string' },
  { name: 'Proxy-State', vendor: 0, number: 33, type: 'octets' },
  { name: 'Acct-Status-Type', vendor: 0, number: 40, type: 'integer' },
  { name: 'Acct-Delay-Time', vendor: 0, number: 41, type: 'integer' },
  { name: 'Acct-Input-Octets', vendor: 0, number: 42, type: 'integer' },
  { name: 'Acct-Output-Octets', vendor: 0, number: 43, type: 'integer' },
  { name: 'Acct-Session-Id', vendor: 0, number: 44, type: 'string' },
  { name: 'Acct-Authentic', vendor: 0, number: 45, type: 'integer' },
  { name: 'Acct-Session-Time', vendor: 0, number: 46, type: 'integer' },
  { name: 'Acct-Terminate-Cause', vendor: 0, number: 49, type: 'integer' },
  { name: 'Acct-Input-Gigawords', vendor: 0, number: 52, type: 'integer' },
  { name: 'Acct-Output-Gigawords', vendor: 0, number: 53, type: 'integer' },
  { name: 'Event-Timestamp', vendor: 0, number: 55, type: 'date' },
  { name: 'CHAP-Challenge', vendor: 0, number: 60, type: 'octets' },
  { name: 'NAS-Port-Type', vendor: 0, number: 61, type: 'integer' },
  { name: 'Message-Authenticator', vendor: 0, number: 80, type: 'octets' },
  { name: 'Acct-Interim-Interval', vendor: 0, number: 85, type: 'integer' },
  { name: 'NAS-Port-Id', vendor: 0, number: 87, type: 'string' },
  { name: 'Framed-Pool', vendor: 0, number: 88, type: 'string' },
  { name: 'Framed-IPv6-Prefix', vendor: 0, number: 97, type: 'octets' },
  { name: 'Error-Cause', vendor: 0, number: 101, type: 'integer' },
  { name: 'Delegated-IPv6-Prefix', vendor: 0, number: 123, type: 'octets' },
  { name: 'MS-CHAP-Error', vendor: 311, number: 2, type: 'string' },
  { name: 'MS-MPPE-Encryption-Policy', vendor: 311, number: 7, type: 'integer' },
  { name: 'MS-MPPE-Encryption-Types', vendor: 311, number: 8, type: 'integer' },
  { name: 'MS-CHAP-Challenge', vendor: 311, number: 11, type: 'octets' },
  { name: 'MS-MPPE-Send-Key', vendor: 311, number: 16, type: 'octets' },
  { name: 'MS-MPPE-Recv-Key', vendor: 311, number: 17, type: 'octets' },
  { name: 'MS-CHAP2-Response', vendor: 311, number: 25, type: 'octets' },
  { name: 'MS-CHAP2-Success', vendor: 311, number: 26, type: 'octets' },
  { name: 'Mikrotik-Recv-Limit', vendor: 14988, number: 1, type: 'integer' },
  { name: 'Mikrotik-Xmit-Limit', vendor: 14988, number: 2, type: 'integer' },
  { name: 'Mikrotik-Group', vendor: 14988, number: 3, type: 'string' },
  { name: 'Mikrotik-Rate-Limit', vendor: 14988, number: 8, type: 'string' },
  { name: 'Mikrotik-Recv-Limit-Gigawords', vendor: 14988, number: 14, type: 'integer' },
  { name: 'Mikrotik-Xmit-Limit-Gigawords', vendor: 14988, number: 15, type: 'integer' },
  { name: 'Mikrotik-Total-Limit', vendor: 14988, number: 17, type: 'integer' },
  { name: 'Mikrotik-Total-Limit-Gigawords', vendor: 14988, number: 18, type: 'integer' },
  { name: 'Mikrotik-Address-List', vendor: 14988, number: 19, type: 'string' },
  { name: 'Mikrotik-Delegated-IPv6-Pool', vendor: 14988, number: 22, type: 'string' },
] as const satisfies readonly Entry[];

export type AttributeName = (typeof dictionary)[number]['name'];

const key = (vendor: number, number: number): string => `${vendor}:${number}`;
const byName = new Map<AttributeName, Entry>(dictionary.map((entry) => [entry.name, entry]));
const byNumber = new Map<string, Entry>(dictionary.map((entry) => [key(entry.vendor, entry.number), entry]));

/** The entry of a name; every `AttributeName` has one. */
export function entryOf(name: AttributeName): Entry {
  const entry = byName.get(name);
  // The name's type is made from the same list, so this guards against a caller that went around the types.
  if (!entry) throw new TypeError(`attribute ${name} is not in the dictionary`);
  return entry;
}

/** The entry of a number in a vendor's space (0: standard); undefined for what the dictionary does not hold. */
export const entryAt = (vendor: number, number: number): Entry | undefined => byNumber.get(key(vendor, number));
