import { useEffect, useState } from 'react';
import { ButtonLink } from '../../app/parts/contact.tsx';
import { Field } from '../../app/parts/field.tsx';
import { addressOf, useRoute } from '../../app/route.ts';
import type { Dot, SubCustomer } from '../api/shapes.ts';
import { useMoney } from '../brand/money.ts';
import { DotMark, DotWord } from '../parts/dot.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Page } from '../parts/page.tsx';
import { Row } from '../parts/row.tsx';
import { useTexts } from '../texts/texts.ts';

const longest = 100;
/** Who types is not asked about each letter. */
const settledMs = 300;
const dots: readonly Dot[] = ['green', 'red', 'grey'];

function CustomerRow({ customer }: { readonly customer: SubCustomer }) {
  const t = useTexts();
  const money = useMoney();
  const { id, name, plan, state, dot, open } = customer;
  return (
    <Row href={addressOf('customer', id)}>
      <span className="block text-xl leading-snug font-bold break-words">{name}</span>
      <span className="flex flex-wrap items-center gap-x-3">
        <DotWord dot={dot} />
        <span className="text-quiet">{[t.states[state], plan?.name].filter(Boolean).join(' · ')}</span>
      </span>
      {open > 0 && <span className="font-semibold text-bad">{t.customers.owes(money(open))}</span>}
    </Row>
  );
}

function Filter({ at }: { readonly at: string }) {
  const t = useTexts();
  const chip = (one: string) =>
    `flex min-h-12 flex-1 items-center justify-center gap-1.5 rounded-xl border-2 px-1 text-base font-semibold ${one === at ? 'border-deep text-deep' : 'border-line text-quiet'} bg-white`;
  return (
    <nav className="grid grid-cols-2 gap-2">
      <a href={addressOf('customers')} aria-current={at === '' ? 'true' : undefined} className={chip('')}>
        {t.all}
      </a>
      {dots.map((dot) => (
        <a
          key={dot}
          href={addressOf('customers', dot)}
          aria-current={dot === at ? 'true' : undefined}
          className={chip(dot)}
        >
          <DotMark dot={dot} />
          {t.dots[dot]}
        </a>
      ))}
    </nav>
  );
}

/** The shop's own customers, each with its dot and what is open on its bills. */
export function CustomersPage() {
  const t = useTexts();
  const { id: dot } = useRoute();
  const [typed, setTyped] = useState('');
  const [search, setSearch] = useState('');
  useEffect(() => {
    const timer = setTimeout(() => setSearch(typed.trim()), settledMs);
    return () => clearTimeout(timer);
  }, [typed]);
  const query = new URLSearchParams({ ...(search !== '' && { search }), ...(dot !== '' && { dot }) });
  const isAll = search === '' && dot === '';
  const none = isAll ? { text: t.customers.none, hint: t.customers.noneHint } : { text: t.customers.noMatch };
  return (
    <Page title={t.tabs.customers}>
      <ButtonLink href={addressOf('register')} text={t.customers.register} />
      <Field label={t.customers.search} value={typed} onChange={setTyped} keys="search" longest={longest} isOptional />
      <Filter at={dot} />
      <MoreRows<SubCustomer> path={`reseller/customers?${query}`} none={none}>
        {(customer) => <CustomerRow key={customer.id} customer={customer} />}
      </MoreRows>
    </Page>
  );
}
