import type { InvoicePaper, ReceiptPaper } from './papers.ts';
import {
  type Column,
  closeSheet,
  date,
  money,
  opening,
  openSheet,
  paragraph,
  right,
  say,
  sums,
  table,
} from './sheet.ts';
import { kindText, percentText, shortDate } from './words.ts';

const lineColumns: readonly Column[] = [
  { name: 'description', x: 54, width: 250, align: 'left' },
  { name: 'quantity', x: 308, width: 40, align: 'right' },
  { name: 'price', x: 352, width: 90, align: 'right' },
  { name: 'amount', x: 446, width: right - 446 - 4, align: 'right' },
];

/** A bill or a credit note (spec L2). */
export function invoicePdf(paper: InvoicePaper): Promise<Uint8Array> {
  const { kind, head, period, lines, net, taxes, total, settled, stamp } = paper;
  const { language } = head;
  const sheet = openSheet(head, kind);
  opening(
    sheet,
    paper.customer,
    [
      ['number', paper.number],
      ['against', paper.against],
      ['issued', date(sheet, paper.issuedOn)],
      ['due', kind === 'invoice' ? date(sheet, paper.dueDate) : null],
      ['period', period && `${shortDate(period.from)} – ${shortDate(period.to)}`],
    ],
    stamp,
  );
  table(
    sheet,
    lineColumns,
    lines.map((line) => [
      line.description,
      String(line.quantity),
      money(sheet, line.unitPrice),
      money(sheet, line.amount),
    ]),
  );
  sums(sheet, [
    [say(sheet, 'net'), net],
    ...taxes.flatMap(({ rateBp, base, tax }) => [
      [say(sheet, 'taxBase'), base] as const,
      [`${say(sheet, 'tax')} ${percentText(language, rateBp)}`, tax] as const,
    ]),
    [say(sheet, 'total'), total, true],
    ...(settled > 0n ? ([[say(sheet, 'settled'), settled]] as const) : []),
    ...(kind === 'invoice' && stamp !== 'cancelled'
      ? ([[say(sheet, 'outstanding'), total - settled, true]] as const)
      : []),
  ]);
  const owes = kind === 'invoice' && stamp !== 'cancelled' && settled < total;
  if (owes) paragraph(sheet, 'howToPay', paper.howToPay ?? `${say(sheet, 'usualWay')} ${head.company}.`);
  paragraph(sheet, 'notes', paper.notes);
  return closeSheet(sheet, paper.number);
}

const settleColumns: readonly Column[] = [
  { name: 'settles', x: 54, width: 380, align: 'left' },
  { name: 'amount', x: 446, width: right - 446 - 4, align: 'right' },
];

/** That money was received, and for what. */
export function receiptPdf(paper: ReceiptPaper): Promise<Uint8Array> {
  const { head, settles, amount, refunded, credit } = paper;
  const sheet = openSheet(head, 'receipt');
  opening(
    sheet,
    paper.customer,
    [
      ['number', paper.number],
      ['paidOn', date(sheet, paper.paidOn)],
      ['method', kindText(head.language, paper.method)],
      ['reference', paper.reference],
    ],
    paper.stamp,
  );
  if (settles.length > 0) {
    table(
      sheet,
      settleColumns,
      settles.map((one) => [one.number, money(sheet, one.amount)]),
    );
  }
  sums(sheet, [
    [say(sheet, 'received'), amount, true],
    ...(refunded > 0n ? ([[say(sheet, 'refunded'), -refunded]] as const) : []),
    ...(credit > 0n ? ([[say(sheet, 'credit'), credit]] as const) : []),
  ]);
  paragraph(sheet, 'notes', paper.notes);
  return closeSheet(sheet, paper.number);
}
