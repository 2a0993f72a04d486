import { Button } from '../../app/parts/button.tsx';
import { Empty } from '../../app/parts/card.tsx';
import { Pill, type PillLook } from '../../app/parts/pill.tsx';
import { addressOf } from '../../app/route.ts';
import { timeOf } from '../../app/texts/language.ts';
import { useKeptList } from '../api/kept-list.ts';
import { orders } from '../api/lists.ts';
import type { WorkOrder } from '../api/shapes.ts';
import { Page } from '../parts/page.tsx';
import { isOver, stateAhead } from '../queue/orders-ahead.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { useTexts } from '../texts/texts.ts';

const groups = ['late', 'today', 'later', 'finished'] as const;
type Group = (typeof groups)[number];
type Shown = { readonly order: WorkOrder; readonly state: string };

function groupOf({ order, state }: Shown, now: Date): Group {
  if (isOver(state)) return 'finished';
  if (order.scheduled_at === null) return 'today';
  const at = new Date(order.scheduled_at);
  if (at.toDateString() === now.toDateString()) return 'today';
  return at < now ? 'late' : 'later';
}

const looks: Readonly<Record<string, PillLook>> = {
  picked_up: 'wait',
  on_site: 'wait',
  installed: 'good',
  verified: 'good',
  failed: 'bad',
  cancelled: 'bad',
};

function Row({ order, state }: Shown) {
  const t = useTexts();
  return (
    <a href={addressOf('orders', order.id)} className="block rounded-xl border border-line bg-white px-3 py-3">
      <p className="text-xl leading-snug font-bold break-words">{order.customer.name}</p>
      <p className="mt-1 flex flex-wrap items-center gap-2 text-quiet">
        <Pill look={looks[state] ?? 'plain'} text={t.states[state] ?? state} />
        {t.kinds[order.kind] ?? order.kind}
        {order.scheduled_at !== null && ` · ${timeOf(order.scheduled_at)}`}
      </p>
      {order.customer.address && <p className="mt-1 leading-snug break-words">{order.customer.address}</p>}
    </a>
  );
}

const byTime = (a: Shown, b: Shown): number =>
  (a.order.scheduled_at ?? '').localeCompare(b.order.scheduled_at ?? '') ||
  a.order.number.localeCompare(b.order.number);

export function OrdersPage() {
  const t = useTexts();
  const { rows, at, isStale, isLoading, refresh } = useKeptList(orders);
  const items = useMyQueue();
  const now = new Date();
  const shown = (rows ?? []).map((order) => ({ order, state: stateAhead(order, items, at ?? 0) })).sort(byTime);
  return (
    <Page title={t.tabs.orders}>
      {rows === null && <Empty text={isLoading ? t.loading : t.notLoaded} />}
      {rows !== null && rows.length === 0 && <Empty text={t.orders.none} hint={t.orders.noneHint} />}
      {groups.map((group) => {
        const mine = shown.filter((one) => groupOf(one, now) === group);
        return (
          mine.length > 0 && (
            <section key={group} className="space-y-2">
              <h2 className={`text-base font-bold ${group === 'late' ? 'text-bad' : 'text-quiet'}`}>
                {t.orders[group]}
              </h2>
              {mine.map((one) => (
                <Row key={one.order.id} {...one} />
              ))}
            </section>
          )
        );
      })}
      {isStale && at !== null && <p className="text-center text-base text-quiet">{t.asOf(timeOf(at))}</p>}
      <Button onPress={refresh}>{t.reload}</Button>
    </Page>
  );
}
