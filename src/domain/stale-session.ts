import { interimSeconds } from '#domain/radius-groups.ts';

/** What is known of a router's accounting. Times in ms since 1970 by the RADIUS database's clock. */
export type Hearing = {
  readonly heardAt: number;
  /** Since then it was heard again and again, never with a gap in which a living session could have been missed. */
  readonly unbrokenSince: number;
  /** The longest time between two updates of one of its sessions, in seconds; null: unknown. */
  readonly intervalSeconds: number | null;
};

/** An open accounting row that has fallen quiet. */
export type Quiet = {
  readonly lastSeenAt: number;
  /** Between its own last two updates, in seconds; null: it never sent two. */
  readonly intervalSeconds: number | null;
  readonly restartedAt: number | null;
  readonly refusedAt: number | null;
};

/** Why a row is proved stale (spec R8). */
export type Staleness = 'restarted' | 'others_heard' | 'dials_anew';

/** FreeRADIUS takes no shorter interval; what looks like one is a packet that came twice. */
const shortestSeconds = 60;
const slackMs = 60_000;

/** How often a living session sends an update, in ms: the longest that anything speaks for; null: nothing is known. */
function intervalOf(quiet: Quiet, router: Hearing | null): number | null {
  const known = [quiet.intervalSeconds, router?.intervalSeconds ?? null].filter(
    (seconds): seconds is number => seconds !== null && seconds >= shortestSeconds,
  );
  return known.length === 0 ? null : Math.max(interimSeconds, ...known) * 1_000;
}

/**
 * The longest pause between two words of a router after which it still counts as heard all along: in a longer one a living
 * session may have lost several updates. The same for every router: the intervals seen after an outage are its own length.
 */
const widestGapMs = 1.2 * interimSeconds * 1_000;

/** What is known of a router after one more look; `before` null: it is the first. */
export function hearAgain(
  before: Hearing | null,
  heard: { readonly heardAt: number; readonly intervalSeconds: number | null },
): Hearing {
  const { heardAt, intervalSeconds } = heard;
  if (before === null) return { heardAt, unbrokenSince: heardAt, intervalSeconds };
  // The session that was heard last has ended: the word stays heard.
  if (heardAt <= before.heardAt) return { ...before, intervalSeconds };
  const isBroken = heardAt - before.heardAt > widestGapMs;
  return { heardAt, unbrokenSince: isBroken ? heardAt : before.unbrokenSince, intervalSeconds };
}

/**
 * Whether an open row is proved to be of no living session at `now` (spec R8), and by what; null: it is not, and stays.
 * Silence of three intervals counts where the router was heard all that while by other sessions, or where the user itself
 * dials again: a silence alone may be a broken way or a FreeRADIUS that was down. Half an interval more is waited for,
 * since routers are not on the second.
 */
export function stalenessOf(quiet: Quiet, router: Hearing | null, now: number): Staleness | null {
  const { lastSeenAt, restartedAt, refusedAt } = quiet;
  const interval = intervalOf(quiet, router);
  if (restartedAt !== null && restartedAt > lastSeenAt) {
    // Several routers may share an address behind one NAT: a session of another one would have been heard by now.
    const patience = (interval ?? interimSeconds * 1_000) + slackMs;
    if (now - restartedAt >= patience) return 'restarted';
  }
  if (interval === null) return null;
  const silence = 3.5 * interval + slackMs;
  if (now - lastSeenAt < silence) return null;
  const isHeard = router !== null && now - router.heardAt <= widestGapMs && now - router.unbrokenSince >= silence;
  if (isHeard) return 'others_heard';
  return refusedAt !== null && refusedAt - lastSeenAt >= silence ? 'dials_anew' : null;
}
