import type { Language } from '#domain/reason.ts';
import type { WorkOrderState } from '#domain/work-order.ts';

/** What a technician's phone shows as it stands, in the tenant's language. */
type Words = {
  readonly states: Readonly<Record<WorkOrderState, string>>;
  readonly wrongMove: (from: string, to: string) => string;
  readonly reasonMissing: string;
  readonly technicianMissing: string;
  readonly halfPosition: string;
  readonly photosMissing: (there: number, wanted: number) => string;
  readonly tooManyPhotos: (most: number) => string;
  readonly photoTooLarge: string;
  readonly noPhoto: string;
  readonly closed: (state: string) => string;
  readonly missing: string;
};

const id: Words = {
  states: {
    issued: 'menunggu teknisi',
    assigned: 'ditugaskan',
    picked_up: 'sudah diambil',
    on_site: 'di lokasi',
    installed: 'selesai dikerjakan',
    verified: 'sudah diperiksa kantor',
    failed: 'gagal',
    cancelled: 'dibatalkan',
  },
  wrongMove: (from, to) => `SPK ini ${from}, jadi belum bisa menjadi ${to}.`,
  reasonMissing: 'Tulis alasannya.',
  technicianMissing: 'Pilih teknisinya.',
  halfPosition: 'Posisi terdiri dari latitude dan longitude.',
  photosMissing: (there, wanted) => `Baru ada ${there} foto, perlu ${wanted}.`,
  tooManyPhotos: (most) => `Satu SPK paling banyak ${most} foto.`,
  photoTooLarge: 'Foto paling besar 5 MB.',
  noPhoto: 'Berkas ini bukan foto JPEG, PNG, atau WebP.',
  closed: (state) => `SPK ini ${state}.`,
  missing: 'SPK ini tidak ada, atau bukan tugas Anda.',
};

const en: Words = {
  states: {
    issued: 'waiting for a technician',
    assigned: 'assigned',
    picked_up: 'picked up',
    on_site: 'on site',
    installed: 'done',
    verified: 'accepted by the office',
    failed: 'failed',
    cancelled: 'cancelled',
  },
  wrongMove: (from, to) => `This order is ${from}, so it cannot become ${to}.`,
  reasonMissing: 'Say why.',
  technicianMissing: 'Choose the technician.',
  halfPosition: 'A position has a latitude and a longitude.',
  photosMissing: (there, wanted) => `There are ${there} photos, ${wanted} are needed.`,
  tooManyPhotos: (most) => `An order has ${most} photos at most.`,
  photoTooLarge: 'A photo may have 5 MB at most.',
  noPhoto: 'This is no JPEG, PNG or WebP photo.',
  closed: (state) => `This order is ${state}.`,
  missing: 'There is no such work order, or it is not yours.',
};

export const wordsIn = (language: Language): Words => ({ id, en })[language];
