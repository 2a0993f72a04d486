import type { DocType } from '../doctypes/doctype.ts';
import { type Doc, text } from '../site/document.ts';
import { printable, printableField } from '../site/printable.ts';
import { pythonJson, redump } from '../site/python-json.ts';

/** The template that names event and doctype, which nothing else in a delivery does. */
export const bodyTemplate = (event: string, doctype: string): string =>
  `{"event": "${event}", "doctype": "${doctype}", "doc": {{ doc | json }} }`;

const expression = /\{\{\s*doc(?:\.(\w+))?\s*(\|\s*json)?\s*\}\}/g;

/**
 * The body of one webhook as Frappe makes it: the template is filled in, read as JSON and dumped again. A template
 * that becomes no JSON (`"{{ doc.x }}"` with a quote in the value) sends nothing at all: null.
 */
export function renderBody(template: string, meta: DocType, doc: Doc): string | null {
  if (template === '') return '{}';
  const filled = template.replace(expression, (_all, field: string | undefined, asJson: string | undefined) => {
    if (field === undefined) return pythonJson(printable(meta, doc));
    return asJson ? pythonJson(printableField(meta, field, doc[field] ?? null)) : text(doc, field);
  });
  try {
    return redump(filled);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}
