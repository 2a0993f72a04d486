import { z } from 'zod';

/** The site itself: no credentials, and none of its pages, as it stands in a browser's address line. */
function isSite(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, pathname } = new URL(text);
  return username === '' && password === '' && !/\/(app|desk|login|api)(\/|$)/.test(pathname);
}

const siteUrl = z
  .url({ protocol: /^https?$/ })
  .refine(isSite, 'must be the address of the site alone, like https://erp.example.com')
  .transform((text) => text.replace(/\/+$/, ''));

const secret = z.string().trim().min(1).max(200);

/** What an admin fills in to connect ERPNext (contract `PUT connections/erpnext`). */
export const erpnextSettings = z.object({
  url: siteUrl,
  api_key: secret,
  api_secret: secret,
  /** As whoever set up the site's webhooks made it, to the last blank; `doctor` advises 32 random characters. */
  webhook_secret: z.string().min(1).max(200),
});
