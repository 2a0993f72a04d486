/** A Python float: printed as `50.0` even when whole. */
export class PythonFloat {
  readonly value: number;

  constructor(value: number) {
    this.value = value;
  }
}

export type PythonValue =
  | string
  | number
  | boolean
  | null
  | PythonFloat
  | readonly PythonValue[]
  | { readonly [key: string]: PythonValue };

type Separators = { readonly item: string; readonly key: string };

/** `json.dumps` with its defaults: what webhook bodies are made by. */
const spacedSeparators: Separators = { item: ', ', key: ': ' };

/** What Frappe 15 answers REST calls with. */
export const compactSeparators: Separators = { item: ',', key: ':' };

/** Python's `repr` of a float: the shortest digits, exponent form below 1e-4 and from 1e16 on. */
export function floatText(value: number): string {
  const [digits = '0', exponentText = '0'] = value.toExponential().split('e');
  const exponent = Number(exponentText);
  if (value !== 0 && (exponent < -4 || exponent >= 16)) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  const plain = String(value);
  return plain.includes('.') ? plain : `${plain}.0`;
}

/** A JSON string in ASCII: everything else as `\uXXXX`, one per UTF-16 unit, lower-case hex. DEL stays as it is. */
const stringText = (value: string): string =>
  JSON.stringify(value).replace(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** `json.dumps(value, separators=…)`, keys in the order given. */
export function pythonJson(value: PythonValue, separators: Separators = spacedSeparators): string {
  if (value instanceof PythonFloat) return floatText(value.value);
  if (typeof value === 'string') return stringText(value);
  if (value === null || typeof value !== 'object') return String(value);
  if (isList(value)) return `[${value.map((entry) => pythonJson(entry, separators)).join(separators.item)}]`;
  const members = Object.entries(value).map(
    ([key, entry]) => `${stringText(key)}${separators.key}${pythonJson(entry, separators)}`,
  );
  return `{${members.join(separators.item)}}`;
}

const isList = (value: PythonValue): value is readonly PythonValue[] => Array.isArray(value);

const tokens = /"(?:[^"\\]|\\.)*"|[^\s"{}[\],:]+|[{}[\],:]/g;

/**
 * `json.dumps(json.loads(json))`: only blanks and escapes change, numbers keep their text. Throws SyntaxError when the
 * text is no JSON.
 */
export function redump(json: string): string {
  JSON.parse(json);
  return (json.match(tokens) ?? [])
    .map((token) => {
      if (token.startsWith('"')) return stringText(JSON.parse(token) as string);
      if (token === ',') return spacedSeparators.item;
      return token === ':' ? spacedSeparators.key : token;
    })
    .join('');
}
