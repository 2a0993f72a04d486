import { z } from 'zod';

/** How the line is secured: from the first byte, after a plain greeting, or not at all. */
const security = z.enum(['tls', 'starttls', 'none']);

/** A mailbox alone, or with a name before it: `Ujung Net <billing@ujung.net>`. One line, no list. */
const mailbox = z
  .string()
  .max(200)
  .regex(/^(?:[^<>\p{Cc}",;:@]*<[^\s<>@,;:"]+@[^\s<>@,;:"]+>|[^\s<>@,;:"]+@[^\s<>@,;:"]+)$/u, 'must be one address');

const host = z
  .string()
  .max(253)
  .regex(/^[A-Za-z0-9.:_-]+$/, 'must be a name or an address, without a port');

/** What an admin fills in to have mail sent by a server of the tenant's own (`PUT connections/smtp`). */
export const smtpSettings = z.object({
  host,
  port: z.int().min(1).max(65_535),
  secure: security,
  user: z.string().min(1).max(200).nullish(),
  password: z.string().min(1).max(200).nullish(),
  from: mailbox,
});
export type SmtpSettings = z.infer<typeof smtpSettings>;

/** A mailbox as name and address; the name may be empty. */
export function partsOfMailbox(text: string): { readonly name: string; readonly address: string } {
  const found = /^([^<]*)<([^>]+)>$/.exec(text.trim());
  return found ? { name: found[1]?.trim() ?? '', address: found[2] ?? '' } : { name: '', address: text.trim() };
}

/** The installation's own server, `smtp[s]://user:password@host:port`; null: that is no such address. */
export function settingsOfUrl(url: string, from: string): SmtpSettings | null {
  if (!URL.canParse(url)) return null;
  const { protocol, hostname, port, username, password, searchParams } = new URL(url);
  if (protocol !== 'smtp:' && protocol !== 'smtps:') return null;
  const secure = protocol === 'smtps:' ? 'tls' : searchParams.get('tls') === 'none' ? 'none' : 'starttls';
  const parsed = smtpSettings.safeParse({
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (protocol === 'smtps:' ? 465 : 587) : Number(port),
    secure,
    user: username === '' ? null : decodeURIComponent(username),
    password: password === '' ? null : decodeURIComponent(password),
    from,
  });
  return parsed.success ? parsed.data : null;
}
