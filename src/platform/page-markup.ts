import { escapeHtml } from '#domain/message-template.ts';

/** A piece of a page that is safe as it stands. */
export type Markup = { readonly markup: string };
type Part = string | number | null | Markup | readonly Markup[];

const text = (part: Part): string => {
  if (part === null) return '';
  if (typeof part === 'string' || typeof part === 'number') return escapeHtml(String(part));
  return 'markup' in part ? part.markup : part.map(({ markup }) => markup).join('');
};

/** A piece of a page: what is put into it as text becomes text, between tags and between quotation marks (spec P53). */
export const html = (tags: TemplateStringsArray, ...parts: readonly Part[]): Markup => ({
  markup: tags.reduce((all, tag, i) => all + text(parts[i - 1] ?? null) + tag),
});
