import type { StatementPaper, StatementRow } from './papers.ts';
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
import { kindText, shortDate } from './words.ts';

const columns: readonly Column[] = [
  { name: 'description', x: 54, width: 180, align: 'left' },
  { name: 'date', x: 238, width: 90, align: 'left' },
  { name: 'owed', x: 326, width: 70, align: 'right' },
  { name: 'paid', x: 398, width: 70, align: 'right' },
  { name: 'balance', x: 470, width: right - 470 - 4, align: 'right' },
];

function rowText(sheet: Sheet, { what, isBack, isOnItsWay, number }: StatementRow): string {
  const kind = kindText(sheet.head.language, what);
  const told = `${isBack ? `${say(sheet, 'back')}: ` : ''}${kind} ${number}`.trim();
  return isOnItsWay ? `${told} (${say(sheet, 'onItsWay')})` : told;
}

function* balanced(sheet: Sheet, { opening: first, rows }: StatementPaper): Generator<readonly string[]> {
  let balance = first;
  for (const row of rows) {
    balance += row.amount;
    const amount = money(sheet, row.amount < 0n ? -row.amount : row.amount);
    const [owed, paid] = row.amount > 0n ? [amount, ''] : ['', amount];
    yield [rowText(sheet, row), date(sheet, row.on), owed, paid, money(sheet, balance)];
  }
}

/** All that was charged and paid in a span of days, and what is owed after each. */
export function statementPdf(paper: StatementPaper): Promise<Uint8Array> {
  const { head, customer, from, to, rows } = paper;
  const sheet = openSheet(head, 'statement');
  const period = `${shortDate(from)} – ${shortDate(to)}`;
  opening(
    sheet,
    customer,
    [
      ['period', period],
      ['opening', money(sheet, paper.opening)],
    ],
    null,
  );
  table(sheet, columns, balanced(sheet, paper));
  const closing = rows.reduce((sum, row) => sum + row.amount, paper.opening);
  sums(sheet, [[say(sheet, 'closing'), closing, true]]);
  return closeSheet(sheet, `${customer.code} · ${period}`);
}
