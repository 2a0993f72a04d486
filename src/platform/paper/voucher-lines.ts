import { moneyText } from '#domain/money-text.ts';
import type { VoucherSheetPaper } from './papers.ts';
import { shortDate, word } from './words.ts';

/** What a voucher is worth in words: its days first, then its price, and what bounds it. */
export function voucherLines({ head, days, price, plan, expiresOn }: VoucherSheetPaper): readonly string[] {
  const { language, currency } = head;
  return [
    `${days} ${word(language, 'days')}`,
    moneyText(price, currency, language),
    ...(plan === null ? [] : [`${word(language, 'plan')} ${plan}`]),
    ...(expiresOn === null ? [] : [`${word(language, 'until')} ${shortDate(expiresOn)}`]),
  ];
}
