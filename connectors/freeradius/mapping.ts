import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';

const attributeType = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('string') }),
  z.strictObject({ type: z.literal('integer'), min: z.int().min(0), max: z.int().max(0xffffffff) }),
  z.strictObject({ type: z.literal('choice'), values: z.array(z.string()).min(1) }),
  z.strictObject({ type: z.literal('ipv4') }),
  z.strictObject({ type: z.literal('ipv6') }),
  z.strictObject({ type: z.literal('ipv6prefix') }),
]);

const names = z.array(z.string().regex(/^[A-Za-z0-9-]+\*?$/)).min(1);

const radiusMapping = z.strictObject({
  owned: z.strictObject({ check: names, reply: names }),
  passwords: z.strictObject({ clear: names, hashed: names }),
  blocking_groups: z.array(z.string()),
  dictionary: z.record(z.string(), attributeType),
});

export type AttributeType = z.infer<typeof attributeType>;
export type PasswordKind = 'clear' | 'hashed';

/** Which rows of a FreeRADIUS database are the hub's, and what it may write there (`mappings/radius.yaml`). */
export type RadiusMapping = {
  /** Tells this mapping from others. */
  readonly digest: string;
  ownsCheck(attribute: string): boolean;
  ownsReply(attribute: string): boolean;
  /** null: the attribute carries no password. */
  passwordKind(attribute: string): PasswordKind | null;
  isBlockingGroup(group: string): boolean;
  /** undefined: the hub may not write it. */
  typeOf(attribute: string): AttributeType | undefined;
};

/** FreeRADIUS reads attribute names whatever their case. */
function matcher(patterns: readonly string[]): (attribute: string) => boolean {
  const exact = new Set(patterns.filter((p) => !p.endsWith('*')).map((p) => p.toLowerCase()));
  const prefixes = patterns.filter((p) => p.endsWith('*')).map((p) => p.slice(0, -1).toLowerCase());
  return (attribute) => {
    const name = attribute.toLowerCase();
    return exact.has(name) || prefixes.some((prefix) => name.startsWith(prefix));
  };
}

/** From the text of a mapping file; throws on a wrong one, since that is a fault of the installation found at start. */
export function parseRadiusMapping(yaml: string): RadiusMapping {
  const data = radiusMapping.parse(parse(yaml));
  const isClear = matcher(data.passwords.clear);
  const isHashed = matcher(data.passwords.hashed);
  const isOtherCheck = matcher(data.owned.check);
  const dictionary = new Map(Object.entries(data.dictionary));
  const blocking = new Set(data.blocking_groups);
  const passwordKind = (attribute: string) => (isClear(attribute) ? 'clear' : isHashed(attribute) ? 'hashed' : null);
  return {
    digest: hash('sha256', yaml),
    ownsCheck: (attribute) => isOtherCheck(attribute) || passwordKind(attribute) !== null,
    ownsReply: matcher(data.owned.reply),
    passwordKind,
    isBlockingGroup: (group) => blocking.has(group),
    typeOf: (attribute) => dictionary.get(attribute),
  };
}

const mappingFile = new URL('../../mappings/radius.yaml', import.meta.url);

export const readRadiusMapping = (): RadiusMapping => parseRadiusMapping(readFileSync(mappingFile, 'utf8'));
