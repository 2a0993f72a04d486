import type { NotifierFailure } from '#ports/notifier/port.ts';

type Told = { readonly code: string; readonly command: string; readonly reply: number | null; readonly words: string };

function read(fault: unknown): Told {
  if (!(fault instanceof Error)) return { code: '', command: '', reply: null, words: String(fault) };
  const text = (name: 'code' | 'command' | 'response'): string => {
    const value = Reflect.get(fault, name);
    return typeof value === 'string' ? value : '';
  };
  const reply: unknown = Reflect.get(fault, 'responseCode');
  return {
    code: text('code'),
    command: text('command'),
    reply: typeof reply === 'number' ? reply : null,
    words: text('response') || fault.message,
  };
}

/** Replies that speak of the login, not of the message (RFC 4954): an admin mends the password, and it goes on. */
const loginReplies = new Set([530, 534, 535, 538]);
const printable = /[^\p{Cc}]+/gu;

/** One line of at most 300 characters in which nobody is named. */
const scrubbed = (words: string, recipient: string): string => {
  const line = (words.match(printable) ?? []).join(' ').slice(0, 300);
  return recipient === '' ? line : line.replaceAll(new RegExp(escaped(recipient), 'gi'), 'the recipient');
};
const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * What an attempt to send ended with. 5xx is for good (RFC 5321 §4.2.1), at RCPT it means that nobody is there; all else
 * (4xx, the line, TLS, the login) may be better later.
 */
export function smtpFailure(fault: unknown, recipient: string): NotifierFailure {
  const { code, command, reply, words } = read(fault);
  const said = scrubbed(words, recipient);
  if (code === 'EAUTH' || (reply !== null && loginReplies.has(reply)))
    return { reason: 'unreachable', detail: `the mail server does not accept the login: ${said}` };
  if (code === 'ETLS') return { reason: 'unreachable', detail: `the line could not be secured: ${said}` };
  if (reply !== null && reply >= 500) {
    const isRecipient = command.toUpperCase().startsWith('RCPT');
    return { reason: isRecipient ? 'no_recipient' : 'rejected', detail: `the mail server refused it: ${said}` };
  }
  return { reason: 'unreachable', detail: `the mail server did not take it: ${said}` };
}
