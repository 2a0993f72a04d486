import { AddressRefused } from './address-guard.ts';

/** Why no answer came. `refused`: the guard did not let it connect. `bad_url` and `tls` need a person. */
export type HttpFailure = {
  readonly reason: 'timeout' | 'network' | 'tls' | 'refused' | 'too_large' | 'bad_url';
  readonly detail: string;
};

const tlsCodes = /^(CERT_|ERR_TLS|ERR_SSL|DEPTH_ZERO|SELF_SIGNED|UNABLE_TO_|HOSTNAME_MISMATCH|EPROTO)/;

/** Tells apart what the HTTP client threw. `overdue`: our own deadline had passed by then. */
export function httpFailure(fault: unknown, overdue: boolean, timeoutMs: number): HttpFailure {
  const chain = causes(fault);
  const refused = chain.find((link) => link instanceof AddressRefused);
  if (refused) {
    return { reason: refused.refusal.reason === 'refused' ? 'refused' : 'network', detail: refused.refusal.detail };
  }
  if (overdue) return { reason: 'timeout', detail: `no whole answer within ${timeoutMs} ms` };
  const message = chain[0]?.message ?? String(fault);
  if (/max(ContentLength|BodyLength)/.test(message)) return { reason: 'too_large', detail: message };
  const code = chain.map(codeOf).find((found) => found !== null && found !== 'ERR_BAD_RESPONSE') ?? null;
  if (code !== null && tlsCodes.test(code)) {
    return { reason: 'tls', detail: `the certificate was not accepted (${code}): ${message}` };
  }
  return { reason: 'network', detail: message === '' ? (code ?? 'the connection failed') : message };
}

/** The error and its causes, outermost first; bounded, for a cause may point back. */
function causes(fault: unknown): Error[] {
  const chain: Error[] = [];
  for (let link = fault; link instanceof Error && chain.length < 5; link = link.cause) chain.push(link);
  return chain;
}

const codeOf = (fault: Error): string | null => ('code' in fault && typeof fault.code === 'string' ? fault.code : null);
