import { fill } from '#domain/message-template.ts';
import type { Language } from '#domain/reason.ts';

/** What may be wrong with a cell, or worth a look, in words of whoever keeps the list. */
const words = {
  missing: { id: 'wajib diisi', en: 'must be filled in' },
  too_long: { id: 'paling banyak {{max}} huruf', en: 'has {{max}} characters at most' },
  scientific: {
    id: 'ditulis Excel sebagai {{text}}, angkanya hilang: ubah sel menjadi teks lalu ketik ulang',
    en: 'was written by Excel as {{text}}, its digits are lost: make the cell text and type it again',
  },
  phone_bad: { id: 'bukan nomor telepon', en: 'is no phone number' },
  zero_restored: {
    id: 'angka 0 di depan hilang di Excel; dibaca sebagai {{text}}',
    en: 'lost its leading 0 in Excel; it is read as {{text}}',
  },
  plan_unknown: { id: 'paket ini tidak ada atau tidak Anda jual', en: 'there is no such plan, or you do not sell it' },
  username_bad: {
    id: 'hanya huruf, angka dan @ . _ -, paling banyak 32',
    en: 'has letters, digits and @ . _ - only, 32 at most',
  },
  username_taken: { id: 'nama pengguna sudah dipakai', en: 'is taken' },
  password_bad: { id: 'bukan kata sandi PPPoE', en: 'is no PPPoE password' },
  mac_bad: { id: 'bukan alamat MAC', en: 'is no MAC address' },
  mac_taken: { id: 'modem ini sudah dipakai pelanggan lain', en: 'another subscription has this modem' },
  due_day_bad: { id: 'tanggal 1 sampai 31', en: 'is a day from 1 to 31' },
  position_bad: { id: 'bukan koordinat', en: 'is no coordinate' },
  position_half: { id: 'isi lintang dan bujur', en: 'needs both latitude and longitude' },
  national_id_bad: { id: 'NIK terdiri dari 16 angka', en: 'has 16 digits' },
  email_bad: { id: 'bukan alamat e-mail', en: 'is no e-mail address' },
  twin_in_file: { id: 'sama dengan baris {{row}}', en: 'is the same as in row {{row}}' },
  twin_there: { id: 'pelanggan ini sudah ada', en: 'this customer is there already' },
  refused: { id: 'ditolak: {{text}}', en: 'was refused: {{text}}' },
} as const satisfies Readonly<Record<string, Readonly<Record<Language, string>>>>;

export type FaultCode = keyof typeof words;
export const faultCodes = Object.keys(words) as readonly FaultCode[];

export const faultText = (code: FaultCode, language: Language, values: Readonly<Record<string, string>>): string =>
  fill(words[code][language], values);
