import { z } from 'zod';

/** What an admin fills in (`PUT connections/midtrans`). `url` stands in for Midtrans's own address. */
export const midtransSettings = z.object({
  environment: z.enum(['production', 'sandbox']),
  url: z.string().nullish(),
  server_key: z.string().min(1),
  virtual_account: z.enum(['bca', 'bni', 'bri', 'cimb', 'permata']).nullish(),
  e_wallet: z.enum(['gopay', 'shopeepay']).nullish(),
});
export type MidtransSettings = z.infer<typeof midtransSettings>;

const urls = { production: 'https://api.midtrans.com', sandbox: 'https://api.sandbox.midtrans.com' } as const;
export const midtransUrl = ({ url, environment }: MidtransSettings): string => url ?? urls[environment];
