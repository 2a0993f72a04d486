import type { DriftKind } from '#domain/drift.ts';
import { groupBy } from '#domain/group-by.ts';
import type { Difference } from '#ports/enforcer/inspection/port.ts';
import type { UserAccess } from '#ports/enforcer/port.ts';
import { valueFault } from './dictionary.ts';
import { type Cells, type Change, changeSize, type RowId, type StoredRow } from './diff.ts';
import type { RadiusMapping } from './mapping.ts';
import { type StoredUser, userChange } from './rows.ts';

type Part = { readonly kind: DriftKind; readonly was: string; readonly shouldBe: string };

const none = 'no row';

/** A row in words, its password left out: differences are stored and shown. */
function inWords([first, op, value]: Cells, isGroup: boolean, mapping: RadiusMapping): string {
  const name = String(first);
  if (isGroup) return `${name}, priority ${op}`;
  return `${name} ${op} ${mapping.passwordKind(name) === null ? value : '(a password)'}`;
}

/** What each row that a change touches is, by the table's own kinds. */
function partsOf(
  stored: readonly StoredRow[],
  change: Change,
  isGroup: boolean,
  mapping: RadiusMapping,
): readonly Part[] {
  const words = (cells: Cells): string => inWords(cells, isGroup, mapping);
  const kindOf = ([first]: Cells): DriftKind => {
    if (isGroup) return 'wrong_group';
    return mapping.passwordKind(String(first)) === null ? 'wrong_attribute' : 'wrong_password';
  };
  const byId = new Map<RowId, Cells>(stored.map(({ id, cells }) => [id, cells]));
  const textOf = (cells: Cells): string => JSON.stringify(cells);
  const kept = new Set(stored.filter(({ id }) => !change.deletes.includes(id)).map(({ cells }) => textOf(cells)));
  const surplus = change.deletes.map((id): Part => {
    const cells = byId.get(id) ?? [];
    return {
      kind: kept.has(textOf(cells)) ? 'duplicate_row' : 'extra_owned_row',
      was: words(cells),
      shouldBe: none,
    };
  });
  const changed = change.updates.map(({ id, cells }): Part => {
    const before = byId.get(id) ?? [];
    return { kind: kindOf(cells), was: words(before), shouldBe: words(cells) };
  });
  const missing = change.inserts.map((cells): Part => ({ kind: kindOf(cells), was: none, shouldBe: words(cells) }));
  return [...surplus, ...changed, ...missing];
}

/** What somebody typed as the user's password, where the hub could write just that. */
function handMadePassword({ check }: StoredUser, mapping: RadiusMapping): string | undefined {
  const passwords = check.filter(({ cells }) => mapping.passwordKind(String(cells[0])) !== null);
  const [only] = passwords;
  if (!only || passwords.length > 1) return undefined;
  const [attribute, op, value] = only.cells;
  const isOurs = attribute === 'Cleartext-Password' && op === ':=' && typeof value === 'string';
  return isOurs && valueFault(value) === null ? value : undefined;
}

/** The owned rows of one user against what stands, one difference a kind. `fence`: the generation that the target has seen. */
export function userDifferences(
  user: UserAccess,
  stored: StoredUser,
  fence: bigint | null,
  mapping: RadiusMapping,
): readonly Difference[] {
  const { username: subject } = user;
  const ahead: readonly Difference[] =
    fence !== null && fence > user.generation
      ? [{ kind: 'fence_ahead', subject, was: `${fence}`, shouldBe: `${user.generation}`, seen: fence }]
      : [];
  const change = userChange(user, stored, mapping);
  const rows = stored.check.length + stored.reply.length + stored.groups.length;
  if (rows === 0) return [{ kind: 'missing_user', subject, was: 'no rows', shouldBe: `in ${user.group}` }, ...ahead];
  if (changeSize(change.groups) + changeSize(change.check) + changeSize(change.reply) === 0) return ahead;
  const parts = [
    ...partsOf(stored.groups, change.groups, true, mapping),
    ...partsOf(stored.check, change.check, false, mapping),
    ...partsOf(stored.reply, change.reply, false, mapping),
  ];
  const found = handMadePassword(stored, mapping);
  const differences = [...groupBy(parts, ({ kind }) => kind)].map(
    ([kind, some]): Difference => ({
      kind,
      subject,
      was: some.map(({ was }) => was).join('; '),
      shouldBe: some.map(({ shouldBe }) => shouldBe).join('; '),
      ...(kind === 'wrong_password' && found !== undefined ? { foundPassword: found } : {}),
    }),
  );
  return [...differences, ...ahead];
}
