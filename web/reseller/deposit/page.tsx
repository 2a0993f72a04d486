import { useStored } from '../../app/kept/stored.ts';
import { Card } from '../../app/parts/card.tsx';
import { ButtonLink } from '../../app/parts/contact.tsx';
import { Pill, type PillLook } from '../../app/parts/pill.tsx';
import { addressOf } from '../../app/route.ts';
import { language, timeOf } from '../../app/texts/language.ts';
import type { Deposit, Move, TopUp } from '../api/shapes.ts';
import { useAnswer } from '../api/use-answer.ts';
import { useMoney } from '../brand/money.ts';
import { Answered } from '../parts/answered.tsx';
import { FileButton } from '../parts/file-button.tsx';
import { MoreRows } from '../parts/more-rows.tsx';
import { Page } from '../parts/page.tsx';
import { Row, Sides } from '../parts/row.tsx';
import { useTexts } from '../texts/texts.ts';

const looks: Readonly<Record<TopUp['state'], PillLook>> = {
  requested: 'wait',
  approved_once: 'wait',
  done: 'good',
  rejected: 'bad',
  expired: 'bad',
};

function Balance({ deposit }: { readonly deposit: Deposit }) {
  const t = useTexts();
  const money = useMoney();
  const { balance, low_mark: mark, spent_today: spent, daily_limit: limit } = deposit;
  return (
    <Card title={t.deposit.balance}>
      <p className="text-3xl font-bold break-words">{money(balance)}</p>
      {mark !== null && balance < mark && <p className="font-semibold text-wait">{t.deposit.low(money(mark))}</p>}
      {limit !== null && <p className="text-quiet">{t.deposit.spent(money(spent), money(limit))}</p>}
    </Card>
  );
}

function MoveRow({ move: { kind, amount, balance, at, memo } }: { readonly move: Move }) {
  const t = useTexts();
  const money = useMoney();
  return (
    <Row>
      <Sides
        left={<b>{t.deposit.kinds[kind]}</b>}
        right={<span className={amount < 0 ? 'text-bad' : 'text-good'}>{money(amount)}</span>}
      />
      {memo !== '' && <span className="block break-words">{memo}</span>}
      <span className="block text-base text-quiet">{t.deposit.balanceAfter(money(balance))}</span>
      <span className="block text-base text-quiet">{timeOf(at)}</span>
    </Row>
  );
}

function TopUpRow({ topUp: { amount, method, state, requested_at: at, reason } }: { readonly topUp: TopUp }) {
  const t = useTexts();
  const money = useMoney();
  return (
    <Row>
      <Sides left={<b>{money(amount)}</b>} right={<Pill look={looks[state]} text={t.deposit.states[state]} />} />
      <span className="text-base text-quiet">
        {t.deposit.ways[method]} · {timeOf(at)}
      </span>
      {reason !== null && <span className="block break-words text-bad">{reason}</span>}
    </Row>
  );
}

const padded = (part: number): string => String(part).padStart(2, '0');

/** A month back: days of the phone's own calendar, which is where the shop is. */
function lastMonth(): { readonly from: string; readonly to: string } {
  const now = new Date();
  const dayOf = (date: Date) => [date.getFullYear(), date.getMonth() + 1, date.getDate()].map(padded).join('-');
  const [year, month] = [now.getFullYear(), now.getMonth()];
  return { from: dayOf(new Date(year, month - 1, 1)), to: dayOf(new Date(year, month, 0)) };
}
/** The moves on paper, this month's and last month's; and all of them for a spreadsheet. */
function Papers() {
  const t = useTexts();
  const spoken = useStored(language);
  const { from, to } = lastMonth();
  const pdf = 'reseller/deposit/statement/pdf';
  return (
    <>
      <FileButton path={`${pdf}?language=${spoken}`} name="deposit.pdf" text={t.deposit.pdf} />
      <FileButton
        path={`${pdf}?language=${spoken}&from=${from}&to=${to}`}
        name={`deposit-${from.slice(0, 7)}.pdf`}
        text={t.deposit.pdfBefore}
      />
      <FileButton path="reseller/deposit/statement" name="deposit.csv" text={t.deposit.csv} />
    </>
  );
}

/** What the shop has paid in, each move of it with the balance after it, and what it has asked for. */
export function DepositPage() {
  const t = useTexts();
  const deposit = useAnswer<Deposit>('reseller/deposit');
  return (
    <Page title={t.tabs.deposit}>
      <Answered of={deposit}>{(held) => <Balance deposit={held} />}</Answered>
      <ButtonLink href={addressOf('top-up')} text={t.deposit.topUp} />
      <h2 className="text-base font-bold text-quiet">{t.deposit.requests}</h2>
      <MoreRows<TopUp> path="reseller/deposit/top-ups?kind=top_up" none={{ text: t.deposit.noRequests }}>
        {(topUp) => <TopUpRow key={topUp.id} topUp={topUp} />}
      </MoreRows>
      <h2 className="text-base font-bold text-quiet">{t.deposit.statement}</h2>
      <MoreRows<Move> path="reseller/deposit/moves" none={{ text: t.deposit.noMoves }}>
        {(move) => <MoveRow key={move.no} move={move} />}
      </MoreRows>
      <Papers />
    </Page>
  );
}
