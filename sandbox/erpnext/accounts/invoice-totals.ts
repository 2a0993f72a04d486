import { type Doc, number, type Row, roundMoney, rows, text } from '../site/document.ts';
import type { Transaction } from '../site/transaction.ts';

/** Prices the lines and sums them up. No taxes, one currency: `base_…` fields equal their twins. */
export function setTotals(tx: Transaction, doc: Doc): void {
  for (const row of rows(doc, 'items')) priceLine(tx, row);
  const total = roundMoney(sum(doc, 'amount'));
  const rounded = doc.disable_rounded_total === 1 ? 0 : Math.round(total);
  setWithBase(doc, 'total', total);
  setWithBase(doc, 'net_total', total);
  setWithBase(doc, 'grand_total', total);
  setWithBase(doc, 'rounded_total', rounded);
  setWithBase(doc, 'rounding_adjustment', doc.disable_rounded_total === 1 ? 0 : roundMoney(rounded - total));
  doc.amount_eligible_for_commission = total;
  doc.total_qty = sum(doc, 'qty');
  doc.in_words = amountInWords(text(doc, 'currency'), rounded || total);
  doc.base_in_words = doc.in_words;
}

/** Digits stand in for ERPNext's words: nobody reads them here. */
export const amountInWords = (currency: string, amount: number): string => `${currency} ${amount} only.`;

const sum = (doc: Doc, field: string): number =>
  rows(doc, 'items').reduce((total, row) => total + number(row, field), 0);

function setWithBase(doc: Doc, field: string, amount: number): void {
  doc[field] = amount;
  doc[`base_${field}`] = amount;
}

const rateFields = [
  'base_net_rate',
  'base_price_list_rate',
  'base_rate',
  'net_rate',
  'price_list_rate',
  'stock_uom_rate',
] as const;

function priceLine(tx: Transaction, row: Row): void {
  const item = tx.site.find('Item', text(row, 'item_code'));
  const { abbreviation } = tx.site.settings;
  row.qty = number(row, 'qty') || 1;
  row.rate = number(row, 'rate') || (item ? number(item, 'standard_rate') : 0);
  for (const field of rateFields) row[field] = row.rate;
  const amount = roundMoney(row.qty * row.rate);
  for (const field of ['amount', 'base_amount', 'base_net_amount', 'net_amount'] as const) row[field] = amount;
  row.stock_qty = row.qty;
  row.item_name ??= item ? text(item, 'item_name') : text(row, 'item_code');
  row.description ??= item ? text(item, 'description') : text(row, 'item_name');
  if (item) row.item_group = text(item, 'item_group');
  row.cost_center ??= `Main - ${abbreviation}`;
  row.expense_account ??= `Cost of Goods Sold - ${abbreviation}`;
  row.income_account ??= `Sales - ${abbreviation}`;
  row.warehouse ??= `Stores - ${abbreviation}`;
}
