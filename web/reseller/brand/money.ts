import { moneyOf } from '../../app/texts/language.ts';
import { useBrand } from './brand.ts';

/** Writes amounts in the ISP's currency. */
export function useMoney(): (amount: number) => string {
  const { currency } = useBrand();
  return (amount) => moneyOf(amount, currency);
}
