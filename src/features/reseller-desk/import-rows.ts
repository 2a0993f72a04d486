import { z } from 'zod';
import { normalMac } from '#domain/mac.ts';
import { passwordFault } from '#domain/password.ts';
import { err, ok, type Result } from '#domain/result.ts';
import { canonicalUsername } from '#domain/username.ts';
import type { FaultCode } from './import-words.ts';
import type { Cell, Table } from './read-table.ts';

export const importColumns = [
  'name',
  'phone',
  'address',
  'plan',
  'username',
  'password',
  'mac',
  'due_day',
  'latitude',
  'longitude',
  'national_id',
  'email',
] as const;
export type ImportColumn = (typeof importColumns)[number];

/** What is wrong with a row, or was mended in it. */
export type Fault = {
  readonly column: ImportColumn;
  readonly code: FaultCode;
  readonly values?: Readonly<Record<string, string>>;
};

/** A row as it was understood; `no` counts as the spreadsheet does, its heading is row 1. */
export type ImportRow = {
  readonly no: number;
  readonly name: string;
  readonly phone: string;
  readonly address: string;
  readonly plan: string;
  readonly username: string | null;
  readonly password: string | null;
  readonly mac: string | null;
  readonly dueDay: number | null;
  readonly position: { readonly latitude: number; readonly longitude: number } | null;
  readonly nationalId: string | null;
  readonly email: string | null;
  readonly errors: readonly Fault[];
  readonly warnings: readonly Fault[];
};

const importRowsMax = 1_000;

/** Headings as people write them, letters only. */
const headings: Readonly<Record<string, ImportColumn>> = {
  ...{ nama: 'name', name: 'name', namapelanggan: 'name', pelanggan: 'name', customer: 'name' },
  ...{ telepon: 'phone', telp: 'phone', hp: 'phone', nohp: 'phone', nomorhp: 'phone', phone: 'phone', wa: 'phone' },
  ...{ notelepon: 'phone', nomortelepon: 'phone', whatsapp: 'phone', nowa: 'phone', phonenumber: 'phone' },
  ...{ alamat: 'address', address: 'address' },
  ...{ paket: 'plan', plan: 'plan', layanan: 'plan', serviceplan: 'plan' },
  ...{ username: 'username', namapengguna: 'username', pppoe: 'username', user: 'username', usernamepppoe: 'username' },
  ...{ password: 'password', katasandi: 'password', sandi: 'password' },
  ...{ mac: 'mac', macaddress: 'mac', alamatmac: 'mac' },
  ...{ jatuhtempo: 'due_day', tanggaljatuhtempo: 'due_day', dueday: 'due_day', duedate: 'due_day' },
  ...{ lintang: 'latitude', latitude: 'latitude', lat: 'latitude' },
  ...{ bujur: 'longitude', longitude: 'longitude', lng: 'longitude', long: 'longitude', lon: 'longitude' },
  ...{ nik: 'national_id', noktp: 'national_id', ktp: 'national_id', nationalid: 'national_id' },
  ...{ email: 'email', surel: 'email' },
};

const required = ['name', 'phone', 'address', 'plan'] as const;

type Columns = ReadonlyMap<ImportColumn, number>;

function columnsOf(heading: readonly Cell[]): Result<Columns, string> {
  const columns = new Map<ImportColumn, number>();
  for (const [i, { text }] of heading.entries()) {
    const letters = text.toLowerCase().replace(/[^a-z]/g, '');
    const column = Object.hasOwn(headings, letters) ? headings[letters] : undefined;
    if (column === undefined) continue;
    if (columns.has(column)) return err(`has two columns of ${column}: ${text.slice(0, 40)} is the second one`);
    columns.set(column, i);
  }
  const lacking = required.filter((column) => !columns.has(column));
  const wanted = 'the first row names the columns: Nama, Telepon, Alamat, Paket, and more';
  return lacking.length > 0 ? err(`has no column for ${lacking.join(', ')}; ${wanted}`) : ok(columns);
}

const scientific = /^[0-9]+([.,][0-9]+)?e\+?[0-9]+$/i;
const phoneLike = /^\+?[0-9][0-9 ()./-]{4,28}$/;
/** A mobile number of Indonesia that Excel took for a number. */
const withoutZero = /^8[0-9]{7,11}$/;
const maxima: Readonly<Partial<Record<ImportColumn, number>>> = {
  ...{ name: 200, phone: 50, address: 500, plan: 100, username: 100, password: 128, email: 200 },
};

/** One row: cell by cell, noting what is wrong and what was mended. */
class RowReading {
  readonly errors: Fault[] = [];
  readonly warnings: Fault[] = [];
  readonly #cells: readonly Cell[];
  readonly #columns: Columns;

  constructor(cells: readonly Cell[], columns: Columns) {
    this.#cells = cells;
    this.#columns = columns;
  }

  wrong(column: ImportColumn, code: FaultCode, values: Readonly<Record<string, string>> = {}): null {
    this.errors.push({ column, code, values });
    return null;
  }

  /** As a text column of a database takes it; empty: null. */
  text(column: ImportColumn): string | null {
    const cell = this.#cells[this.#columns.get(column) ?? -1];
    const text = (cell?.text ?? '').replaceAll('\u0000', '').toWellFormed().trim();
    const max = maxima[column];
    if (max !== undefined && text.length > max) return this.wrong(column, 'too_long', { max: String(max) });
    return text === '' ? null : text;
  }

  filled(column: (typeof required)[number]): string {
    const before = this.errors.length;
    const text = this.text(column);
    if (text === null && this.errors.length === before) this.wrong(column, 'missing');
    return text ?? '';
  }

  phone(): string {
    const text = this.filled('phone');
    if (text === '') return text;
    if (scientific.test(text)) this.wrong('phone', 'scientific', { text });
    else if (withoutZero.test(text)) {
      this.warnings.push({ column: 'phone', code: 'zero_restored', values: { text: `0${text}` } });
      return `0${text}`;
    } else if (!phoneLike.test(text)) this.wrong('phone', 'phone_bad');
    return text;
  }

  username(): string | null {
    const text = this.text('username');
    if (text === null) return null;
    return canonicalUsername(text).ok ? text : this.wrong('username', 'username_bad');
  }

  password(): string | null {
    const text = this.text('password');
    if (text === null) return null;
    return passwordFault(text) === null ? text : this.wrong('password', 'password_bad');
  }

  mac(): string | null {
    const text = this.text('mac');
    return text === null ? null : (normalMac(text) ?? this.wrong('mac', 'mac_bad'));
  }

  dueDay(): number | null {
    const text = this.text('due_day');
    if (text === null) return null;
    const day = Number(text);
    return Number.isInteger(day) && day >= 1 && day <= 31 ? day : this.wrong('due_day', 'due_day_bad');
  }

  #degrees(column: 'latitude' | 'longitude', max: number): number | null {
    const text = this.text(column);
    if (text === null) return null;
    const value = Number(text.replace(',', '.'));
    return Number.isFinite(value) && Math.abs(value) <= max ? value : this.wrong(column, 'position_bad');
  }

  position(): ImportRow['position'] {
    const before = this.errors.length;
    const [latitude, longitude] = [this.#degrees('latitude', 90), this.#degrees('longitude', 180)];
    if (latitude !== null && longitude !== null) return { latitude, longitude };
    if (latitude !== longitude && this.errors.length === before) {
      this.wrong(latitude === null ? 'latitude' : 'longitude', 'position_half');
    }
    return null;
  }

  nationalId(): string | null {
    const text = this.text('national_id');
    if (text === null) return null;
    if (scientific.test(text)) return this.wrong('national_id', 'scientific', { text });
    return /^[0-9]{16}$/.test(text) ? text : this.wrong('national_id', 'national_id_bad');
  }

  email(): string | null {
    const text = this.text('email');
    if (text === null) return null;
    return z.email().safeParse(text).success ? text : this.wrong('email', 'email_bad');
  }
}

function readRow(cells: readonly Cell[], columns: Columns, no: number): ImportRow {
  const row = new RowReading(cells, columns);
  const read = {
    ...{ no, name: row.filled('name'), phone: row.phone(), address: row.filled('address'), plan: row.filled('plan') },
    ...{ username: row.username(), password: row.password(), mac: row.mac(), dueDay: row.dueDay() },
    ...{ position: row.position(), nationalId: row.nationalId(), email: row.email() },
  };
  return { ...read, errors: row.errors, warnings: row.warnings };
}

export const digitsOf = (phone: string): string => phone.replace(/[^0-9]/g, '').replace(/^62/, '0');

/** What no two rows may share. */
const keysOf = (row: ImportRow): readonly (readonly [ImportColumn, string])[] => [
  ['name', `${row.name.toLowerCase()} ${digitsOf(row.phone)}`],
  ...(row.username === null ? [] : [['username', row.username.toLowerCase()] as const]),
  ...(row.mac === null ? [] : [['mac', row.mac] as const]),
  ...(row.nationalId === null ? [] : [['national_id', row.nationalId] as const]),
];

function withTwins(rows: readonly ImportRow[]): ImportRow[] {
  const first = new Map<string, number>();
  return rows.map((row) => {
    const twins: Fault[] = [];
    for (const [column, key] of keysOf(row)) {
      const before = first.get(`${column} ${key}`);
      if (before === undefined) first.set(`${column} ${key}`, row.no);
      else twins.push({ column, code: 'twin_in_file', values: { row: String(before) } });
    }
    return twins.length === 0 ? row : { ...row, errors: [...row.errors, ...twins] };
  });
}

/** The customers of a spreadsheet, row by row, each with what is wrong with it; the error: it is no such list at all. */
export function readRows(table: Table): Result<readonly ImportRow[], string> {
  const [heading, ...rows] = table;
  const columns = columnsOf(heading ?? []);
  if (!columns.ok) return columns;
  const isFilled = (cells: readonly Cell[]): boolean => cells.some(({ text }) => text !== '');
  const numbered = rows.map((cells, i) => ({ cells, no: i + 2 })).filter(({ cells }) => isFilled(cells));
  if (numbered.length === 0) return err('has no row under its heading');
  if (numbered.length > importRowsMax) return err(`has more than ${importRowsMax} rows: bring them in parts`);
  return ok(withTwins(numbered.map(({ cells, no }) => readRow(cells, columns.value, no))));
}
