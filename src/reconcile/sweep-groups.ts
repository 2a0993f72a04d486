import { reissueIntents } from '#access/reissue.ts';
import { actionOn } from '#domain/drift.ts';
import { SweepFailed, type Sweeping } from './reconciling.ts';
import { type Found, recordDrift } from './record-drift.ts';
import { type StandingGroup, standingGroups } from './standing.ts';

const why = {
  missing_group: 'Its reply rows have gone from RADIUS: members would come in at full speed.',
  wrong_group_rows: 'Somebody else changed its rows in RADIUS.',
} as const;

/** Compares a tenant's groups with what was said of them last, and says it again where it is not so. */
export async function sweepGroups(s: Sweeping): Promise<void> {
  const { tenantId, correlationId } = s.run;
  const groups = await s.db.look(tenantId, (tx) => standingGroups(tx, tenantId));
  if (groups.length === 0) return;
  const inspected = await s.enforcer.inspectGroups(groups);
  if (!inspected.ok) throw new SweepFailed(inspected.error.detail);
  if (inspected.value.length === 0) return;
  await s.db.worker(tenantId, async (tx) => {
    const now = await standingGroups(tx, tenantId);
    const before = new Map(groups.map((group) => [group.group, group.generation]));
    const unmoved = new Map(
      now.filter(({ group, generation }) => before.get(group) === generation).map((group) => [group.group, group]),
    );
    const found: Found[] = [];
    const again: StandingGroup[] = [];
    for (const { kind, subject, was, shouldBe } of inspected.value) {
      const group = unmoved.get(subject);
      if (!group || (kind !== 'missing_group' && kind !== 'wrong_group_rows')) continue;
      const isRepaired = actionOn(kind, s.policy) === 'repair';
      if (isRepaired) again.push(group);
      const action = isRepaired ? 'repaired' : 'reported';
      const since = s.lastRunAt ?? new Date(s.clock());
      found.push({ kind, subject, subscriptionId: null, was, shouldBe, why: why[kind], since, action });
    }
    s.count(
      0,
      found.map(({ kind }) => kind),
    );
    await recordDrift(tx, s.run, found);
    await reissueIntents(
      tx,
      { tenantId, correlationId },
      again.map(({ group, check, reply }) => ({ kind: 'group.apply', group, check, reply })),
    );
  });
}
