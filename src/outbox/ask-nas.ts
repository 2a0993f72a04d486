import { err, ok, type Result } from '#domain/result.ts';
import type { Claimed, Verdict } from '#outbox/claim.ts';
import { type Dispatching, tell, verdictOf } from '#outbox/dispatching.ts';
import { lastSeen, silentMs } from '#outbox/drop-verdict.ts';
import { noteHeard, noteSilence } from '#outbox/nas-health.ts';
import type { Nas } from '#outbox/routers.ts';
import type { CoaTarget, EnforcerFailure, NasAnswer, Session } from '#ports/enforcer/port.ts';

/** An order about one session to the router that holds it. */
export type Order = {
  readonly claimed: Claimed;
  readonly nas: Nas;
  readonly session: Session;
  /** Asked once more where the order had to wait for its turn: it must not leave when something newer stands. */
  readonly isStanding: () => Promise<boolean>;
  readonly send: (target: CoaTarget) => Promise<Result<NasAnswer, EnforcerFailure>>;
};

export type Asked = { readonly answer: NasAnswer; readonly askedAt: Date };

const isLost = (session: Session): boolean => Date.now() - (lastSeen(session) ?? Date.now()) > silentMs;

/** Spreads those who come again together. */
const spread = (ms: number): number => ms * (1 + Math.random() / 10);

/**
 * Waits for a router that rests. The first time only a moment, so that who counts orders tried again and again (a release
 * of the brake, spec X3) soon sees this one among them.
 */
function resting({ claimed, nas }: Order): Verdict {
  const error = `${nas.name} does not answer; it is asked again in ${Math.ceil(nas.restMs / 1_000)} s.`;
  const waitMs = claimed.attempts === 1 ? Math.min(1_000, nas.restMs) : spread(nas.restMs);
  return { state: 'retry', error, waitMs, nasId: nas.id };
}

/**
 * Gives a router an order when its turn is there (spec X3); the error is what becomes of the intent meanwhile. A router
 * that left others unanswered rests, so that it holds nobody up. Only sessions whose accounting has fallen silent too are
 * asked for once more, briefly: payers are locked out by such rows, and none is closed before the order (law 9).
 */
export async function askNas(d: Dispatching, order: Order): Promise<Result<Asked, Verdict>> {
  const { nas, session, send } = order;
  const isBrief = nas.silences > 0 && isLost(session);
  if (nas.restMs > 0 && !isBrief) return err(resting(order));
  d.pacing.hear(nas.id, nas.fullMs);
  const turn = await d.pacing.turn(nas.id, nas.perSecond, nas.silences > 0 && !isBrief);
  if (!turn.isMine) {
    const error = `waiting for its turn at ${nas.name}`;
    return err({ state: 'later', error, waitMs: turn.waitMs, isUntried: true, nasId: nas.id });
  }
  try {
    if (turn.hasWaited && !(await order.isStanding())) return err({ state: 'superseded' });
    const askedAt = new Date();
    const answered = await send(isBrief ? { ...nas.target, isBrief } : nas.target);
    return answered.ok ? ok({ answer: answered.value, askedAt }) : err(verdictOf(answered.error));
  } finally {
    turn.end();
  }
}

/** `coa` and `disconnect` are RFC 5176's two orders. */
export type Told = { readonly kind: 'coa' | 'disconnect'; readonly text: string; readonly wish?: string };

const codes = { coa: 'CoA-Request', disconnect: 'Disconnect-Request' } as const;

/** Notes what a router answered: of itself, and in the line's timeline, down to the packet (spec X2). */
export async function recordAnswer(
  d: Dispatching,
  { claimed, nas, session }: Order,
  { answer, askedAt }: Asked,
  { kind, text, wish }: Told,
): Promise<void> {
  const [fullMs] = await d.db.worker(claimed.tenantId, (tx) => {
    const note = { claimed, nas };
    const heardFrom = answer.answer === 'silence' ? (answer.heardFrom ?? null) : null;
    const data = {
      nas: nas.name,
      host: nas.target.host,
      port: nas.target.port,
      acct_session_id: session.sessionId,
      generation: claimed.generation.toString(),
      request: codes[kind],
      ...(wish === undefined ? {} : { rate_limit: wish }),
      ...answer,
    };
    return Promise.all([
      answer.answer === 'silence' ? noteSilence(d, tx, note, askedAt, heardFrom) : noteHeard(tx, note),
      tell(tx, claimed, kind, text, data),
    ]);
  });
  if (typeof fullMs === 'number') d.pacing.hear(nas.id, fullMs);
}
