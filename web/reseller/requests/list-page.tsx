import { ButtonLink } from '../../app/parts/contact.tsx';
import { addressOf } from '../../app/route.ts';
import { timeOf } from '../../app/texts/language.ts';
import type { Request } from '../api/shapes.ts';
import { MoreRows } from '../parts/more-rows.tsx';
import { Page } from '../parts/page.tsx';
import { Row, Sides } from '../parts/row.tsx';
import { useTexts } from '../texts/texts.ts';
import { StatePill } from './state-pill.tsx';

/** What the shop has asked the ISP, and where each stands. */
export function RequestsPage() {
  const t = useTexts();
  return (
    <Page title={t.requests.title} back={addressOf('more')}>
      <ButtonLink href={addressOf('ask')} text={t.requests.write} />
      <MoreRows<Request> path="reseller/requests" none={{ text: t.requests.none }}>
        {({ id, kind, state, customer, text, updated_at: at }) => (
          <Row key={id} href={addressOf('requests', id)}>
            <Sides left={<b>{t.requests.kinds[kind]}</b>} right={<StatePill state={state} />} />
            {customer && <span className="block break-words">{customer.name}</span>}
            <span className="block truncate">{text}</span>
            <span className="text-base text-quiet">{timeOf(at)}</span>
          </Row>
        )}
      </MoreRows>
    </Page>
  );
}
