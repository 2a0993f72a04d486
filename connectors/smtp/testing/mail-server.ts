import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

/** One mail as it came over the wire: envelope and bytes. */
export type Delivered = { readonly from: string; readonly to: readonly string[]; readonly raw: string };

export type MailServer = {
  readonly port: number;
  readonly delivered: Delivered[];
  /** How many clients have connected. */
  readonly connections: () => number;
  close(): Promise<void>;
};

const pem = (name: string): string => readFileSync(new URL(`../fixtures/${name}`, import.meta.url), 'utf8');
/** Made out to `mail.example.net`. */
export const certificate = pem('mail-certificate.pem');
const key = pem('mail-test-only-key.pem');

/** The reply of a server, as its own error carries it. */
export const reply = (code: number, words: string): Error => Object.assign(new Error(words), { responseCode: code });

/** A real SMTP server on loopback; it knows the login `isp` / `rahasia` and takes everything unless told otherwise. */
export async function startMailServer(manners: SMTPServerOptions = {}): Promise<MailServer> {
  const delivered: Delivered[] = [];
  let connections = 0;
  const server = new SMTPServer({
    key,
    cert: certificate,
    authOptional: true,
    logger: false,
    closeTimeout: 200,
    onConnect: (_session, done) => {
      connections += 1;
      done();
    },
    onAuth: ({ username, password }, _session, done) => {
      if (username === 'isp' && password === 'rahasia') return done(null, { user: username });
      return done(reply(535, 'wrong user or password'));
    },
    onRcptTo: ({ address }, _session, done) =>
      done(address.startsWith('nobody@') ? reply(550, `5.1.1 <${address}>: no such user`) : null),
    onData: (stream, session, done) => {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const { mailFrom, rcptTo } = session.envelope;
        const to = rcptTo.map(({ address }) => address);
        delivered.push({ from: mailFrom ? mailFrom.address : '', to, raw: Buffer.concat(chunks).toString() });
        done(null, 'queued as 4711');
      });
    },
    ...manners,
  });
  // A client that goes away in the middle is what some tests are about.
  server.on('error', () => undefined);
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
  return {
    port: (server.server.address() as AddressInfo).port,
    delivered,
    connections: () => connections,
    close: () => new Promise((closed) => server.close(() => closed())),
  };
}

/** The headers of a mail by lower-case name, unfolded. */
export function headersOf(raw: string): ReadonlyMap<string, string> {
  const head = (raw.split('\r\n\r\n')[0] ?? '').replace(/\r\n[ \t]+/g, ' ');
  return new Map(
    head.split('\r\n').map((line) => {
      const colon = line.indexOf(':');
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
}

const fromQuotedPrintable = (text: string): string =>
  Buffer.from(
    text
      .replace(/=\r\n/g, '')
      .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  ).toString('utf8');

/** What its reader sees of the part of a type; null: there is none. */
export function partOf(raw: string, type: 'text/plain' | 'text/html'): string | null {
  const [, boundary] = /boundary="([^"]+)"/.exec(raw) ?? [];
  const parts = boundary === undefined ? [raw] : raw.split(`--${boundary}`);
  const part = parts.find((one) => headersOf(one.trimStart()).get('content-type')?.startsWith(type));
  if (part === undefined) return null;
  const headers = headersOf(part.trimStart());
  const body = part.trimStart().split('\r\n\r\n').slice(1).join('\r\n\r\n');
  const encoding = headers.get('content-transfer-encoding');
  const decoded =
    encoding === 'base64'
      ? Buffer.from(body, 'base64').toString()
      : encoding === 'quoted-printable'
        ? fromQuotedPrintable(body)
        : body;
  return decoded.replaceAll('\r\n', '\n').trim();
}

/** Encoded words of a header (RFC 2047), read. */
export const readWords = (header: string): string =>
  header
    .replace(/\?=\s+=\?/g, '?==?')
    .replace(/=\?utf-8\?([BQ])\?([^?]*)\?=/gi, (_all, form: string, text: string) =>
      form.toUpperCase() === 'B'
        ? Buffer.from(text, 'base64').toString()
        : fromQuotedPrintable(text.replaceAll('_', ' ')),
    );
