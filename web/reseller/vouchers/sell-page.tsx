import { useState } from 'react';
import { Button } from '../../app/parts/button.tsx';
import { Card, Empty } from '../../app/parts/card.tsx';
import { ButtonLink } from '../../app/parts/contact.tsx';
import { addressOf } from '../../app/route.ts';
import { numberOf } from '../../app/texts/language.ts';
import type { Offer, Offers, Purchase, SaleWithCodes } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useAttempt } from '../api/use-attempt.ts';
import { useMoney } from '../brand/money.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { Sides } from '../parts/row.tsx';
import { StepTold } from '../parts/step-told.tsx';
import { useTexts } from '../texts/texts.ts';
import { SaleShown } from './sale-shown.tsx';

/** What one request may buy at most. */
const most = 100;

type CountProps = { readonly count: number; readonly most: number; readonly onChange: (count: number) => void };

function Count({ count, most: top, onChange }: CountProps) {
  const t = useTexts();
  return (
    <Card title={t.vouchers.howMany}>
      <div className="grid grid-cols-3 items-center gap-2 text-center">
        <Button isOff={count <= 1} onPress={() => onChange(count - 1)}>
          <span className="sr-only">{t.vouchers.fewer}</span>
          <span aria-hidden="true">−</span>
        </Button>
        <output className="text-2xl font-bold">{numberOf(count)}</output>
        <Button isOff={count >= top} onPress={() => onChange(count + 1)}>
          <span className="sr-only">{t.vouchers.moreOf}</span>
          <span aria-hidden="true">+</span>
        </Button>
      </div>
      <div className="mt-2 grid grid-cols-3 gap-2">
        {[5, 10, 25]
          .filter((one) => one <= top)
          .map((one) => (
            <Button key={one} onPress={() => onChange(one)}>
              {numberOf(one)}
            </Button>
          ))}
      </div>
    </Card>
  );
}

function Sell({ offer }: { readonly offer: Offer }) {
  const t = useTexts();
  const money = useMoney();
  const [count, setCount] = useState(1);
  const { step, attempt, begin, send } = useAttempt<Purchase, SaleWithCodes>({
    path: 'reseller/vouchers',
    of: offer.batch_id,
  });
  if (step.is === 'done') return <SaleShown sale={step.body} />;
  const { batch_id, days, price, reseller_price: own, service_plan: plan, left } = offer;
  const isAsked = attempt !== null && step.is !== 'idle' && step.is !== 'refused';
  const many = isAsked ? attempt.body.count : count;
  return (
    <>
      <Card>
        <p className="text-xl font-bold">{t.vouchers.days(numberOf(days))}</p>
        <p className="text-quiet">{plan?.name ?? t.vouchers.anyPlan}</p>
        <Sides left={t.vouchers.price} right={money(price)} />
        <Sides left={t.vouchers.own} right={money(own)} />
        <Sides left={t.vouchers.rest} right={numberOf(left)} />
      </Card>
      {!isAsked && <Count count={count} most={Math.min(most, left)} onChange={setCount} />}
      {isAsked && <p className="text-xl font-bold">{t.vouchers.sold(numberOf(many))}</p>}
      <StepTold step={step} />
      {isAsked ? (
        <>
          <Button look="main" isBig isOff={step.is === 'sending'} onPress={() => void send()}>
            {step.is === 'sending' ? t.sending : t.vouchers.confirm(money(own * many))}
          </Button>
          <ButtonLink href={addressOf('vouchers')} text={t.cancel} />
        </>
      ) : (
        <Button look="main" isBig isOff={left === 0} onPress={() => void begin({ batch_id, count })}>
          {t.vouchers.buy(numberOf(count), money(own * count))}
        </Button>
      )}
    </>
  );
}

/** So many of a batch, out of the deposit; the codes are in the answer, and in the list of sales. */
export function SellPage({ batchId }: { readonly batchId: string }) {
  const t = useTexts();
  const offers = useAnswer<Offers>('reseller/voucher-offers');
  return (
    <Page title={t.vouchers.offers} back={addressOf('vouchers')}>
      <Answered of={offers}>
        {({ data }) => {
          const offer = data.find(({ batch_id }) => batch_id === batchId);
          return offer ? <Sell offer={offer} /> : <Empty text={t.faults.not_offered ?? ''} />;
        }}
      </Answered>
    </Page>
  );
}
