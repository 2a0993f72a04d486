import { err, ok, type Result } from '#domain/result.ts';

/** A text with places for values, each written `{{name}}`. */
export type Template = { readonly subject: string; readonly body: string };

const place = /\{\{\s*([^{}]*?)\s*\}\}/g;

/** The names between double braces, each once, in their order. */
export const placeholdersIn = (text: string): readonly string[] => [
  ...new Set([...text.matchAll(place)].map(([, name]) => name ?? '')),
];

/** The first placeholder that nothing will be put into; a template that has one is refused. */
export function unknownPlaceholder({ subject, body }: Template, known: readonly string[]): Result<null, string> {
  const strange = placeholdersIn(`${subject}\n${body}`).find((name) => !known.includes(name));
  return strange === undefined ? ok(null) : err(strange);
}

export type Values = Readonly<Record<string, string>>;

/** Put in once: braces in a value stay braces. A name without a value leaves nothing behind. */
export const fill = (text: string, values: Values): string =>
  text.replace(place, (_whole, name: string) => (Object.hasOwn(values, name) ? (values[name] ?? '') : ''));

const controls = /[\p{Cc}\p{Zl}\p{Zp}]+/gu;

/** One line without control characters: what may stand in a header of a mail. */
export const oneLine = (text: string): string => text.replace(controls, ' ').trim();

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Safe as text and between quotation marks of an HTML page. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (one) => entities[one] ?? one);

/** An address of the web in running text: the full stop after it is not part of it. */
const link = /https?:\/\/[^\s<>"']*[^\s<>"'.,;:!?)]/g;

/** A line of text as HTML; what begins like an address of the web can be followed. */
function htmlLine(line: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const found of line.matchAll(link)) {
    const address = escapeHtml(found[0]);
    parts.push(escapeHtml(line.slice(from, found.index)), `<a href="${address}">${address}</a>`);
    from = found.index + found[0].length;
  }
  return [...parts, escapeHtml(line.slice(from))].join('');
}

/** Text as paragraphs of HTML. Templates and values are text alike, so nothing in them becomes a tag (spec P53). */
export const paragraphs = (text: string): string =>
  text
    .trim()
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${paragraph.split('\n').map(htmlLine).join('<br>')}</p>`)
    .join('\n');
