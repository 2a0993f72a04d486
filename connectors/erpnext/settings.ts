import { z } from 'zod';
import { siteUrl } from '#connectors/kit/site-url.ts';

const secret = z.string().trim().min(1).max(200);

/** What an admin fills in to connect ERPNext (contract `PUT connections/erpnext`). */
export const erpnextSettings = z.object({
  url: siteUrl('must be the address of the site alone, like https://erp.example.com'),
  api_key: secret,
  api_secret: secret,
  /** As whoever set up the site's webhooks made it, to the last blank; `doctor` advises 32 random characters. */
  webhook_secret: z.string().min(1).max(200),
});
