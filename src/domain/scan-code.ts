import { normalMac } from './mac.ts';

/** What one scanned or typed text may mean; nothing in it is looked up yet. Lists are without doubles, likeliest first. */
export type ScanCode = {
  /** As scanned, without the scanner's line end and control characters; what a linked label is compared with. */
  readonly text: string;
  /** The number of a unit in InvenTree, where it is InvenTree's own code. */
  readonly trackerItem: string | null;
  /** `AA:BB:CC:DD:EE:FF`. */
  readonly macs: readonly string[];
  /** `HWTCA1B2C3D4`. */
  readonly gponSns: readonly string[];
  /** In the case in which they stand. */
  readonly serials: readonly string[];
};

/** A QR code holds 4,296 letters; no label needs as many. */
const longest = 1_000;
const mostOfAKind = 8;

/** A serial as people read it out: without case, blanks and dashes (the column `assets.serial_key`). */
export const serialKey = (text: string): string => text.replace(/[^0-9A-Za-z]/g, '').toUpperCase();

const gponDigits = (text: string): string => text.replace(/[-:\s]/g, '').toUpperCase();

/** Four letters of the vendor and eight digits; null: it is none. A labelled one may have digits in the vendor's name. */
export function normalGponSn(text: string, isLabelled = false): string | null {
  const digits = gponDigits(text);
  const vendor = isLabelled ? /^[A-Z0-9]{4}$/ : /^[A-Z]{4}$/;
  const short = /^([A-Z0-9]{4})([0-9A-F]{8})$/.exec(digits);
  if (short?.[1] && short[2] && vendor.test(short[1])) return short[1] + short[2];
  const long = /^([0-9A-F]{8})([0-9A-F]{8})$/.exec(digits);
  if (!long?.[1] || !long[2]) return null;
  const name = String.fromCharCode(...(long[1].match(/../g) ?? []).map((byte) => Number.parseInt(byte, 16)));
  return vendor.test(name) ? name + long[2] : null;
}

type Kind = 'mac' | 'gpon' | 'serial' | 'other' | 'plain';
type Piece = { readonly kind: Kind; readonly value: string };

const number = '(?:[\\s_-]*(?:NO|NUM|NUMBER|ID))?\\.?';
const labels: readonly [Exclude<Kind, 'plain'>, string][] = [
  ['gpon', `(?:(?:G|E|XG|XGS)?PON|ONT|ONU)[\\s_-]*(?:S\\/?N|SERIAL${number}|ID)`],
  ['mac', '(?:(?:WAN|LAN|WLAN|WI-?FI|ETH|BASE|PON|ONT|ONU|CM|DEVICE)[\\s_-]*)?MAC(?:[\\s_-]*(?:ADDR(?:ESS)?|ID))?\\.?'],
  ['serial', `(?:(?:D|PROD|PRODUCT|DEVICE|MODEM|EQUIPMENT)[\\s_-]*)?(?:S\\/?N|SERIAL${number})`],
  [
    'other',
    '(?:MODEL|P\\/?N|PART|TYPE|PRODUCT|SSID[0-9.G]*|WPA2?|KEY|PASS(?:WORD)?|USER(?:NAME)?|HW|SW|FW|IP|URL|DATE)',
  ],
];
const label = () =>
  new RegExp(
    `(?<![0-9A-Z])(?:${labels.map(([kind, words]) => `(?<${kind}>${words})`).join('|')})(?:\\s*[:=#]\\s*|\\s+)`,
    'gi',
  );

/** A part of the text between separators, taken apart at its labels. */
function piecesOf(part: string): readonly Piece[] {
  const pieces: Piece[] = [];
  let kind: Kind = 'plain';
  let start = 0;
  const take = (end: number): void => {
    const value = part.slice(start, end).trim();
    if (value !== '') pieces.push({ kind, value });
  };
  for (const found of part.matchAll(label())) {
    take(found.index);
    kind = labels.find(([name]) => found.groups?.[name] !== undefined)?.[0] ?? 'plain';
    start = found.index + found[0].length;
  }
  take(part.length);
  return pieces;
}

const byte = '[0-9A-F]{2}';
/** Bytes between colons or dashes, groups of four between dots or dashes, or twelve digits; not a part of something longer. */
const anyMac = () =>
  new RegExp(
    `(?<![0-9A-Z])(?<!(?<![0-9A-Z])${byte}[:-])(?:${byte}([:-])(?:${byte}\\1){4}${byte}|(?:[0-9A-F]{4}([.-])){2}[0-9A-F]{4}|[0-9A-F]{12})(?![0-9A-Z]|[:.-][0-9A-F]{2})`,
    'gi',
  );

function macsIn({ kind, value }: Piece): readonly string[] {
  if (kind !== 'plain' && kind !== 'mac') return [];
  return [value, ...[...value.matchAll(anyMac())].map(([found]) => found)].flatMap((text) => normalMac(text) ?? []);
}

function gponSnsIn({ kind, value }: Piece): readonly string[] {
  if (kind === 'mac' || kind === 'other') return [];
  return [value, ...value.split(/\s+/)].flatMap((word) => normalGponSn(word, kind === 'gpon') ?? []);
}

/** What may be a serial: at most a hundred letters. Of unlabelled words: such as have a digit and are long enough. */
function serialsIn({ kind, value }: Piece): readonly string[] {
  if (kind === 'mac' || kind === 'other') return [];
  const words = value.split(/\s+/);
  const likely = kind === 'plain' ? words.filter((word) => /\d/.test(word) && word.length >= 6) : words.slice(0, 1);
  const isWhole = kind !== 'plain' || words.length <= 3;
  return [...(isWhole ? [value] : []), ...likely].filter((text) => text.length <= 100 && /[0-9A-Z]/i.test(text));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    // A per cent sign that encodes nothing stands for itself.
    return text;
  }
}

/** The parts of an address that may name a unit: the last step of its path, and its query. */
function partsOfAddress(text: string): readonly string[] {
  const [path = '', ...query] = text.replace(/^[a-z]+:\/\/[^/?#]*/i, '').split(/[?&#]/);
  const last = path.split('/').filter(Boolean).at(-1) ?? '';
  return [...query, last].map((part) => decoded(part).replace(/[^\P{C}\t\n\r]/gu, ' '));
}

function partsOf(text: string): readonly string[] {
  if (/^wifi:/i.test(text)) return [];
  if (/^[a-z]+:\/\//i.test(text)) return partsOfAddress(text);
  return text.split(/[;,|\n\r\t(){}[\]"'<>]+/);
}

const inventreeItem = (text: string): string | null =>
  (/^\{\s*"stockitem"\s*:\s*"?0*([1-9]\d{0,14})"?\s*\}$/.exec(text) ?? /^INV-SI0*([1-9]\d{0,14})$/i.exec(text))?.[1] ??
  null;

const distinct = (texts: readonly string[], key: (text: string) => string): readonly string[] =>
  texts.filter((text, at) => texts.findIndex((other) => key(other) === key(text)) === at).slice(0, mostOfAKind);

const order: readonly Kind[] = ['serial', 'plain', 'gpon', 'mac', 'other'];

/**
 * Reads a scanned text: InvenTree's codes, MACs in any notation, GPON serials in either, plain serials, and labels with
 * several of these (`S/N: … MAC: … GPON SN: …`). It never throws, and of any text it reads the first thousand letters.
 * Twelve hex digits may be a MAC, a GPON serial and a serial at once: an index decides, not their looks.
 */
export function readCode(scanned: string): ScanCode {
  // Scanners send GS, RS and EOT as they stand in a Data Matrix; half a surrogate pair is what a cut leaves.
  const cleaned = scanned
    .slice(0, longest)
    .replace(/[\p{Cc}\p{Cs}]/gu, (sign) => (/[\t\r\n]/.test(sign) ? sign : '\n'));
  const text = cleaned.trim();
  const trackerItem = inventreeItem(text);
  if (trackerItem !== null) return { text, trackerItem, macs: [], gponSns: [], serials: [] };
  const pieces = partsOf(text)
    .flatMap(piecesOf)
    .sort((a, b) => order.indexOf(a.kind) - order.indexOf(b.kind));
  return {
    text,
    trackerItem,
    macs: distinct([...pieces.filter(({ kind }) => kind === 'mac'), ...pieces].flatMap(macsIn), (mac) => mac),
    gponSns: distinct([...pieces.filter(({ kind }) => kind === 'gpon'), ...pieces].flatMap(gponSnsIn), (sn) => sn),
    serials: distinct(pieces.flatMap(serialsIn), serialKey),
  };
}
