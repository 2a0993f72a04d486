import type { Language } from '#domain/reason.ts';

/** Why a session ended, in words of a help desk: Acct-Terminate-Cause (RFC 2866 §5.10), and what the hub writes itself. */
const words = new Map<string, Readonly<Record<Language, string>>>(
  Object.entries({
    'User-Request': { id: 'Modem memutus sendiri.', en: 'The modem hung up.' },
    'Lost-Carrier': { id: 'Sambungan ke modem hilang.', en: 'The link to the modem was lost.' },
    'Lost-Service': { id: 'Layanan pada router terputus.', en: 'The router lost its service.' },
    'Lost-Power': { id: 'Modem kehilangan listrik.', en: 'The modem lost its power.' },
    'Idle-Timeout': { id: 'Terlalu lama tanpa lalu lintas.', en: 'It was idle for too long.' },
    'Session-Timeout': { id: 'Waktu sesi habis.', en: 'The time that a session may last was over.' },
    'Admin-Reset': { id: 'Diputus oleh petugas atau oleh hub.', en: 'Disconnected by the staff or by the hub.' },
    'Admin-Reboot': { id: 'Router dinyalakan ulang oleh petugas.', en: 'The staff restarted the router.' },
    'Port-Error': { id: 'Galat pada port router.', en: 'An error on the router’s port.' },
    'NAS-Error': { id: 'Galat pada router.', en: 'An error in the router.' },
    'NAS-Request': { id: 'Diputus oleh router.', en: 'The router disconnected it.' },
    'NAS-Reboot': { id: 'Router menyala ulang.', en: 'The router restarted.' },
    'Port-Unneeded': { id: 'Port tidak diperlukan lagi.', en: 'The port was not needed any more.' },
    'Port-Preempted': { id: 'Port dipakai sesi lain.', en: 'Another session took the port.' },
    'Port-Suspended': { id: 'Port ditangguhkan.', en: 'The port was suspended.' },
    'Service-Unavailable': { id: 'Router tidak dapat melayani.', en: 'The router could not serve it.' },
    Callback: { id: 'Diputus untuk dihubungi kembali.', en: 'It was ended to be called back.' },
    'User-Error': { id: 'Galat pada modem.', en: 'An error in the modem.' },
    'Host-Request': { id: 'Komputer di ujung memutus.', en: 'The host at the other end hung up.' },
    'Hub-Stale': {
      id: 'Router tidak melaporkan akhirnya; terbukti sudah berakhir.',
      en: 'The router never told of its end; it was proved to be over.',
    },
    Unknown: { id: 'Router tidak menyebut sebabnya.', en: 'The router gave no cause.' },
  }),
);

/** The sentence for a cause; one that nobody has words for stands as the router spelt it. */
export const sessionEndText = (cause: string, language: Language): string => words.get(cause)?.[language] ?? cause;
