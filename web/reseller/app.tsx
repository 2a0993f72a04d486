import type { ReactNode } from 'react';
import { AppFrame, type Shown } from '../app/app-frame.tsx';
import { LoginPage } from '../app/login.tsx';
import { goTo, type Route } from '../app/route.ts';
import { CommissionPage } from './commission/page.tsx';
import { CustomerPage } from './customers/customer-page.tsx';
import { CustomersPage } from './customers/list-page.tsx';
import { PayPage } from './customers/pay-page.tsx';
import { DepositPage } from './deposit/page.tsx';
import { TopUpPage } from './deposit/top-up-page.tsx';
import { ImportPage } from './import/page.tsx';
import { MorePage } from './more-page.tsx';
import { Tabs } from './parts/tabs.tsx';
import { RegisterPage } from './register/page.tsx';
import { AskPage } from './requests/ask-page.tsx';
import { RequestsPage } from './requests/list-page.tsx';
import { ThreadPage } from './requests/thread-page.tsx';
import { textsNow, useTexts } from './texts/texts.ts';
import { TodayPage } from './today-page.tsx';
import { OffersPage } from './vouchers/offers-page.tsx';
import { SalePage } from './vouchers/sale-page.tsx';
import { SellPage } from './vouchers/sell-page.tsx';

/** Pages of their own, which the arrow leads back from. */
const inner: Readonly<Record<string, (id: string) => ReactNode>> = {
  customer: (id) => <CustomerPage id={id} />,
  pay: (id) => <PayPage id={id} />,
  register: () => <RegisterPage />,
  sell: (id) => <SellPage batchId={id} />,
  sale: (id) => <SalePage id={id} />,
  'top-up': () => <TopUpPage />,
  commission: () => <CommissionPage />,
  requests: (id) => (id === '' ? <RequestsPage /> : <ThreadPage id={id} />),
  ask: (id) => <AskPage customerId={id} />,
  import: () => <ImportPage />,
};

function shownAt({ page, id }: Route): Shown {
  const one = Object.hasOwn(inner, page) ? inner[page] : undefined;
  if (one) return { page: one(id), tabs: null };
  if (page === 'customers') return { page: <CustomersPage />, tabs: <Tabs at="customers" /> };
  if (page === 'vouchers') return { page: <OffersPage />, tabs: <Tabs at="vouchers" /> };
  if (page === 'deposit') return { page: <DepositPage />, tabs: <Tabs at="deposit" /> };
  if (page === 'more') return { page: <MorePage />, tabs: <Tabs at="more" /> };
  return { page: <TodayPage />, tabs: <Tabs at="today" /> };
}

export function App() {
  const t = useTexts();
  return (
    <AppFrame
      shownAt={shownAt}
      login={
        <LoginPage appName={t.appName} isFor={({ role }) => role === 'reseller'} onEntered={() => goTo('today')} />
      }
      sorry={() => textsNow().broken}
    />
  );
}
