import { record } from '#audit/record.ts';
import type { Tx } from '#db/database.ts';
import { mapPage, readPage } from '#db/page.ts';
import { demand } from '#platform/caller.ts';
import { notFound, Refusal } from '#platform/refusal.ts';
import type { Asking, IdentityDeps } from './identity-deps.ts';
import { lockFamily, revokeFamily } from './refresh-tokens.ts';
import type { OpenSession, SessionQuery } from './schema.ts';

type Deps = Pick<IdentityDeps, 'db' | 'clock'>;

/** Whoever asks as a user; a key has no sessions. */
function demandUser({ caller }: Asking): void {
  demand(caller, 'self:write');
  if (caller.scopes) throw new Refusal('FORBIDDEN', 'A key has no sessions: log in as a user.');
}

/** The caller's own: each has one token that was not used, revoked or ended yet. */
const open = (tx: Tx, { caller }: Asking, now: number) =>
  tx
    .selectFrom('refresh_tokens as r')
    .innerJoin('users as u', (join) => join.onRef('u.id', '=', 'r.user_id').onRef('u.token_epoch', '=', 'r.epoch'))
    .where('r.user_id', '=', caller.userId)
    .where('r.used_at', 'is', null)
    .where('r.revoked_at', 'is', null)
    .where('r.expires_at', '>', new Date(now))
    .select(['r.family_id as id', 'r.began_at', 'r.created_at', 'r.expires_at', 'r.address', 'r.device']);

/** The sessions that the caller has somewhere, the one that was renewed last first. */
export async function listSessions({ db, clock }: Deps, asking: Asking, query: SessionQuery) {
  demandUser(asking);
  const rows = await db.gate((tx) =>
    readPage(open(tx, asking, clock()).orderBy('r.created_at', 'desc').orderBy('r.id'), query),
  );
  return mapPage(
    rows,
    ({ id, began_at, created_at, expires_at, address, device }): OpenSession => ({
      id,
      began_at: began_at.toISOString(),
      last_seen_at: created_at.toISOString(),
      expires_at: expires_at.toISOString(),
      address,
      device,
      is_current: id === asking.caller.sessionId,
    }),
  );
}

/** A session that is being renewed is waited for: the token that it gets ends too. */
async function endOne(tx: Tx, asking: Asking, id: string, now: number): Promise<void> {
  await lockFamily(tx, id);
  await revokeFamily(tx, id, now);
  const who = { ...asking, tenantId: asking.caller.tenantId };
  await record(tx, who, { action: 'logout', entity: 'session', id });
}

/** Ends one of the caller's sessions: its refresh token at once, its access token within seconds. */
export async function endSession({ db, clock }: Deps, asking: Asking, id: string): Promise<void> {
  demandUser(asking);
  const now = clock();
  await db.gate(async (tx) => {
    const session = await open(tx, asking, now).where('r.family_id', '=', id).executeTakeFirst();
    if (!session) throw notFound('session');
    await endOne(tx, asking, id, now);
  });
}

/** Ends all of the caller's sessions but the one that asks. */
export async function endOtherSessions({ db, clock }: Deps, asking: Asking): Promise<void> {
  demandUser(asking);
  const now = clock();
  const { sessionId, userId: id, tenantId } = asking.caller;
  await db.gate(async (tx) => {
    const sessions = await open(tx, asking, now).orderBy('r.family_id').execute();
    for (const session of sessions) if (session.id !== sessionId) await endOne(tx, asking, session.id, now);
    // Said although there was none: it was asked for.
    await record(tx, { ...asking, tenantId }, { action: 'logout', entity: 'user', id, after: { others: true } });
  });
}
