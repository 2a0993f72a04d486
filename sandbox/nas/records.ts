import type { Attribute } from '#connectors/freeradius/packet/attributes.ts';
import type { Circuit, LiveSession } from './live-session.ts';
import { type NasOptions, type TerminateCause, terminateCauses } from './nas.ts';

const statusTypes = { start: 1, stop: 2, interim: 3, on: 7 } as const;
const framed = 2;
const ppp = 1;
const ethernet = 15;
const authenticatedByRadius = 1;

export type AccountingEvent =
  | { readonly kind: 'start' | 'interim'; readonly session: LiveSession }
  | { readonly kind: 'stop'; readonly session: LiveSession; readonly cause: TerminateCause };

/** Who speaks: in every request of this NAS. */
export const identity = (options: NasOptions): readonly Attribute[] => [
  { name: 'NAS-Identifier', value: options.nasIdentifier ?? `nas-${options.address}` },
  { name: 'NAS-IP-Address', value: options.claimedAddress ?? options.address },
];

/** Which line is spoken of: in Access and Accounting requests alike. */
export const lineOf = (circuit: Circuit, options: NasOptions): readonly Attribute[] => [
  { name: 'Service-Type', value: framed },
  { name: 'Framed-Protocol', value: ppp },
  { name: 'NAS-Port', value: circuit.nasPort },
  { name: 'NAS-Port-Type', value: ethernet },
  { name: 'User-Name', value: circuit.username },
  { name: 'Calling-Station-Id', value: circuit.mac },
  { name: 'Called-Station-Id', value: options.serviceName ?? 'internet' },
  { name: 'NAS-Port-Id', value: circuit.portId },
  { name: 'Acct-Session-Id', value: circuit.id },
];

const seconds = (time: number): number => Math.floor(time / 1000);

/** 64 bits of traffic as two attributes of 32 (RFC 2869 §5.1); gigawords are sent even when they are zero. */
function traffic({ startedAt, inputOctets, outputOctets }: LiveSession): readonly Attribute[] {
  return [
    { name: 'Acct-Session-Time', value: seconds(Date.now() - startedAt.getTime()) },
    { name: 'Acct-Input-Octets', value: Number(inputOctets & 0xffff_ffffn) },
    { name: 'Acct-Input-Gigawords', value: Number(inputOctets >> 32n) },
    { name: 'Acct-Output-Octets', value: Number(outputOctets & 0xffff_ffffn) },
    { name: 'Acct-Output-Gigawords', value: Number(outputOctets >> 32n) },
  ];
}

/** The accounting record of an event (RFC 2866). */
export function recordOf(event: AccountingEvent, options: NasOptions): readonly Attribute[] {
  const { session } = event;
  return [
    { name: 'Acct-Status-Type', value: statusTypes[event.kind] },
    ...lineOf(session, options),
    { name: 'Acct-Authentic', value: authenticatedByRadius },
    { name: 'Framed-IP-Address', value: session.framedAddress },
    ...session.classes.map((value) => ({ name: 'Class', value }) as const),
    { name: 'Event-Timestamp', value: seconds(Date.now()) },
    { name: 'Acct-Delay-Time', value: 0 },
    ...(event.kind === 'start' ? [] : traffic(session)),
    ...(event.kind === 'stop' ? [{ name: 'Acct-Terminate-Cause', value: terminateCauses[event.cause] } as const] : []),
    ...identity(options),
  ];
}

/** Accounting-On: says that this NAS has just started, so nothing that was open on it is open. */
export const bootRecord = (options: NasOptions): readonly Attribute[] => [
  { name: 'Acct-Status-Type', value: statusTypes.on },
  { name: 'Event-Timestamp', value: seconds(Date.now()) },
  ...identity(options),
];
