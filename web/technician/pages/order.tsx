import { Card, Empty, Fact } from '../../app/parts/card.tsx';
import { Contact } from '../../app/parts/contact.tsx';
import { Pill } from '../../app/parts/pill.tsx';
import { addressOf } from '../../app/route.ts';
import { timeOf } from '../../app/texts/language.ts';
import { useKeptList } from '../api/kept-list.ts';
import { orders } from '../api/lists.ts';
import type { WorkOrder } from '../api/shapes.ts';
import { Fail } from '../parts/fail.tsx';
import { NextButton } from '../parts/next-button.tsx';
import { Note } from '../parts/note.tsx';
import { Page } from '../parts/page.tsx';
import { Photos } from '../parts/photos.tsx';
import { QueueItem } from '../parts/queue-item.tsx';
import { isOver, stateAhead } from '../queue/orders-ahead.ts';
import { useMyQueue } from '../queue/use-my-queue.ts';
import { useTexts } from '../texts/texts.ts';

function Detail({ order, knownAt }: { readonly order: WorkOrder; readonly knownAt: number }) {
  const t = useTexts();
  const items = useMyQueue();
  const mine = items.filter(({ lane }) => lane === order.id);
  const state = stateAhead(order, items, knownAt);
  const scans = mine.filter(({ deed }) => deed.is === 'scan');
  const rest = mine.filter(({ deed, state: of }) => deed.is !== 'scan' && of !== 'done');
  return (
    <Page
      title={t.kinds[order.kind] ?? order.kind}
      back={addressOf('orders')}
      foot={<NextButton order={order} state={state} />}
    >
      {/* What follows from a scan is what the technician waits for, before the modem. */}
      {scans.map((item) => (
        <QueueItem key={item.no} item={item} />
      ))}
      <Card>
        <h2 className="text-2xl leading-tight font-bold break-words">{order.customer.name}</h2>
        <p className="mt-1 flex flex-wrap items-center gap-2 text-quiet">
          <Pill look={isOver(state) ? 'good' : 'wait'} text={t.states[state] ?? state} />
          {order.scheduled_at !== null && timeOf(order.scheduled_at)}
        </p>
        <p className="mt-1 text-base text-quiet">{order.number}</p>
        {order.customer.address && <p className="mt-2 leading-snug break-words">{order.customer.address}</p>}
        {/* Phone and address that are shortened for this role are shown, and lead nowhere. */}
        {!order.is_masked && <Contact customer={order.customer} />}
      </Card>
      {order.notes && (
        <Card title={t.order.notes}>{<p className="break-words whitespace-pre-wrap">{order.notes}</p>}</Card>
      )}
      {order.subscription && (
        <Card>
          <Fact name={t.order.plan} value={order.subscription.plan} />
          <Fact name={t.order.username} value={order.subscription.username} />
        </Card>
      )}
      <Photos order={order} items={mine} />
      {!isOver(state) && <Note order={order} />}
      {rest.map((item) => (
        <QueueItem key={item.no} item={item} />
      ))}
      {!isOver(state) && <Fail order={order} />}
    </Page>
  );
}

export function OrderPage({ id }: { readonly id: string }) {
  const t = useTexts();
  const { rows, at, isLoading } = useKeptList(orders);
  const order = rows?.find((one) => one.id === id);
  if (order) return <Detail key={order.id} order={order} knownAt={at ?? 0} />;
  return (
    <Page title={t.tabs.orders} back={addressOf('orders')}>
      <Empty text={rows === null && isLoading ? t.loading : t.order.gone} />
    </Page>
  );
}
