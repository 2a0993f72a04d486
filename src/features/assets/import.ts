import { parse } from 'csv-parse/sync';
import { groupBy } from '#domain/group-by.ts';
import { serialKey } from '#domain/scan-code.ts';
import { demand, type Who } from '#platform/caller.ts';
import { invalid, Refusal } from '#platform/refusal.ts';
import { addAssets, type GoodsInDeps, keysOf, objectionTo } from './goods-in.ts';
import { type BadLine, type Imported, NewUnit } from './schema.ts';
import { twinsOf } from './store.ts';

type Line = { readonly line: number; readonly part: string; readonly unit: NewUnit };
type Read = { readonly lines: number; readonly good: readonly Line[]; readonly bad: readonly BadLine[] };

const maxBytes = 1_000_000;
const maxLines = 5_000;
const atATime = 100;

/** Headings as people write them. */
const headings: Readonly<Record<string, string>> = {
  serial: 'serial',
  sn: 'serial',
  serialnumber: 'serial',
  nomorseri: 'serial',
  mac: 'mac',
  macaddress: 'mac',
  gponsn: 'gpon_sn',
  gpon: 'gpon_sn',
  ponsn: 'gpon_sn',
  barcode: 'barcode',
  part: 'part',
  model: 'part',
  tipe: 'part',
};
const heading = (text: string): string => headings[text.toLowerCase().replace(/[^a-z]/g, '')] ?? '';

function rowsOf(bytes: Uint8Array): readonly (readonly string[])[] {
  if (bytes.length > maxBytes) throw new Refusal('PAYLOAD_TOO_LARGE', 'A list may have 1 MB at most.');
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    const delimiter = /^[^\n]*;/.test(text) ? ';' : /^[^\n]*\t/.test(text) ? '\t' : ',';
    return parse(text, { bom: true, delimiter, relax_column_count: true, skip_empty_lines: true, trim: true });
  } catch (error) {
    throw invalid('body', `is no CSV in UTF-8: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** One bad line names itself; the others are not lost by it. */
function readLine(cells: Readonly<Record<string, string>>, line: number, usual: string | undefined): Line | BadLine {
  const { part = usual, ...unit } = cells;
  if (part === undefined || part.length > 100) return { line, field: 'part', message: 'names no part' };
  const read = NewUnit.safeParse(unit);
  if (read.success) return { line, part, unit: read.data };
  const [issue] = read.error.issues;
  const field = String(issue?.path[0] ?? 'serial');
  return { line, field, message: cells[field] === undefined ? 'is missing' : (issue?.message ?? 'is not valid') };
}

const isGood = (one: Line | BadLine): one is Line => 'unit' in one;

/** A serial of its part, a MAC or a label that a line before had already. */
function withoutDoubles(lines: readonly Line[]): Pick<Read, 'good' | 'bad'> {
  const seen = new Set<string>();
  const good: Line[] = [];
  const bad: BadLine[] = [];
  for (const one of lines) {
    const { part, unit } = one;
    const keys = keysOf({ ...unit, serial: `${part} ${serialKey(unit.serial)}` });
    const double = keys.find(({ key }) => seen.has(key));
    if (double) bad.push({ line: one.line, field: double.field, message: 'stands in the list before already' });
    else good.push(one);
    for (const { key } of keys) seen.add(key);
  }
  return { good, bad };
}

function readLines(bytes: Uint8Array, usual: string | undefined): Read {
  const [head, ...rows] = rowsOf(bytes);
  const columns = (head ?? []).map(heading);
  if (!columns.includes('serial'))
    throw invalid('body', 'The first line must name its columns: serial, mac, gpon_sn, barcode, part.');
  if (rows.length > maxLines) throw invalid('body', `A list may have ${maxLines} lines at most.`);
  const read = rows.map((row, at) => {
    const cells = columns.flatMap((name, no) => (name === '' || !row[no] ? [] : [[name, row[no]] as const]));
    return readLine(Object.fromEntries(cells), at + 2, usual);
  });
  const { good, bad } = withoutDoubles(read.filter(isGood));
  return { lines: rows.length, good, bad: [...read.flatMap((one) => (isGood(one) ? [] : [one])), ...bad] };
}

const badOf = (one: Line, error: Refusal): BadLine => ({
  line: one.line,
  field: typeof error.details?.field === 'string' ? error.details.field : 'serial',
  message: error.message,
});

/** What the index says of a line before the tracker is asked. */
async function objections({ db }: GoodsInDeps, { tenantId }: Who, lines: readonly Line[]): Promise<readonly BadLine[]> {
  const [first] = lines;
  if (!first) return [];
  const units = lines.map(({ unit }) => unit);
  const twins = await db.tenant(tenantId, (tx) => twinsOf(tx, tenantId, first.part, units));
  return lines.flatMap((one) => {
    const objection = objectionTo(one.unit, twins, one.part);
    return objection ? [badOf(one, objection)] : [];
  });
}

/** A batch that is refused is halved, until the line that is refused stands alone and names itself. */
async function add(deps: GoodsInDeps, who: Who, lines: readonly Line[]): Promise<readonly BadLine[]> {
  const [first] = lines;
  if (!first) return [];
  try {
    await addAssets(deps, who, { part: first.part, units: lines.map(({ unit }) => unit) });
    return [];
  } catch (error) {
    if (!(error instanceof Refusal) || !['CONFLICT', 'DUPLICATE_ENTRY', 'VALIDATION_ERROR'].includes(error.code))
      throw error;
    if (lines.length === 1) return [badOf(first, error)];
    const half = Math.ceil(lines.length / 2);
    return [...(await add(deps, who, lines.slice(0, half))), ...(await add(deps, who, lines.slice(half)))];
  }
}

/**
 * New units from a list (CSV). Of a preview it is told what would be. A bad line is left out and named; all others are
 * taken. The same list again adds nothing twice.
 */
export async function importAssets(
  deps: GoodsInDeps,
  who: Who,
  bytes: Uint8Array,
  { part, preview }: { readonly part?: string | undefined; readonly preview: 'true' | 'false' },
): Promise<Imported> {
  demand(who.caller, 'assets:write');
  const { lines, good, bad } = readLines(bytes, part);
  const all = [...bad];
  for (const some of groupBy(good, (one) => one.part).values()) {
    for (let from = 0; from < some.length; from += atATime) {
      const batch = some.slice(from, from + atATime);
      const objected = await objections(deps, who, batch);
      const refused = new Set(objected.map(({ line }) => line));
      all.push(...objected);
      if (preview === 'false')
        all.push(
          ...(await add(
            deps,
            who,
            batch.filter(({ line }) => !refused.has(line)),
          )),
        );
    }
  }
  return { lines, added: lines - all.length, bad: all.toSorted((a, b) => a.line - b.line) };
}
