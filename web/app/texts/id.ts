/** What every page says. The other language has the same keys, or it does not compile. */
export const id = {
  language: 'Bahasa',
  back: 'Kembali',
  cancel: 'Batal',
  save: 'Simpan',
  loading: 'Sebentar…',
  notLoaded: 'Belum bisa memuat data. Periksa sinyal, lalu coba lagi.',
  reload: 'Muat ulang',
  insecure: 'Buka halaman ini lewat https. Tanpa itu ponsel tidak memberi kamera, lokasi, dan penyimpanan.',
  newVersion: 'Versi baru siap.',
  update: 'Perbarui',
  logOut: 'Keluar',
  map: 'Peta',
  call: 'Telepon',
  whatsapp: 'WhatsApp',

  login: {
    title: 'Masuk',
    provider: 'Kode perusahaan',
    providerHint: 'contoh: satunet',
    email: 'E-mail',
    password: 'Kata sandi',
    show: 'Lihat',
    hide: 'Tutup',
    code: 'Kode dari aplikasi pengaman',
    enter: 'Masuk',
    wrong: 'E-mail atau kata sandi salah. Periksa kode perusahaan juga.',
    wrongCode: 'Kode itu salah. Tunggu kode berikutnya, lalu coba lagi.',
    tooOften: 'Terlalu sering mencoba. Tunggu beberapa menit.',
    away: 'Tidak ada sinyal. Untuk masuk perlu internet.',
    notYours: 'Halaman ini bukan untuk akun itu. Masuk dengan akun yang lain.',
  },
};

export type Words = typeof id;
