import { useEffect, useState } from 'react';
import { Alert } from '../../app/parts/alert.tsx';
import { ButtonLink } from '../../app/parts/contact.tsx';
import { addressOf } from '../../app/route.ts';
import type { Rows, TopUp } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useMoney } from '../brand/money.ts';
import { useTexts } from '../texts/texts.ts';
import { ChargeShown } from './charge-shown.tsx';

const everyMs = 5_000;
/** Whoever has not paid within some minutes comes back to the list. */
const mostLooks = 60;

/** What the hub says of a request now; looks again and again while a gateway's payer may be about to pay. */
function useTopUp(asked: TopUp): { readonly topUp: TopUp; readonly isWatched: boolean } {
  const { answer, refresh } = useAnswer<Rows<TopUp>>('reseller/deposit/top-ups?kind=top_up&page_size=25');
  const [looks, setLooks] = useState(0);
  const rows = answer.is === 'shown' ? answer.body.data : [];
  const topUp = rows.find(({ id }) => id === asked.id) ?? asked;
  const isWatched = asked.charge !== null && topUp.state === 'requested' && looks < mostLooks;
  useEffect(() => {
    if (!isWatched) return;
    const timer = setTimeout(() => {
      setLooks(looks + 1);
      refresh();
    }, everyMs);
    return () => clearTimeout(timer);
  }, [isWatched, looks, refresh]);
  return { topUp, isWatched };
}

const Good = ({ text }: { readonly text: string }) => <p className="text-xl font-bold text-good">✓ {text}</p>;

function State({ asked }: { readonly asked: TopUp }) {
  const t = useTexts();
  const money = useMoney();
  const { topUp, isWatched } = useTopUp(asked);
  if (topUp.state === 'done') return <Good text={t.deposit.arrived(money(topUp.amount))} />;
  if (topUp.state !== 'requested')
    return <Alert>{topUp.state === 'expired' ? t.deposit.states.expired : t.deposit.refused}</Alert>;
  if (asked.charge === null) return <Good text={t.deposit.requested} />;
  return (
    <>
      <ChargeShown charge={asked.charge} amount={asked.amount} />
      <p className="font-semibold">{isWatched ? t.deposit.waiting : t.deposit.notArrived}</p>
    </>
  );
}

/** What was asked for: by transfer it waits for the office, by a gateway until it is paid, which is then said. */
export function TopUpAsked({ topUp }: { readonly topUp: TopUp }) {
  const t = useTexts();
  return (
    <>
      <div role="status" className="space-y-3">
        <State asked={topUp} />
      </div>
      <ButtonLink href={addressOf('deposit')} text={t.tabs.deposit} />
    </>
  );
}
