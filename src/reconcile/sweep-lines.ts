import { markLines } from '#access/mark-dirty.ts';
import { raiseGenerations, reissueLines } from '#access/reissue.ts';
import type { Tx } from '#db/database.ts';
import { actionOn, type DriftKind } from '#domain/drift.ts';
import { ok } from '#domain/result.ts';
import type { Difference } from '#ports/enforcer/inspection/port.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import { SweepFailed, type Sweeping } from './reconciling.ts';
import { type Found, recordDrift } from './record-drift.ts';
import { linesOf, type StandingLine, stillStanding } from './standing.ts';
import { keepVerified, type SkimmedLine, skimAfter } from './verified-lines.ts';

/** Lines that are skimmed, and lines that are compared row by row, in one go: what is in memory at a time. */
const skimmed = 8_000;
const compared = 2_000;

/** While one part is being compared here the databases read for another. */
const abreast = 2;

const why: Readonly<Partial<Record<DriftKind, string>>> = {
  missing_user: 'Its rows have gone from RADIUS.',
  wrong_group: 'Somebody else changed its group in RADIUS.',
  wrong_password: 'Somebody else changed its password in RADIUS.',
  wrong_attribute: 'Somebody else changed an attribute of it in RADIUS.',
  duplicate_row: 'A row of it stands twice in RADIUS.',
  extra_owned_row: 'RADIUS holds an attribute that only the hub may set.',
  fence_ahead: 'RADIUS has seen a newer decision than the bridge knows: the bridge was restored from an older copy.',
  name_conflict: 'The hub cannot write it until a person renames or removes the other one.',
};

const userOf = (line: StandingLine, { vault }: Sweeping): UserAccess => ({
  username: line.username,
  generation: line.generation,
  group: line.group,
  password: vault.open(line.passwordSealed, { table: 'subscriptions', column: 'password', row: line.id }),
  mac: line.mac,
  reply: line.reply,
});

type Judged = { readonly line: StandingLine; readonly difference: Difference; readonly found: Found };

function judge(s: Sweeping, line: StandingLine, difference: Difference): Judged {
  const chosen = actionOn(difference.kind, s.policy);
  const isAdopted = chosen === 'adopt' && difference.foundPassword !== undefined;
  const { kind, subject, was, shouldBe } = difference;
  const since = s.lastRunAt && s.lastRunAt > line.appliedAt ? s.lastRunAt : line.appliedAt;
  const action = isAdopted ? 'adopted' : chosen === 'repair' ? 'repaired' : 'reported';
  const found = { kind, subject, subscriptionId: line.id, was, shouldBe, why: why[kind] ?? '', since, action } as const;
  return { line, difference, found };
}

/** Takes a password that was typed into RADIUS over as the line's own. */
async function adoptPassword({ run, vault }: Sweeping, tx: Tx, { line, difference }: Judged): Promise<void> {
  if (difference.foundPassword === undefined) return;
  const place = { table: 'subscriptions', column: 'password', row: line.id };
  await tx
    .updateTable('subscriptions')
    .set({ password: vault.seal(difference.foundPassword, place) })
    .where('tenant_id', '=', run.tenantId)
    .where('id', '=', line.id)
    .execute();
}

/** Keeps what was found and does about it what the policy says, where the line still stands as it was compared. */
async function settle(s: Sweeping, judged: readonly Judged[]): Promise<void> {
  const { tenantId, correlationId } = s.run;
  await s.db.worker(tenantId, async (tx) => {
    const standing = await stillStanding(
      tx,
      tenantId,
      judged.map(({ line }) => line),
    );
    const sure = judged.filter(({ line }) => standing.has(line.id));
    s.count(
      0,
      sure.map(({ found }) => found.kind),
    );
    await recordDrift(
      tx,
      s.run,
      sure.map(({ found }) => found),
    );
    const seen = sure.flatMap(({ difference }) => difference.seen ?? []);
    for (const generation of seen) await raiseGenerations(tx, generation);
    const adopted = sure.filter(({ found }) => found.action === 'adopted');
    for (const one of adopted) await adoptPassword(s, tx, one);
    const mark = { tenantId, correlationId, cause: 'RADIUS held something else' };
    await markLines(
      tx,
      mark,
      adopted.map(({ line }) => line.id),
    );
    const repaired = sure.filter(({ found }) => found.action === 'repaired');
    await reissueLines(
      tx,
      mark,
      repaired.map(({ line }) => line.id),
    );
  });
}

async function inspect(s: Sweeping, lines: readonly StandingLine[]) {
  const users = lines.map((line) => userOf(line, s));
  const { digests } = s.enforcer;
  if (digests) return digests.inspect(users, s.secret);
  const inspected = await s.enforcer.inspectUsers(users);
  return inspected.ok ? ok({ differences: inspected.value, digests: new Map<string, string>() }) : inspected;
}

/** Compares lines row by row, and keeps what RADIUS holds of those that are right. */
async function compareLines(s: Sweeping, ids: readonly string[]): Promise<void> {
  const { tenantId } = s.run;
  const lines = await s.db.look(tenantId, (tx) => linesOf(tx, tenantId, ids));
  const inspected = await inspect(s, lines);
  if (!inspected.ok) throw new SweepFailed(inspected.error.detail);
  const { differences, digests } = inspected.value;
  const byName = new Map(lines.map((line) => [line.username, line]));
  const judged = differences.flatMap((difference) => {
    const line = byName.get(difference.subject);
    return line ? [judge(s, line, difference)] : [];
  });
  if (judged.length > 0) await settle(s, judged);
  const wrong = new Set(judged.map(({ line }) => line.id));
  const right = lines.flatMap(({ id, username, generation }) => {
    const digest = digests.get(username);
    return digest === undefined || wrong.has(id) ? [] : [{ id, generation, digest }];
  });
  if (right.length > 0) await s.db.worker(tenantId, (tx) => keepVerified(tx, tenantId, right));
}

/** Of skimmed lines, those of which RADIUS does not hold just what it held when they were found right. */
async function suspects(s: Sweeping, lines: readonly SkimmedLine[]): Promise<readonly string[]> {
  const { digests } = s.enforcer;
  const verified = lines.filter(({ digest }) => digest !== null);
  if (!digests || verified.length === 0) return lines.map(({ id }) => id);
  const held = await digests.of(
    verified.map(({ username }) => username),
    s.secret,
  );
  if (!held.ok) throw new SweepFailed(held.error.detail);
  return lines
    .filter(({ username, digest }) => digest === null || held.value.get(username) !== digest)
    .map(({ id }) => id);
}

/**
 * Compares a tenant's lines with the rows that RADIUS holds of them (spec B5); repairs by sending what stands once more.
 * Where RADIUS holds just what it held when a line was found right, and nothing was decided since, it is right still
 * (ADR 24): only the others are compared row by row.
 */
export async function sweepLines(s: Sweeping): Promise<void> {
  const { tenantId } = s.run;
  const skim = (after: string | null): Promise<readonly SkimmedLine[]> =>
    s.db.look(tenantId, (tx) => skimAfter(tx, tenantId, after, skimmed));
  for (let lines = await skim(null); lines.length > 0; ) {
    const following = lines.length < skimmed ? [] : skim(lines.at(-1)?.username ?? null);
    const [next, ids] = await Promise.all([following, suspects(s, lines)]);
    const parts: string[][] = [];
    for (let from = 0; from < ids.length; from += compared) parts.push(ids.slice(from, from + compared));
    const lanes = Array.from({ length: Math.min(abreast, parts.length) }, async () => {
      for (let part = parts.shift(); part; part = parts.shift()) await compareLines(s, part);
    });
    await Promise.all(lanes);
    s.count(lines.length, []);
    lines = next;
  }
}
