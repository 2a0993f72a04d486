import { Card } from '../../app/parts/card.tsx';
import { ButtonLink } from '../../app/parts/contact.tsx';
import type { Charge } from '../api/shapes.ts';
import { useMoney } from '../brand/money.ts';
import { LazyQr } from '../parts/lazy-qr.tsx';
import { useTexts } from '../texts/texts.ts';

/** What a gateway asks for: a QRIS to scan, a virtual account, or an e-wallet's own page. */
export function ChargeShown({ charge, amount }: { readonly charge: Charge; readonly amount: number }) {
  const t = useTexts();
  const money = useMoney();
  const { qr_string: qr, virtual_account: account, bank, url } = charge;
  return (
    <Card title={money(amount)}>
      {qr !== null && (
        <>
          <p>{t.deposit.scan}</p>
          <LazyQr text={qr} />
        </>
      )}
      {account !== null && (
        <>
          <p>{t.deposit.account(bank ?? '')}</p>
          <p className="text-2xl font-bold break-words">{account}</p>
        </>
      )}
      {url?.startsWith('https://') && <ButtonLink href={url} text={t.deposit.openWallet} isOutside />}
    </Card>
  );
}
