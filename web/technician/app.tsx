import { Component, type ReactNode, useEffect } from 'react';
import { session } from './api/session.ts';
import { useStored } from './kept/stored.ts';
import { BagPage } from './pages/bag.tsx';
import { LoginPage } from './pages/login.tsx';
import { LookPage } from './pages/look.tsx';
import { MePage } from './pages/me.tsx';
import { OrderPage } from './pages/order.tsx';
import { OrderScanPage } from './pages/order-scan.tsx';
import { OrdersPage } from './pages/orders.tsx';
import { QueuePage } from './pages/queue.tsx';
import { ScanPage } from './pages/scan.tsx';
import { Button } from './parts/button.tsx';
import { NewVersion } from './parts/new-version.tsx';
import { type Tab, TabBar } from './parts/tab-bar.tsx';
import { addressOf, type Route, useRoute } from './route.ts';
import { ScanFlow } from './scan/scan-flow.tsx';
import { language, textsNow } from './texts/texts.ts';

type Shown = { readonly page: ReactNode; readonly tab: Tab | null };

function shownAt({ page, id }: Route): Shown {
  const back = addressOf('scan');
  if (page === 'orders')
    return id === '' ? { page: <OrdersPage />, tab: 'orders' } : { page: <OrderPage id={id} />, tab: null };
  if (page === 'order-scan') return { page: <OrderScanPage id={id} />, tab: null };
  if (page === 'scan' && (id === 'pick_up' || id === 'return'))
    return { page: <ScanFlow key={id} kind={id} order={null} back={back} />, tab: null };
  if (page === 'scan') return id === 'look' ? { page: <LookPage />, tab: null } : { page: <ScanPage />, tab: 'scan' };
  if (page === 'bag') return { page: <BagPage />, tab: 'bag' };
  if (page === 'queue') return { page: <QueuePage />, tab: 'queue' };
  if (page === 'me') return { page: <MePage />, tab: 'me' };
  return { page: <OrdersPage />, tab: 'orders' };
}

/** A page that breaks must not take the queue's sight and the way out with it. */
class Unbroken extends Component<{ readonly children: ReactNode }, { readonly isBroken: boolean }> {
  override state = { isBroken: false };
  static getDerivedStateFromError = () => ({ isBroken: true });
  override render(): ReactNode {
    if (!this.state.isBroken) return this.props.children;
    const t = textsNow();
    return (
      <div className="space-y-4 p-4">
        <p className="text-xl font-bold">{t.broken}</p>
        <Button look="main" isBig onPress={() => location.replace('./')}>
          {t.reload}
        </Button>
      </div>
    );
  }
}

export function App() {
  const route = useRoute();
  const who = useStored(session);
  const chosen = useStored(language);
  useEffect(() => {
    document.documentElement.lang = chosen;
  }, [chosen]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new page begins at its top
  useEffect(() => {
    // In braces: where scrolling answers a promise, React would take that for a way to clean up.
    void scrollTo(0, 0);
  }, [route.page, route.id]);
  if (who === undefined) return null;
  if (who === null || route.page === 'login') return <LoginPage />;
  const { page, tab } = shownAt(route);
  return (
    <Unbroken key={`${route.page}/${route.id}`}>
      <NewVersion />
      <div className="flex min-h-dvh flex-col">
        <div className="flex flex-1 flex-col">{page}</div>
        {tab !== null && <TabBar at={tab} />}
      </div>
    </Unbroken>
  );
}
