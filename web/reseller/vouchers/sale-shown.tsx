import { useStored } from '../../app/kept/stored.ts';
import { Button } from '../../app/parts/button.tsx';
import { ButtonLink, whatsAppOf } from '../../app/parts/contact.tsx';
import { dayOf, language, numberOf } from '../../app/texts/language.ts';
import type { SaleWithCodes, SoldVoucher } from '../api/shapes.ts';
import { useBrand } from '../brand/brand.ts';
import { useMoney } from '../brand/money.ts';
import { FileButton } from '../parts/file-button.tsx';
import { LazyQr } from '../parts/lazy-qr.tsx';
import { useTexts } from '../texts/texts.ts';

type CardProps = { readonly voucher: SoldVoucher; readonly sale: SaleWithCodes };

/** One voucher: its code as a picture and in large letters, to show to whoever buys it, and to print. */
function VoucherCard({ voucher: { no, state, code }, sale: { batch } }: CardProps) {
  const t = useTexts();
  const money = useMoney();
  const { name: company } = useBrand();
  const days = t.vouchers.days(numberOf(batch.days));
  if (code === null)
    return (
      <li className="rounded-xl border border-line bg-white px-3 py-3 text-quiet print:hidden">
        #{no} · {state === 'void' ? t.vouchers.void : t.vouchers.redeemed}
      </li>
    );
  return (
    <li className="break-inside-avoid rounded-xl border border-line bg-white px-3 py-3 text-center">
      <p className="font-bold">{company}</p>
      <p>
        {days} · {money(batch.price)}
      </p>
      <LazyQr text={code} />
      <p className="text-xl font-bold tracking-wide break-words">{code}</p>
      <p className="text-base text-quiet">
        #{no} · {t.vouchers.howTo}
      </p>
      {batch.expires_on !== null && (
        <p className="text-base text-quiet">{t.vouchers.validUntil(dayOf(batch.expires_on))}</p>
      )}
      <ButtonLink href={whatsAppOf('', t.vouchers.message(code, days, company))} text={t.share} isOutside />
    </li>
  );
}

/** The vouchers of a sale, and their sheets on paper. */
export function SaleShown({ sale }: { readonly sale: SaleWithCodes }) {
  const t = useTexts();
  const sheet = `reseller/voucher-sales/${encodeURIComponent(sale.id)}/sheet?language=${useStored(language)}`;
  return (
    <>
      <p role="status" className="text-xl font-bold">
        {t.vouchers.sold(numberOf(sale.count))}
      </p>
      <div className="space-y-2 print:hidden">
        <Button onPress={() => print()}>{t.print}</Button>
        <FileButton path={`${sheet}&format=a4`} name="voucher-a4.pdf" text={t.vouchers.sheet} />
        <FileButton path={`${sheet}&format=58mm`} name="voucher-58mm.pdf" text={t.vouchers.receipt} />
      </div>
      <ul className="grid gap-3 print:grid-cols-2">
        {sale.vouchers.map((voucher) => (
          <VoucherCard key={voucher.no} voucher={voucher} sale={sale} />
        ))}
      </ul>
    </>
  );
}
