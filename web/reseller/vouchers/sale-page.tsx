import { addressOf } from '../../app/route.ts';
import type { SaleWithCodes } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { Answered } from '../parts/answered.tsx';
import { Page } from '../parts/page.tsx';
import { useTexts } from '../texts/texts.ts';
import { SaleShown } from './sale-shown.tsx';

export function SalePage({ id }: { readonly id: string }) {
  const t = useTexts();
  const sale = useAnswer<SaleWithCodes>(`reseller/voucher-sales/${encodeURIComponent(id)}`);
  return (
    <Page title={t.vouchers.sales} back={addressOf('vouchers')}>
      <Answered of={sale}>{(body) => <SaleShown sale={body} />}</Answered>
    </Page>
  );
}
