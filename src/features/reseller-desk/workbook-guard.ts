import { inflateRawSync } from 'node:zlib';
import { err, ok, type Result } from '#domain/result.ts';

/** A workbook of a thousand customers has a tenth of this. */
const unpackedMax = 8_000_000;
const partsMax = 200;
const rowsMax = 5_000;

const u16 = (bytes: Buffer, at: number): number => bytes.readUInt16LE(at);
const u32 = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at);

type Part = { readonly name: string; readonly method: number; readonly packed: Buffer; readonly size: number };

const endMark = Buffer.from([0x50, 0x4b, 0x05, 0x06]);
const entryMark = 0x02014b50;

/** The parts that a ZIP's directory lists; throws a RangeError where it points out of the file. */
function partsOf(bytes: Buffer): readonly Part[] | null {
  const end = bytes.lastIndexOf(endMark);
  if (end < 0) return null;
  const count = u16(bytes, end + 8);
  if (count > partsMax) return null;
  const parts: Part[] = [];
  let at = u32(bytes, end + 16);
  for (let i = 0; i < count; i++) {
    if (u32(bytes, at) !== entryMark) return null;
    const [method, packed, size] = [u16(bytes, at + 10), u32(bytes, at + 20), u32(bytes, at + 24)];
    const [nameLength, extra, note] = [u16(bytes, at + 28), u16(bytes, at + 30), u16(bytes, at + 32)];
    const local = u32(bytes, at + 42);
    const name = bytes.toString('utf8', at + 46, at + 46 + nameLength);
    const from = local + 30 + u16(bytes, local + 26) + u16(bytes, local + 28);
    parts.push({ name, method, packed: bytes.subarray(from, from + packed), size });
    at += 46 + nameLength + extra + note;
  }
  return parts;
}

/** No more than the directory says is ever unpacked; null: it is no such part. */
function unpacked({ method, packed, size }: Part): string | null {
  if (method === 0) return packed.length === size ? packed.toString('utf8') : null;
  if (method !== 8) return null;
  return inflateRawSync(packed, { maxOutputLength: Math.max(1, size) }).toString('utf8');
}

const references = /\sr\s*=\s*(["'])(.*?)\1/gs;
/** Up to column AZ: a cell far out would be reached over millions of empty ones. */
const nearCell = /^(A?[A-Z])?(\d{1,4})$/;

const isNear = (reference: string): boolean => {
  const [, , row] = nearCell.exec(reference) ?? [];
  return row !== undefined && Number(row) <= rowsMax;
};

const isText = ({ name }: Part): boolean => name.endsWith('.xml') || name.endsWith('.xml.rels');

function objection(bytes: Buffer): string | null {
  const parts = partsOf(bytes);
  if (!parts) return 'is no Excel workbook (.xlsx)';
  if (parts.reduce((sum, { size }) => sum + size, 0) > unpackedMax) return 'unpacks to more than a list of customers';
  for (const part of parts.filter(isText)) {
    const text = unpacked(part);
    if (text === null) return 'is packed in a way that Excel does not use';
    for (const [, , reference = ''] of text.matchAll(references)) {
      if (!isNear(reference)) return `has a cell far out (${reference.slice(0, 20)}): delete empty rows and columns`;
    }
  }
  return null;
}

/**
 * Looks at a workbook before it is unpacked for reading: how large it says to be and is, and where its cells stand. A file
 * of a few hundred bytes may otherwise unpack to gigabytes, or to a table of a million rows.
 */
export function guardWorkbook(bytes: Buffer): Result<null, string> {
  try {
    const why = objection(bytes);
    return why === null ? ok(null) : err(why);
  } catch (error) {
    // A directory that points nowhere, or a part that is larger than it says.
    if (error instanceof Error) return err('is no Excel workbook (.xlsx), or a damaged one');
    throw error;
  }
}
