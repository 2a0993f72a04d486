import { Empty } from '../../app/parts/card.tsx';
import { addressOf, goTo } from '../../app/route.ts';
import { useKeptList } from '../api/kept-list.ts';
import { orders } from '../api/lists.ts';
import { Page } from '../parts/page.tsx';
import { ScanFlow } from '../scan/scan-flow.tsx';
import { useTexts } from '../texts/texts.ts';

/** The critical step (spec A4): the modem of this order's customer. */
export function OrderScanPage({ id }: { readonly id: string }) {
  const t = useTexts();
  const { rows, isLoading } = useKeptList(orders);
  const order = rows?.find((one) => one.id === id);
  if (!order) {
    return (
      <Page title={t.tabs.scan} back={addressOf('orders')}>
        <Empty text={rows === null && isLoading ? t.loading : t.order.gone} />
      </Page>
    );
  }
  return (
    <ScanFlow
      kind={order.kind === 'remove' ? 'return' : 'install'}
      isReplacing={order.kind === 'replace'}
      order={order}
      back={addressOf('orders', id)}
      onDone={() => goTo('orders', id)}
    />
  );
}
