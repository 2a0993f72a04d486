import { session } from '../app/api/session.ts';
import { AppFrame, type Shown } from '../app/app-frame.tsx';
import { LoginPage } from '../app/login.tsx';
import { addressOf, goTo, type Route } from '../app/route.ts';
import { BagPage } from './pages/bag.tsx';
import { HandOverPage } from './pages/hand-over.tsx';
import { LookPage } from './pages/look.tsx';
import { MePage } from './pages/me.tsx';
import { OrderPage } from './pages/order.tsx';
import { OrderScanPage } from './pages/order-scan.tsx';
import { OrdersPage } from './pages/orders.tsx';
import { QueuePage } from './pages/queue.tsx';
import { keepsStock, ScanPage } from './pages/scan.tsx';
import { Tabs } from './parts/tabs.tsx';
import { reach, send } from './queue/sender.ts';
import { ScanFlow } from './scan/scan-flow.tsx';
import { textsNow, useTexts } from './texts/texts.ts';

function shownAt({ page, id }: Route): Shown {
  const back = addressOf('scan');
  if (page === 'orders' && id !== '') return { page: <OrderPage id={id} />, tabs: null };
  if (page === 'order-scan') return { page: <OrderScanPage id={id} />, tabs: null };
  if (page === 'scan' && (id === 'pick_up' || id === 'return'))
    return { page: <ScanFlow key={id} kind={id} order={null} back={back} />, tabs: null };
  if (page === 'scan' && id === 'look') return { page: <LookPage />, tabs: null };
  if (page === 'hand-over') return { page: <HandOverPage key={id} technicianId={id} />, tabs: null };
  if (page === 'scan') return { page: <ScanPage />, tabs: <Tabs at="scan" /> };
  if (page === 'bag') return { page: <BagPage />, tabs: <Tabs at="bag" /> };
  if (page === 'queue') return { page: <QueuePage />, tabs: <Tabs at="queue" /> };
  if (page === 'me') return { page: <MePage />, tabs: <Tabs at="me" /> };
  return { page: <OrdersPage />, tabs: <Tabs at="orders" /> };
}

/** The queue goes on where the login had run out. */
function entered(): void {
  reach.write({ isAway: false, needsLogin: false });
  goTo(keepsStock(session.read()) ? 'scan' : 'orders');
  send();
}

/** An office's people look at it too: whoever may log in sees what the hub shows them. */
const isForAll = () => true;

export function App() {
  const t = useTexts();
  return (
    <AppFrame
      shownAt={shownAt}
      login={<LoginPage appName={t.appName} isFor={isForAll} onEntered={entered} />}
      sorry={() => textsNow().broken}
    />
  );
}
