import { z } from 'zod';

/** What an admin fills in (`PUT connections/duitku`); codes are Duitku's. `email` is given for customers that have none. */
export const duitkuSettings = z.object({
  environment: z.enum(['production', 'sandbox']),
  url: z.string().nullish(),
  merchant_code: z.string().min(1),
  api_key: z.string().min(1),
  email: z.string().min(1),
  qris: z.enum(['SP', 'NQ', 'GQ', 'SQ']).nullish(),
  virtual_account: z.enum(['BC', 'I1', 'BR', 'M2', 'BT']).nullish(),
  e_wallet: z.enum(['OV', 'DA', 'SA', 'LA']).nullish(),
});
export type DuitkuSettings = z.infer<typeof duitkuSettings>;

const urls = {
  production: 'https://passport.duitku.com/webapi/api/merchant',
  sandbox: 'https://sandbox.duitku.com/webapi/api/merchant',
} as const;
export const duitkuUrl = ({ url, environment }: DuitkuSettings): string => url ?? urls[environment];
