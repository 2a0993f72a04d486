import type { Language } from '#domain/reason.ts';

/** Names and numbers that a problem's text speaks of; what is not known reads as a dash. */
export type ProblemDetails = {
  readonly holder?: string;
  readonly customer?: string;
  readonly serial?: string;
  readonly units?: string;
  readonly place?: string;
  readonly detail?: string;
  readonly minutes?: number;
};

type Texts = Readonly<Record<Language, string>>;

/**
 * Why a scan is refused or waits, in words for whoever stands on a ladder; `{names}` are filled from the details. Those
 * that begin with `tracker_` are the stock system's own answers.
 */
const texts = {
  unknown_code: {
    id: 'Kode ini tidak ada di stok. Periksa labelnya atau ketik nomor serinya.',
    en: 'No unit has this code. Check the label, or type the serial number.',
  },
  several_units: {
    id: 'Kode ini cocok dengan beberapa barang: {units}. Scan nomor seri atau MAC-nya.',
    en: 'This code fits several units: {units}. Scan the serial number or the MAC.',
  },
  unit_gone: {
    id: 'Modem {serial} sudah tidak ada di stok. Tanyakan ke gudang.',
    en: 'Modem {serial} is in the stock no more. Ask the warehouse.',
  },
  unit_damaged: {
    id: 'Modem {serial} tercatat rusak. Pakai modem lain dan kembalikan yang ini.',
    en: 'Modem {serial} is noted as damaged. Use another one and return this one.',
  },
  unit_lost: {
    id: 'Modem {serial} tercatat hilang. Serahkan ke gudang.',
    en: 'Modem {serial} is noted as lost. Hand it in at the warehouse.',
  },
  in_other_bag: { id: 'Modem ini ada di tas {holder}.', en: 'This modem is in the bag of {holder}.' },
  installed_elsewhere: {
    id: 'Modem ini terpasang di pelanggan {customer}.',
    en: 'This modem is installed at {customer}.',
  },
  awaits_hand_over: {
    id: 'Modem ini belum diserahkan gudang kepada Anda. Begitu gudang men-scan penyerahannya, proses lanjut sendiri.',
    en: 'The warehouse has not handed this modem to you yet. Once it scans the hand-over, this goes on by itself.',
  },
  awaits_install: {
    id: 'Modem ini masih di tas Anda dan belum terpasang. Serahkan ke gudang; gudang yang men-scan.',
    en: 'This modem is in your bag and was not installed. Bring it to the warehouse, which scans it.',
  },
  busy: {
    id: 'Scan lain untuk modem ini masih diproses. Setelah selesai, scan ini lanjut sendiri.',
    en: 'Another scan of this modem is being worked on. After it, this one goes on by itself.',
  },
  overtaken: {
    id: 'Setelah scan ini dibuat, modem sudah dipindahkan lagi (sekarang: {place}). Scan ulang bila masih perlu.',
    en: 'After this was scanned the modem was moved again (now: {place}). Scan it again if that is still wanted.',
  },
  line_ended: {
    id: 'Langganan {customer} sudah berakhir. Modem tidak dipasang.',
    en: 'The subscription of {customer} has ended. The modem is not installed.',
  },
  line_has_modem: {
    id: '{customer} sudah memakai modem {serial}. Ganti modem itu?',
    en: '{customer} has the modem {serial} already. Replace it?',
  },
  replaced_elsewhere: {
    id: 'Modem lama {serial} tidak terpasang di {customer}. Periksa kode modem lama.',
    en: 'The old modem {serial} is not installed at {customer}. Check the code of the old one.',
  },
  same_unit: {
    id: 'Modem lama dan modem baru adalah modem yang sama.',
    en: 'The old modem and the new one are the same.',
  },
  order_not_yours: {
    id: 'Perintah kerja ini bukan milik Anda, atau sudah selesai.',
    en: 'This work order is not yours, or is closed.',
  },
  tracker_gone: {
    id: 'Modem {serial} tidak ada lagi di sistem stok.',
    en: 'The stock system has modem {serial} no more.',
  },
  tracker_elsewhere: {
    id: 'Menurut sistem stok modem {serial} ada di tempat lain: {place}.',
    en: 'The stock system has modem {serial} at another place: {place}.',
  },
  tracker_at_customer: {
    id: 'Menurut sistem stok modem {serial} ada di pelanggan: {place}.',
    en: 'The stock system has modem {serial} at a customer: {place}.',
  },
  tracker_not_at_customer: {
    id: 'Menurut sistem stok modem {serial} tidak ada di pelanggan ini: {place}.',
    en: 'The stock system does not have modem {serial} at this customer: {place}.',
  },
  tracker_wrong_status: {
    id: 'Sistem stok menahan modem {serial}: {detail}',
    en: 'The stock system holds modem {serial}: {detail}',
  },
  tracker_not_salable: {
    id: 'Jenis barang {serial} tidak boleh diberikan ke pelanggan (sistem stok): {detail}',
    en: 'The part of {serial} may not be given to customers (stock system): {detail}',
  },
  tracker_serial_differs: {
    id: 'Nomor seri di sistem stok berbeda dari {serial}.',
    en: 'The serial number in the stock system is not {serial}.',
  },
  tracker_no_such_place: {
    id: 'Tempat tujuan tidak ada di sistem stok: {detail}',
    en: 'The stock system does not have the place: {detail}',
  },
  tracker_not_a_customer: {
    id: 'Pelanggan ini tidak dikenal di sistem stok: {detail}',
    en: 'The stock system does not know this customer: {detail}',
  },
  tracker_mixed: {
    id: 'Sistem stok menunjukkan modem {serial} tidak di tempat lama maupun baru ({place}). Admin harus memeriksa.',
    en: 'The stock system shows modem {serial} neither where it was nor where it should be ({place}). An admin must look.',
  },
  tracker_rejected: {
    id: 'Sistem stok menolak pemindahan modem {serial}: {detail}',
    en: 'The stock system refuses to move modem {serial}: {detail}',
  },
  not_online: {
    id: 'Modem sudah terpasang, tetapi belum online dalam {minutes} menit. Periksa kabel, daya, dan username PPPoE.',
    en: 'The modem is installed but did not come online within {minutes} minutes. Check cable, power and PPPoE login.',
  },
  cancelled: { id: 'Dibatalkan oleh kantor.', en: 'Cancelled by the office.' },
} as const satisfies Readonly<Record<string, Texts>>;

export type ScanProblem = keyof typeof texts;
export const scanProblems = Object.keys(texts) as readonly ScanProblem[];

const isProblem = (code: string): code is ScanProblem => Object.hasOwn(texts, code);

/** Why a scan waits that goes on by itself once the unit was moved by another. */
export const awaiting = ['awaits_hand_over', 'awaits_install', 'busy'] as const satisfies readonly ScanProblem[];

/** The problem in the tenant's language; a code of an earlier version reads as itself. */
export function problemText(code: string, details: ProblemDetails, language: Language): string {
  if (!isProblem(code)) return code;
  const values: Readonly<Record<string, unknown>> = details;
  return texts[code][language].replace(/\{(\w+)\}/g, (_, name: string) => String(values[name] ?? '–'));
}

export const isAwaiting = (code: string): boolean => awaiting.some((one) => one === code);
