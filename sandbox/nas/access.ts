import { randomBytes } from 'node:crypto';
import { buildAccessRequest } from '#connectors/freeradius/packet/access-request.ts';
import { decodeAttributes } from '#connectors/freeradius/packet/attributes.ts';
import { codes } from '#connectors/freeradius/packet/codes.ts';
import type { Packet } from '#connectors/freeradius/packet/packet.ts';
import { credentialsOf } from './credentials.ts';
import { expectBuilt } from './expect-built.ts';
import type { Circuit } from './live-session.ts';
import type { AttributeTexts, Dial, NasOptions } from './nas.ts';
import type { RadiusClient } from './radius-client.ts';
import { identity, lineOf } from './records.ts';

export type Admission =
  | { readonly outcome: 'accepted'; readonly accept: Packet }
  | { readonly outcome: 'rejected'; readonly attributes: AttributeTexts }
  | { readonly outcome: 'silent' };

/** Asks RADIUS whether a modem may come in. `silent`: no answer, or one that this NAS does not believe. */
export async function askForAccess(
  client: RadiusClient,
  options: NasOptions,
  circuit: Circuit,
  dial: Dial,
): Promise<Admission> {
  const authenticator = randomBytes(16);
  const { secret } = options;
  const credentials = credentialsOf(dial, secret, authenticator);
  const attributes = [...lineOf(circuit, options), ...credentials.attributes, ...identity(options)];
  const answer = await client.ask('auth', (identifier) =>
    expectBuilt(buildAccessRequest({ identifier, authenticator, secret, attributes, signed: true })),
  );
  if (!answer) return { outcome: 'silent' };
  if (answer.message === 'absent' && options.requireMessageAuthenticator !== false) return { outcome: 'silent' };
  const { packet } = answer;
  if (packet.code !== codes.accessAccept) {
    return { outcome: 'rejected', attributes: decodeAttributes(packet.attributes) };
  }
  return credentials.provedBy(packet) ? { outcome: 'accepted', accept: packet } : { outcome: 'silent' };
}
