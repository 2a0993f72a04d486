import { Empty } from '../../app/parts/card.tsx';
import { addressOf } from '../../app/route.ts';
import { numberOf, timeOf } from '../../app/texts/language.ts';
import type { Offer, Offers, Sale } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useMoney } from '../brand/money.ts';
import { Answered } from '../parts/answered.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Page } from '../parts/page.tsx';
import { Row, Rows, Sides } from '../parts/row.tsx';
import { useTexts } from '../texts/texts.ts';

function OfferRow({ offer }: { readonly offer: Offer }) {
  const t = useTexts();
  const money = useMoney();
  const { batch_id, days, price, reseller_price: own, service_plan: plan, left } = offer;
  return (
    <Row href={addressOf('sell', batch_id)}>
      <Sides left={<b>{t.vouchers.days(numberOf(days))}</b>} right={t.vouchers.sellAt(money(price))} />
      <span className="block text-base text-quiet">{plan?.name ?? t.vouchers.anyPlan}</span>
      <span className="block text-base text-quiet">
        {t.vouchers.yours(money(own))} · {t.vouchers.left(numberOf(left))}
      </span>
    </Row>
  );
}

function SaleRow({ sale }: { readonly sale: Sale }) {
  const t = useTexts();
  const money = useMoney();
  const { id, batch, count, amount, redeemed, sold_at: at } = sale;
  return (
    <Row href={addressOf('sale', id)}>
      <Sides left={<b>{t.vouchers.sold(numberOf(count))}</b>} right={money(amount)} />
      <span className="block text-base text-quiet">
        {t.vouchers.days(numberOf(batch.days))} · {t.vouchers.used(numberOf(redeemed))}
      </span>
      <span className="text-base text-quiet">{timeOf(at)}</span>
    </Row>
  );
}

/** What the ISP offers to its resellers, and what this one has sold. */
export function OffersPage() {
  const t = useTexts();
  const offers = useAnswer<Offers>('reseller/voucher-offers');
  return (
    <Page title={t.vouchers.offers}>
      <Answered of={offers}>
        {({ data }) => (
          <>
            {data.length === 0 && <Empty text={t.vouchers.noOffers} hint={t.vouchers.noOffersHint} />}
            <Rows>
              {data.map((offer) => (
                <OfferRow key={offer.batch_id} offer={offer} />
              ))}
            </Rows>
          </>
        )}
      </Answered>
      <h2 className="text-base font-bold text-quiet">{t.vouchers.sales}</h2>
      <MoreRows<Sale> path="reseller/voucher-sales" none={{ text: t.vouchers.noSales }}>
        {(sale) => <SaleRow key={sale.id} sale={sale} />}
      </MoreRows>
    </Page>
  );
}
