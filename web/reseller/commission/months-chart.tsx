import { Card } from '../../app/parts/card.tsx';
import { monthOf } from '../../app/texts/language.ts';
import type { Month } from '../api/shapes.ts';
import { useMoney } from '../brand/money.ts';
import { useTexts } from '../texts/texts.ts';

const height = 100;
const step = 24;
const bar = 16;

const net = ({ earned, taken_back: back }: Month): number => earned - Math.abs(back);

/** One bar a month from a base line; a month that lost more than it earned hangs below it. */
function Bars({ months }: { readonly months: readonly Month[] }) {
  const values = months.map(net);
  const [top, bottom] = [Math.max(1, ...values), Math.min(0, ...values)];
  const yOf = (value: number): number => ((top - value) / (top - bottom)) * height;
  return (
    <svg viewBox={`0 -4 ${step * months.length} ${height + 8}`} aria-hidden="true" className="w-full">
      {values.map((value, i) => (
        <rect
          key={months[i]?.month}
          x={i * step + (step - bar) / 2}
          y={Math.min(yOf(value), yOf(0))}
          width={bar}
          height={Math.max(1, Math.abs(yOf(value) - yOf(0)))}
          className={value < 0 ? 'fill-bad' : 'fill-deep'}
        />
      ))}
      <path d={`M0 ${yOf(0)}h${step * months.length}`} className="stroke-quiet" />
    </svg>
  );
}

/** The months as bars for the eye, and the same as a table for everybody. */
export function MonthsChart({ months }: { readonly months: readonly Month[] }) {
  const t = useTexts();
  const money = useMoney();
  return (
    <Card title={t.commission.chart}>
      <Bars months={months} />
      <table className="mt-2 w-full text-base">
        <thead>
          <tr className="text-left">
            <th scope="col">{t.commission.monthName}</th>
            <th scope="col" className="text-right">
              {t.commission.earned}
            </th>
            <th scope="col" className="text-right">
              {t.commission.paidOut}
            </th>
          </tr>
        </thead>
        <tbody>
          {[...months].reverse().map((month) => (
            <tr key={month.month} className="border-t border-line">
              <th scope="row" className="py-1 text-left font-normal">
                {monthOf(month.month)}
              </th>
              <td className="text-right font-semibold">{money(net(month))}</td>
              <td className="text-right">{money(month.paid)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Card>
  );
}
