import { randomBytes } from 'node:crypto';
import { bytesOf, decodeAttributes } from '#connectors/freeradius/packet/attributes.ts';
import type { Packet } from '#connectors/freeradius/packet/packet.ts';
import { normalMac } from '#domain/mac.ts';
import type { AddressPools } from './address-pools.ts';
import type { AttributeTexts, Dial, Session } from './nas.ts';

/** A session as the NAS itself holds it. */
export type LiveSession = { -readonly [Key in keyof Session]: Session[Key] } & {
  readonly dial: Dial;
  /** Echoed in every accounting record, byte by byte (RFC 2865 §5.25). */
  readonly classes: readonly Buffer[];
};

/** What a modem has before RADIUS has said anything. */
export type Circuit = Pick<Session, 'id' | 'username' | 'mac' | 'portId' | 'nasPort'>;

const firstNasPort = 15_728_640;
const highestBit = 0x8000_0000;

/** Circuits with ids that count up from a random one per boot, the highest bit set, as RouterOS's are. */
export function createCircuits(): (dial: Dial) => Circuit {
  const firstId = highestBit + randomBytes(3).readUIntBE(0, 3) * 0x40;
  let count = 0;
  return (dial) => {
    count += 1;
    return {
      id: (firstId + count).toString(16).padStart(8, '0'),
      username: dial.username,
      mac: normalMac(dial.mac) ?? dial.mac,
      portId: dial.port ?? 'ether2',
      nasPort: firstNasPort + count,
    };
  };
}

const firstNumber = (texts: readonly string[] | undefined): number | null =>
  texts?.[0] === undefined ? null : Number(texts[0]);

/** The session that an Access-Accept makes of a circuit. A Framed-IP-Address makes the pool be ignored. */
export function startSession(circuit: Circuit, dial: Dial, accept: Packet, pools: AddressPools): LiveSession {
  const reply: AttributeTexts = decodeAttributes(accept.attributes);
  return {
    ...circuit,
    dial,
    framedAddress: reply['Framed-IP-Address']?.[0] ?? pools.lease(reply['Framed-Pool']?.[0]),
    startedAt: new Date(),
    rateLimit: reply['Mikrotik-Rate-Limit']?.[0] ?? null,
    addressList: reply['Mikrotik-Address-List']?.[0] ?? null,
    sessionTimeoutSeconds: firstNumber(reply['Session-Timeout']),
    inputOctets: 0n,
    outputOctets: 0n,
    classes: bytesOf(accept.attributes, 'Class'),
  };
}
