import { interimSeconds } from '#domain/radius-groups.ts';
import type { Verdict } from '#outbox/claim.ts';
import type { NasAnswer, Session, StaleProof } from '#ports/enforcer/port.ts';

/** Three accounting updates missed are one of R8's proofs. */
export const silentMs = 3 * interimSeconds * 1_000;

/** When the session gave its last sign of life, milliseconds since 1970; null: that is not known. */
export const lastSeen = ({ updatedAt, startedAt }: Session): number | null =>
  (updatedAt ?? startedAt)?.getTime() ?? null;

/** How long a Stop may take after an ACK before the Disconnect is repeated. */
const stopWaitMs = 1_000;
/** A router that acknowledges and does nothing is asked this often at least: somebody is online who should not be. */
const notBelievedCapMs = 30_000;
/** `acctstarttime` has whole seconds. */
const startResolutionMs = 1_000;

/** Whether the session was let in under other rows than those that stand now. */
export function mustDrop(session: Session, wanted: { readonly group: string; readonly appliedAt: string }): boolean {
  if (session.group !== null) return session.group !== wanted.group;
  return session.startedAt === null || session.startedAt.getTime() <= Date.parse(wanted.appliedAt) + startResolutionMs;
}

export type Judgement = { readonly verdict: Verdict; readonly text: string; readonly stale: StaleProof | null };

/** Error-Causes (RFC 5176 §3.5) that say our packet or our map of routers is wrong: repeating it helps nobody. */
const permanent = new Map([
  [401, 'it does not support an attribute of the request'],
  [402, 'it misses an attribute in the request'],
  [403, 'it says that the request names another NAS'],
  [404, 'it calls the request invalid'],
  [405, 'it does not support the service'],
  [406, 'it does not support the extension'],
  [407, 'it calls an attribute value invalid'],
]);

function judgeNak(cause: number | null, nas: string): Judgement {
  if (cause === 503) {
    return {
      verdict: { state: 'done' },
      stale: 'nas_says_gone',
      text: `${nas} has no such session (NAK 503): its accounting row was left open and is closed.`,
    };
  }
  const known = cause === null ? undefined : permanent.get(cause);
  if (known !== undefined) {
    const error = `${nas} refused the Disconnect: ${known} (Error-Cause ${cause}).`;
    return { verdict: { state: 'dead', error }, stale: null, text: error };
  }
  const error = `${nas} refused the Disconnect (Error-Cause ${cause ?? 'none'}); it will be asked again.`;
  return { verdict: { state: 'retry', error }, stale: null, text: error };
}

/** Why a router may be silent, as far as can be told from here. */
export const silenceText = (nas: string, attempts: number, heardFrom: string | undefined): string =>
  heardFrom === undefined
    ? `${nas} does not answer (${attempts} tries): wrong secret, source address, port or firewall, or "/radius incoming" is off.`
    : `${nas} answers from ${heardFrom}, which is not where it was asked: it stands behind NAT, and its answers do not count. Give the way to it as coa_address and coa_port.`;

/** What an answer to a Disconnect means (RFC 5176; spec R8). `attempts` counts this one; `now` in ms since 1970. */
export function judgeAnswer(
  answer: NasAnswer,
  session: Session,
  nas: string,
  attempts: number,
  now: number,
): Judgement {
  if (answer.answer === 'nak') return judgeNak(answer.errorCause, nas);
  if (answer.answer === 'ack') {
    const text = `${nas} acknowledged the Disconnect after ${answer.roundTripMs.toFixed(1)} ms.`;
    if (attempts <= 3)
      return {
        verdict: { state: 'later', error: 'acknowledged, waiting for the Stop', waitMs: stopWaitMs },
        stale: null,
        text,
      };
    const error = `${nas} acknowledges Disconnects but the session stays open.`;
    return { verdict: { state: 'retry', error, capMs: notBelievedCapMs }, stale: null, text: error };
  }
  if (now - (lastSeen(session) ?? now) > silentMs) {
    return {
      verdict: { state: 'done' },
      stale: 'silent_three_intervals',
      text: `${nas} is silent, and the session has sent no accounting for three intervals: its row is closed.`,
    };
  }
  const error = silenceText(nas, answer.attempts, answer.heardFrom);
  return { verdict: { state: 'retry', error }, stale: null, text: error };
}
