import { lockedMac } from '#domain/mac.ts';
import type { TestHub } from '#test/pipeline/test-hub.ts';
import type { Field, ScanStage } from './scan-stage.ts';

type Place = {
  readonly id: string;
  readonly ref: string;
  readonly state: string;
  readonly mac: string;
  readonly technician_id: string | null;
  readonly customer_id: string | null;
  readonly subscription_id: string | null;
};

/** Where the tracker has a unit, in the hub's names. */
async function trackedAt({ fake, hub }: ScanStage, { tenantId, kind }: Field, { ref }: Place): Promise<string> {
  const tracker = kind === 'builtin' ? await hub.dispatching.stock.trackerOf(tenantId) : fake;
  const read = await tracker.read(ref);
  const at = read.ok && read.value ? read.value.at : null;
  if (!at || at.kind === 'nowhere' || (read.ok && read.value?.status === 'lost')) return 'nowhere';
  const [owner] = await hub.look<{ owner_id: string }>(
    'select owner_id from tracker_places where tenant_id = $1 and tracker = $2 and ref = $3',
    [tenantId, kind, at.ref],
  );
  return owner?.owner_id ?? 'warehouse';
}

const mirroredAt = ({ state, technician_id, customer_id }: Place): string =>
  state === 'lost' ? 'nowhere' : (customer_id ?? technician_id ?? 'warehouse');

async function lockOf(hub: TestHub, username: string): Promise<string | null> {
  const user = await hub.enforcer.readUser(username);
  const rows = user.ok && user.value ? user.value.check : [];
  const row = rows.find(({ attribute }) => attribute === 'Calling-Station-Id');
  return row ? lockedMac(row) : null;
}

/** What is wrong at rest: each unit in one place, each line locked to its modem, hub, tracker and RADIUS agreeing. */
export async function wrongs(stage: ScanStage, field: Field): Promise<readonly string[]> {
  const { hub } = stage;
  const { tenantId, lines } = field;
  const wrong: string[] = [];
  const units = await hub.look<Place>(
    `select id, tracker_ref as ref, state, mac, technician_id, customer_id, subscription_id from assets
     where tenant_id = $1`,
    [tenantId],
  );
  for (const unit of units) {
    const [there, here] = [await trackedAt(stage, field, unit), mirroredAt(unit)];
    if (there !== here) wrong.push(`${unit.mac} is at ${there} in the tracker, at ${here} in the hub (${unit.state})`);
  }
  for (const { subscriptionId, username } of lines) {
    const [line] = await hub.look<{ mac: string | null }>('select mac from subscriptions where id = $1', [
      subscriptionId,
    ]);
    const modems = units.filter((unit) => unit.subscription_id === subscriptionId);
    if (modems.length > 1) wrong.push(`${username} has ${modems.length} modems`);
    const mac = modems[0]?.mac ?? null;
    const locked = await lockOf(hub, username);
    if (line?.mac !== mac) wrong.push(`${username} has the modem ${mac} and the lock ${line?.mac}`);
    if (locked !== mac) wrong.push(`${username} has the modem ${mac}, and RADIUS the lock ${locked}`);
  }
  const [left] = await hub.look<{ open: number; twice: number; unended: number }>(
    `select (select count(*)::int from asset_operations where tenant_id = $1 and state in ('waiting', 'held')) as open,
       (select count(*)::int from scans s where tenant_id = $1 and state = 'running' and not exists (
         select from scan_steps t where t.tenant_id = s.tenant_id and t.scan_id = s.id and t.state = 'waiting'
           and t.name in ('mac_lock', 'online'))) as unended,
       (select count(*)::int from asset_operations o where tenant_id = $1 and state = 'done' and not exists (
         select from asset_moves m where m.tenant_id = o.tenant_id and m.operation_id = o.id)) as twice`,
    [tenantId],
  );
  if (left?.open) wrong.push(`${left.open} operations are still open`);
  if (left?.unended) wrong.push(`${left.unended} scans wait for nothing`);
  if (left?.twice) wrong.push(`${left.twice} moves are not in the history`);
  const operations = stage.fake.stock.moves.flatMap(({ operationId }) => operationId ?? []);
  if (new Set(operations).size !== operations.length) wrong.push('the tracker did an operation twice');
  return wrong;
}
