import { z } from 'zod';

/** The site itself: no credentials, and none of its pages, as it stands in a browser's address line. */
function isSite(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { username, password, pathname } = new URL(text);
  return username === '' && password === '' && !/\/(app|desk|login|api)(\/|$)/.test(pathname);
}

/** The address of another system, without the slashes at its end; `rule` is said of one that is not. */
export const siteUrl = (rule: string) =>
  z
    .url({ protocol: /^https?$/ })
    .refine(isSite, rule)
    .transform((text) => text.replace(/\/+$/, ''));
