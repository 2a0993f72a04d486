import { Button } from '../../app/parts/button.tsx';
import { Card, Fact } from '../../app/parts/card.tsx';
import { ButtonLink, whatsAppOf } from '../../app/parts/contact.tsx';
import { addressOf } from '../../app/route.ts';
import type { Registered } from '../api/shapes.ts';
import { useBrand } from '../brand/brand.ts';
import { useTexts } from '../texts/texts.ts';

/** The new customer's username and password, once: to print, or to send to them. The phone keeps none of it. */
export function AccountCard({ registered, phone }: { readonly registered: Registered; readonly phone: string }) {
  const t = useTexts();
  const { name: company } = useBrand();
  const { id, name, customer_code: code, subscription } = registered;
  return (
    <>
      <div role="status" className="print:hidden">
        <p className="text-xl font-bold text-good">✓ {t.register.done}</p>
        {subscription && <p className="font-semibold">{t.register.once}</p>}
      </div>
      <Card title={company}>
        <Fact name={t.register.name} value={name} />
        <Fact name={t.customer.code} value={code} />
        {subscription && (
          <>
            <Fact name={t.register.username} value={subscription.username} />
            <Fact name={t.register.password} value={subscription.password} />
          </>
        )}
      </Card>
      {subscription && (
        <>
          <ButtonLink
            href={whatsAppOf(phone, t.register.card(name, subscription.username, subscription.password, company))}
            text={t.share}
            isOutside
          />
          <Button onPress={() => print()}>{t.print}</Button>
        </>
      )}
      <ButtonLink href={addressOf('customer', id)} text={t.pay.toCustomer} />
    </>
  );
}
