import { markLines } from '#access/mark-dirty.ts';
import { raiseGenerations, reissueLines } from '#access/reissue.ts';
import type { Tx } from '#db/database.ts';
import { actionOn, type DriftKind } from '#domain/drift.ts';
import type { Difference } from '#ports/enforcer/inspection/port.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import { SweepFailed, type Sweeping } from './reconciling.ts';
import { type Found, recordDrift } from './record-drift.ts';
import { linesAfter, type StandingLine, stillStanding } from './standing.ts';

/** Lines that are compared in one go: what is in memory at a time, whatever the number of subscribers. */
const pageSize = 1_000;

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

async function comparePage(s: Sweeping, lines: readonly StandingLine[]): Promise<void> {
  const inspected = await s.enforcer.inspectUsers(lines.map((line) => userOf(line, s)));
  if (!inspected.ok) throw new SweepFailed(inspected.error.detail);
  s.count(lines.length, []);
  const byName = new Map(lines.map((line) => [line.username, line]));
  const judged = inspected.value.flatMap((difference) => {
    const line = byName.get(difference.subject);
    return line ? [judge(s, line, difference)] : [];
  });
  if (judged.length > 0) await settle(s, judged);
}

/** Compares a tenant's lines with the rows that RADIUS holds of them (spec B5); repairs by sending what stands once more. */
export async function sweepLines(s: Sweeping): Promise<void> {
  const { tenantId } = s.run;
  const page = (after: string | null): Promise<readonly StandingLine[]> =>
    s.db.look(tenantId, (tx) => linesAfter(tx, tenantId, after, pageSize));
  for (let lines = await page(null); lines.length > 0; ) {
    const following = lines.length < pageSize ? [] : page(lines.at(-1)?.id ?? null);
    const [next] = await Promise.all([following, comparePage(s, lines)]);
    lines = next;
  }
}
