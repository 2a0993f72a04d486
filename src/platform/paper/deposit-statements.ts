import type { DepositPaper } from './papers.ts';
import {
  type Column,
  closeSheet,
  date,
  money,
  opening,
  openSheet,
  right,
  type Sheet,
  say,
  sums,
  table,
} from './sheet.ts';
import { moveText, shortDate } from './words.ts';

const columns: readonly Column[] = [
  { name: 'description', x: 54, width: 180, align: 'left' },
  { name: 'date', x: 238, width: 90, align: 'left' },
  { name: 'cameIn', x: 326, width: 70, align: 'right' },
  { name: 'wentOut', x: 398, width: 70, align: 'right' },
  { name: 'balance', x: 470, width: right - 470 - 4, align: 'right' },
];

function* rowsOf(sheet: Sheet, { rows }: DepositPaper): Generator<readonly string[]> {
  for (const { on, what, memo, amount, balance } of rows) {
    const [cameIn, wentOut] = amount > 0n ? [money(sheet, amount), ''] : ['', money(sheet, -amount)];
    const told = [moveText(sheet.head.language, what), memo].filter((part) => part !== '').join(': ');
    yield [told, date(sheet, on), cameIn, wentOut, money(sheet, balance)];
  }
}

/** What moved a reseller's deposit in a span of days, with what it held after each. */
export function depositPdf(paper: DepositPaper): Promise<Uint8Array> {
  const { head, reseller, from, to, rows } = paper;
  const sheet = openSheet(head, 'depositStatement');
  const period = `${shortDate(from)} – ${shortDate(to)}`;
  const told = [['period', period] as const, ['opening', money(sheet, paper.opening)] as const];
  opening(sheet, { name: reseller, code: '', address: '' }, told, null, 'reseller');
  table(sheet, columns, rowsOf(sheet, paper));
  sums(sheet, [[say(sheet, 'closing'), rows.at(-1)?.balance ?? paper.opening, true]]);
  return closeSheet(sheet, `${reseller} · ${period}`);
}
