import { z } from 'zod';

/** What an admin fills in (`PUT connections/tripay`). `email` is given for customers that have none: Tripay wants one. */
export const tripaySettings = z.object({
  environment: z.enum(['production', 'sandbox']),
  url: z.string().nullish(),
  merchant_code: z.string().min(1),
  api_key: z.string().min(1),
  private_key: z.string().min(1),
  email: z.string().min(1),
  virtual_account: z.enum(['BCAVA', 'BNIVA', 'BRIVA', 'MANDIRIVA', 'PERMATAVA']).nullish(),
  e_wallet: z.enum(['OVO', 'DANA', 'SHOPEEPAY']).nullish(),
});
export type TripaySettings = z.infer<typeof tripaySettings>;

const urls = { production: 'https://tripay.co.id/api', sandbox: 'https://tripay.co.id/api-sandbox' } as const;
export const tripayUrl = ({ url, environment }: TripaySettings): string => url ?? urls[environment];
