import { msChap2Response } from '#sandbox/nas/ms-chap.ts';
import type { RouterName } from './place.ts';
import { ownTenant } from './subscribers.ts';

/** A request, and what the router must get. `reply`: each must be there, with this value; null: it must not be there. */
export type LoginCase = {
  readonly guarantee: string;
  readonly request: Readonly<Record<string, string>>;
  readonly from?: RouterName;
  readonly packet: 'Access-Accept' | 'Access-Reject' | 'none';
  readonly reply?: Readonly<Record<string, string | null>>;
};

const pap = (username: string, password = 'rahasia'): Readonly<Record<string, string>> => ({
  'User-Name': username,
  'User-Password': password,
});

const hex = (text: string): string => `0x${Buffer.from(text).toString('hex')}`;

/** MS-CHAPv2 is computed over the name as the router sends it, so the server must not have changed that. */
function msChap2(username: string, password = 'rahasia'): Readonly<Record<string, string>> {
  const challenge = Buffer.alloc(16, 3);
  const response = msChap2Response(1, { username, password, challenge, peerChallenge: Buffer.alloc(16, 5) });
  return {
    'User-Name': username,
    'MS-CHAP-Challenge': `0x${challenge.toString('hex')}`,
    'MS-CHAP2-Response': `0x${response.toString('hex')}`,
  };
}

const plan = {
  'Mikrotik-Rate-Limit': '10M/20M',
  Class: hex(`${ownTenant}:home`),
  'Acct-Interim-Interval': '300',
  'Mikrotik-Address-List': null,
  'Session-Timeout': null,
};

const walledGarden = {
  'Mikrotik-Rate-Limit': '128k/128k',
  'Mikrotik-Address-List': 'isolir',
  'Framed-Pool': 'isolir',
  'Session-Timeout': '3600',
  'Acct-Interim-Interval': '900',
  Class: hex(`${ownTenant}:isolir`),
};

const nothing = { 'Mikrotik-Rate-Limit': null, Class: null, 'Acct-Interim-Interval': null };

const accepted = { packet: 'Access-Accept', reply: plan } as const;
const refused = { packet: 'Access-Reject', reply: nothing } as const;

export const passwordCases: readonly LoginCase[] = [
  { guarantee: 'PAP with the right password gets the plan', request: pap('budi@isp'), ...accepted },
  { guarantee: 'PAP with a wrong password is refused', request: pap('budi@isp', 'rahasiA'), ...refused },
  { guarantee: 'an unknown user is refused', request: pap('nobody@isp'), ...refused },
  { guarantee: 'a request without a name is refused', request: { 'User-Password': 'rahasia' }, ...refused },
  {
    guarantee: 'CHAP with the right password gets the plan',
    request: { 'User-Name': 'budi@isp', 'CHAP-Password': 'rahasia' },
    ...accepted,
  },
  {
    guarantee: 'CHAP with a wrong password is refused',
    request: { 'User-Name': 'budi@isp', 'CHAP-Password': 'rahasiA' },
    ...refused,
  },
  {
    guarantee: 'MS-CHAP with the right password gets the plan',
    request: { 'User-Name': 'budi@isp', 'MS-CHAP-Password': 'rahasia' },
    ...accepted,
  },
  {
    guarantee: 'MS-CHAP with a wrong password is refused',
    request: { 'User-Name': 'budi@isp', 'MS-CHAP-Password': 'rahasiA' },
    ...refused,
  },
  { guarantee: 'MS-CHAPv2 with the right password gets the plan', request: msChap2('budi@isp'), ...accepted },
  { guarantee: 'MS-CHAPv2 with a wrong password is refused', request: msChap2('budi@isp', 'rahasiA'), ...refused },
  {
    guarantee: 'a password with quotes, backslash and expansion signs works as it was written',
    request: pap('eka@isp', 'p%{User-Name}\\s"s\''),
    ...accepted,
  },
];

export const nameCases: readonly LoginCase[] = [
  { guarantee: 'upper case is the same name', request: pap('BUDI@Isp'), ...accepted },
  { guarantee: 'blanks around it are not part of a name', request: pap('  budi@isp\t'), ...accepted },
  {
    guarantee: 'R7: MS-CHAPv2 works for a name in other spelling, so the request keeps its own',
    request: msChap2(' Budi@ISP '),
    ...accepted,
  },
  { guarantee: 'a blank inside makes another name', request: pap('bu di@isp'), ...refused },
  { guarantee: 'SQL in a name does no harm', request: pap("x' OR '1'='1"), ...refused },
  { guarantee: 'an expansion in a name is no expansion', request: pap('%{sql:SELECT 1}'), ...refused },
];

const locked = (mac: string): Readonly<Record<string, string>> => ({ ...pap('fajar@isp'), 'Calling-Station-Id': mac });

export const macCases: readonly LoginCase[] = [
  ...[
    'AA:BB:CC:0D:EE:FF',
    'aa:bb:cc:0d:ee:ff',
    'AA-BB-CC-0D-EE-FF',
    'aabb.cc0d.eeff',
    'AABBCC0DEEFF',
    'aabbcc-0deeff',
  ].map((mac) => ({ guarantee: `R3: the locked modem is let in as ${mac}`, request: locked(mac), ...accepted })),
  { guarantee: 'R3: another modem is refused', request: locked('AA:BB:CC:0D:EE:FE'), ...refused },
  { guarantee: 'R3: a login without a modem address is refused', request: pap('fajar@isp'), ...refused },
];

export const groupCases: readonly LoginCase[] = [
  {
    guarantee: 'R2: an isolated subscriber gets the walled garden and nothing of a plan',
    request: pap('citra@isp'),
    packet: 'Access-Accept',
    reply: walledGarden,
  },
  {
    guarantee: 'R2: a terminated subscriber is refused, with the right password',
    request: pap('dewi@isp'),
    ...refused,
  },
  {
    guarantee: 'a group that the hub does not own works too',
    request: pap('indra'),
    packet: 'Access-Accept',
    reply: { 'Mikrotik-Group': 'staff', 'Acct-Interim-Interval': '300' },
  },
  { guarantee: 'a group row that makes no sense is silence, not a refusal', request: pap('joko@isp'), packet: 'none' },
];

export const tenantCases: readonly LoginCase[] = [
  {
    guarantee: "R7: a subscriber is refused at another tenant's router, and told so",
    request: pap('budi@isp'),
    from: 'other',
    packet: 'Access-Reject',
    reply: { ...nothing, 'Reply-Message': 'This account may not be used at this router' },
  },
  {
    guarantee: "R7: the other tenant's own subscriber is let in there",
    request: pap('hadi@isp'),
    from: 'other',
    packet: 'Access-Accept',
  },
  {
    guarantee: "R7: spelling does not get round the tenant's wall",
    request: pap(' BUDI@isp'),
    from: 'other',
    packet: 'Access-Reject',
  },
  {
    guarantee: 'a user without a tenant may use any router',
    request: pap('indra'),
    from: 'other',
    packet: 'Access-Accept',
  },
  { guarantee: 'a router without a tenant serves everybody', request: pap('budi@isp'), from: 'nobodys', ...accepted },
];
