import { z } from 'zod';

/** What an admin fills in (`PUT connections/xendit`): the key says whether it is live. `url` stands in for Xendit's own. */
export const xenditSettings = z.object({
  url: z.string().nullish(),
  secret_key: z.string().min(1),
  callback_token: z.string().min(1),
  virtual_account: z.enum(['BCA', 'BNI', 'BRI', 'MANDIRI', 'PERMATA']).nullish(),
  e_wallet: z.enum(['OVO', 'DANA', 'SHOPEEPAY', 'LINKAJA']).nullish(),
});
export type XenditSettings = z.infer<typeof xenditSettings>;

export const xenditUrl = ({ url }: XenditSettings): string => url ?? 'https://api.xendit.co';
