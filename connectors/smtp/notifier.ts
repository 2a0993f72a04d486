import { isIP } from 'node:net';
import nodemailer from 'nodemailer';
import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import { createBreaker } from '#connectors/kit/breaker.ts';
import { err, ok, type Result } from '#domain/result.ts';
import type { Notice, Notifier, NotifierFailure } from '#ports/notifier/port.ts';
import { smtpFailure } from './failure.ts';
import { partsOfMailbox, type SmtpSettings } from './settings.ts';

export type SmtpOptions = {
  readonly settings: SmtpSettings;
  readonly guard: AddressGuard;
  /** For the whole of one message, and half of it for the connection. */
  readonly timeoutMs: number;
  /** Milliseconds of any steady clock. */
  readonly now: () => number;
  /** Certificate authority of the server, PEM, where it is a private one. */
  readonly ca?: string;
};

type Answer<T> = Promise<Result<T, NotifierFailure>>;

const failuresInARow = 5;
const restMs = 30_000;

/** One address and nothing else: no list, no comment, no second header (the `addr-spec` of RFC 5322 without quotes). */
const isAddress = (text: string): boolean =>
  text.length <= 254 && /^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[\p{L}\p{N}.-]+$/u.test(text);

/**
 * The address is resolved and judged once, and the connection goes there (SEC-17); the certificate must still be the
 * name's.
 */
function transportTo(address: string, { settings, timeoutMs, ca }: SmtpOptions) {
  const { host, port, secure, user, password } = settings;
  return nodemailer.createTransport({
    host: address,
    port,
    secure: secure === 'tls',
    requireTLS: secure === 'starttls',
    ignoreTLS: secure === 'none',
    tls: { ...(isIP(host) === 0 && { servername: host }), ...(ca !== undefined && { ca }), minVersion: 'TLSv1.2' },
    ...(user && { auth: { user, pass: password ?? '' } }),
    connectionTimeout: timeoutMs / 2,
    greetingTimeout: timeoutMs / 2,
    socketTimeout: timeoutMs,
    // A message is text from the hub: nothing in it is fetched or read from a file.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
}

function mailOf(notice: Notice, from: { readonly name: string; readonly address: string }) {
  const { to, subject, text, html, messageId, language, unsubscribeUrl } = notice;
  return {
    from,
    to: { name: '', address: to },
    envelope: { from: from.address, to: [to] },
    subject,
    text,
    ...(html !== undefined && { html }),
    messageId: `<${messageId}@${from.address.split('@')[1]}>`,
    headers: {
      'Content-Language': language,
      'Auto-Submitted': 'auto-generated',
      ...(unsubscribeUrl !== undefined && {
        'List-Unsubscribe': { prepared: true, foldLines: true, value: `<${unsubscribeUrl}>` },
        'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      }),
    },
  };
}

/** Sends by one SMTP server, each message on a connection of its own. */
export function createSmtpNotifier(options: SmtpOptions): Notifier {
  const { settings, guard, timeoutMs } = options;
  const from = partsOfMailbox(settings.from);
  const breaker = createBreaker({ threshold: failuresInARow, coolDownMs: restMs, now: options.now });

  async function open(): Answer<ReturnType<typeof transportTo>> {
    const resolved = await guard.resolve(settings.host);
    const first = resolved.ok ? resolved.value[0] : undefined;
    if (!first)
      return err({ reason: 'unreachable', detail: resolved.ok ? 'it has no address' : resolved.error.detail });
    return ok(transportTo(first.address, options));
  }

  async function attempt(notice: Notice): Answer<{ readonly providerId: string }> {
    const transport = await open();
    if (!transport.ok) return transport;
    try {
      const sent = await transport.value.sendMail({ ...mailOf(notice, from), signal: AbortSignal.timeout(timeoutMs) });
      return ok({ providerId: sent.response.slice(0, 200) });
    } catch (fault) {
      return err(smtpFailure(fault, notice.to));
    }
  }

  return {
    async send(notice) {
      if (!isAddress(notice.to)) return err({ reason: 'no_recipient', detail: 'that is no address of one mailbox' });
      const waitMs = breaker.admit();
      if (waitMs !== null) return err({ reason: 'resting', detail: 'the mail server failed several times', waitMs });
      const sent = await attempt(notice);
      if (!sent.ok && sent.error.reason === 'unreachable') breaker.failed();
      else breaker.succeeded();
      return sent;
    },

    async test() {
      const transport = await open();
      if (!transport.ok) return transport;
      try {
        await transport.value.verify();
        return ok(`${settings.host}:${settings.port} takes mail from ${from.address}.`);
      } catch (fault) {
        return err(smtpFailure(fault, ''));
      }
    },
  };
}
