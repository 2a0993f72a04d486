import type { AddressInfo } from 'node:net';
import { createServer, type Socket } from 'node:net';
import fc from 'fast-check';
import type { SMTPServerOptions } from 'smtp-server';
import { afterEach, describe, expect, it } from 'vitest';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { parseNetworks } from '#connectors/kit/address-kind.ts';
import { notifierContract } from '#ports/notifier/contract.ts';
import type { Notice } from '#ports/notifier/port.ts';
import { createSmtpNotifier, type SmtpOptions } from './notifier.ts';
import type { SmtpSettings } from './settings.ts';
import {
  certificate,
  headersOf,
  type MailServer,
  partOf,
  readWords,
  reply,
  startMailServer,
} from './testing/mail-server.ts';

const loopback = parseNetworks(['127.0.0.0/8']);
if (!loopback.ok) throw new Error(loopback.error);
const resolve = async () => [{ address: '127.0.0.1', family: 4 }];
const guard = createAddressGuard({ allow: loopback.value, allowPrivate: false, resolve });

const notice: Notice = {
  to: 'budi@example.net',
  subject: 'Tagihan',
  text: 'Halo',
  messageId: '5e1f0a3c-1111-4222-8333-444455556666',
  language: 'id',
};

const open: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function serve(manners: SMTPServerOptions = {}): Promise<MailServer> {
  const server = await startMailServer(manners);
  open.push(() => server.close());
  return server;
}

const notifierOf = (port: number, over: Partial<SmtpSettings> = {}, more: Partial<SmtpOptions> = {}) =>
  createSmtpNotifier({
    settings: { host: 'mail.example.net', port, secure: 'starttls', from: 'Ujung Net <billing@ujung.net>', ...over },
    guard,
    timeoutMs: 4_000,
    now: () => 0,
    ca: certificate,
    ...more,
  });

notifierContract('smtp', async () => {
  let manner: 'taking' | 'busy' | 'refusing' = 'taking';
  const server = await startMailServer({
    onMailFrom: (_from, _session, done) =>
      done(manner === 'taking' ? null : manner === 'busy' ? reply(450, 'greylisted') : reply(554, 'not from here')),
  });
  return {
    notifier: notifierOf(server.port, { user: 'isp', password: 'rahasia' }),
    arrived: async () =>
      server.delivered.map(({ to, raw }) => {
        const headers = headersOf(raw);
        return {
          to: to.join(' '),
          subject: readWords(headers.get('subject') ?? ''),
          text: partOf(raw, 'text/plain') ?? '',
          html: partOf(raw, 'text/html'),
          messageId: /^<([^@]+)@ujung\.net>$/.exec(headers.get('message-id') ?? '')?.[1] ?? '',
          unsubscribeUrl: /^<(.+)>$/.exec(headers.get('list-unsubscribe') ?? '')?.[1] ?? null,
        };
      }),
    behave: (next) => {
      manner = next;
    },
    reset: () => {
      manner = 'taking';
      server.delivered.length = 0;
    },
    close: () => server.close(),
  };
});

describe('mail by SMTP', () => {
  it('says who it is from, that it is one click to end it, and that no person wrote it', async () => {
    const { port, delivered } = await serve();
    await notifierOf(port).send({ ...notice, unsubscribeUrl: 'https://hub.example.net/u/t' });
    const headers = headersOf(delivered[0]?.raw ?? '');
    expect(delivered[0]).toMatchObject({ from: 'billing@ujung.net', to: ['budi@example.net'] });
    expect(headers.get('from')).toBe('Ujung Net <billing@ujung.net>');
    expect(headers.get('to')).toBe('budi@example.net');
    expect(headers.get('list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
    expect(headers.get('auto-submitted')).toBe('auto-generated');
  });

  it('works over TLS from the first byte too, and without TLS where that was asked for', async () => {
    const secured = await serve({ secure: true });
    const plain = await serve({ disabledCommands: ['STARTTLS'] });
    expect((await notifierOf(secured.port, { secure: 'tls' }).send(notice)).ok).toBe(true);
    expect((await notifierOf(plain.port, { secure: 'none' }).send(notice)).ok).toBe(true);
  });

  const away = { ok: false, error: { reason: 'unreachable' } };

  it('sends nothing in the open where TLS was asked for and is not offered', async () => {
    const { port, delivered } = await serve({ disabledCommands: ['STARTTLS'] });
    expect(await notifierOf(port).send(notice)).toMatchObject(away);
    expect(delivered).toEqual([]);
  });

  it('sends nothing to a server whose certificate is nobody’s, or another’s', async () => {
    const { port, delivered } = await serve({ secure: true });
    const stranger = createSmtpNotifier({
      settings: { host: 'mail.example.net', port, secure: 'tls', from: 'billing@ujung.net' },
      guard,
      timeoutMs: 4_000,
      now: () => 0,
    });
    expect(await stranger.send(notice)).toMatchObject(away);
    expect(await notifierOf(port, { secure: 'tls', host: 'mail.ujung.net' }).send(notice)).toMatchObject(away);
    expect(delivered).toEqual([]);
  });

  it('a wrong password is for later, so that whoever mends it loses no message', async () => {
    const { port } = await serve();
    const wrong = notifierOf(port, { user: 'isp', password: 'salah' });
    expect(await wrong.send(notice)).toMatchObject({ ...away, error: { detail: expect.stringContaining('login') } });
    expect(await wrong.test()).toMatchObject(away);
    expect(JSON.stringify(await wrong.test())).not.toContain('salah');
  });

  it('a recipient that is greylisted is tried again, one that is not known is not', async () => {
    const words = { 450: 'come back later', 550: 'no such user' };
    let code: 450 | 550 = 450;
    const { port } = await serve({ onRcptTo: (_to, _session, done) => done(reply(code, words[code])) });
    expect(await notifierOf(port).send(notice)).toMatchObject(away);
    code = 550;
    expect(await notifierOf(port).send(notice)).toMatchObject({ ok: false, error: { reason: 'no_recipient' } });
  });

  const raw = async (meet: (socket: Socket) => void): Promise<number> => {
    const sockets = new Set<Socket>();
    const server = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => undefined);
      meet(socket);
    });
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    open.push(() => {
      for (const socket of sockets) socket.destroy();
      server.close();
    });
    return (server.address() as AddressInfo).port;
  };

  it.each<readonly [string, (socket: Socket) => void]>([
    ['says nothing', () => undefined],
    ['cuts the line at the greeting', (socket) => socket.destroy()],
    ['greets and hangs', (socket) => void socket.write('220 slow ESMTP\r\n')],
    [
      'drips a byte now and then',
      (socket) => {
        const timer = setInterval(() => socket.write('2'), 20);
        socket.on('close', () => clearInterval(timer));
      },
    ],
    ['speaks no SMTP', (socket) => void socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')],
    [
      'cuts the line after the mail',
      (socket) => {
        socket.write('220 x ESMTP\r\n');
        socket.on('data', (bytes) => {
          const said = bytes.toString();
          if (said.includes('\r\n.\r\n')) return socket.destroy();
          socket.write(said.startsWith('DATA') ? '354 go on\r\n' : '250 x\r\n');
          return undefined;
        });
      },
    ],
  ])('a server that %s is unreachable, within the time', async (_what, meet) => {
    const port = await raw(meet);
    const hasty = notifierOf(port, { secure: 'none' }, { timeoutMs: 400 });
    expect(await hasty.send(notice)).toMatchObject(away);
  });

  it('nobody at the port is unreachable, and a name that does not resolve too', async () => {
    const { port, close } = await startMailServer();
    await close();
    expect(await notifierOf(port).send(notice)).toMatchObject(away);
    const lost = createAddressGuard({ allow: loopback.value, allowPrivate: false, resolve: async () => [] });
    expect(await notifierOf(port, {}, { guard: lost }).send(notice)).toMatchObject(away);
  });

  it('B10: a server that fails five times in a row is left alone, and asked once when its rest is over', async () => {
    const { port, connections } = await serve({ onMailFrom: (_from, _session, done) => done(reply(451, 'busy')) });
    let now = 0;
    const notifier = notifierOf(port, {}, { now: () => now });
    for (let i = 0; i < 8; i++) await notifier.send(notice);
    expect(connections()).toBe(5);
    expect(await notifier.send(notice)).toMatchObject({ ok: false, error: { reason: 'resting', waitMs: 30_000 } });
    now = 30_000;
    await notifier.send(notice);
    expect(connections()).toBe(6);
  });

  it('SEC-17: a name that leads to a closed address is not connected to, whatever it was before', async () => {
    const server = await serve();
    const strict = createAddressGuard({ allow: { contains: () => false }, allowPrivate: true, resolve });
    for (const host of [
      'localhost',
      '127.0.0.1',
      '::1',
      '0.0.0.0',
      '::ffff:127.0.0.1',
      '2130706433',
      '169.254.169.254',
    ])
      expect(await notifierOf(server.port, { host }, { guard: strict }).send(notice)).toMatchObject(away);
    expect(server.connections()).toBe(0);
  });

  it('SEC-17: a name is asked once: a second answer of its server cannot lead elsewhere', async () => {
    const server = await serve();
    let asked = 0;
    const turning = createAddressGuard({
      allow: loopback.value,
      allowPrivate: false,
      resolve: async () => {
        asked += 1;
        return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
      },
    });
    expect((await notifierOf(server.port, {}, { guard: turning }).send(notice)).ok).toBe(true);
    expect(asked).toBe(1);
  });

  it('nothing in a subject or an address becomes a header, a recipient or a command', async () => {
    const server = await serve();
    const notifier = notifierOf(server.port, { secure: 'starttls' });
    const evil = fc.constantFrom(
      '\r\n',
      '\n',
      '\r',
      '\u2028',
      ', ',
      '>',
      ' BCC:x@evil.test',
      '\r\nBcc: x@evil.test',
      '\u0000',
    );
    const text = fc.array(fc.oneof(evil, fc.string({ maxLength: 6 })), { maxLength: 5 }).map((parts) => parts.join(''));
    await fc.assert(
      fc.asyncProperty(text, text, async (subject, tail) => {
        server.delivered.length = 0;
        const to = tail === '' ? notice.to : `${notice.to}${tail}`;
        await notifier.send({ ...notice, subject, to });
        for (const { to: recipients, raw: mail } of server.delivered) {
          expect(recipients).toEqual([expect.stringMatching(/^budi@example\.net[^\s,;<>]*$/)]);
          expect(headersOf(mail).has('bcc')).toBe(false);
          expect(mail).not.toContain('\r\nBcc:');
        }
      }),
      { numRuns: 100 },
    );
  });
});
