import { deleteDocument } from '../lifecycle/remove.ts';
import { insertDocument, updateDocument } from '../lifecycle/save.ts';
import { type Doc, type Input, text } from '../site/document.ts';
import { FrappeError } from '../site/frappe-error.ts';
import { isInput } from '../site/new-document.ts';
import { printable } from '../site/printable.ts';
import type { PythonValue } from '../site/python-json.ts';
import type { Site } from '../site/site.ts';
import { restUser } from './authenticate.ts';
import { listDocuments } from './list.ts';
import { type Call, parameter, textParameter } from './rest-call.ts';

export type Answer = { readonly status: number; readonly body: { readonly [key: string]: PythonValue } };

export const shown = (site: Site, doc: Doc): PythonValue => printable(site.meta(text(doc, 'doctype')), doc);

/** `/api/resource/<DocType>[/<name>]`: `rest` is what follows the doctype, and may hold slashes. */
export function answerResource(site: Site, call: Call, doctype: string, name: string | null): Answer {
  if (name === null) {
    if (call.method === 'GET') return data(listDocuments(site, doctype, call.form));
    if (call.method === 'POST') return data(write(site, (tx) => insertDocument(tx, doctype, sent(call))));
  } else if (call.method === 'GET') {
    return data(shown(site, site.get(doctype, name)));
  } else if (call.method === 'PUT') {
    return data(write(site, (tx) => updateDocument(tx, doctype, name, sent(call))));
  } else if (call.method === 'POST' && textParameter(call.form, 'run_method') !== '') {
    return data(write(site, (tx) => updateDocument(tx, doctype, name, runMethod(call))));
  } else if (call.method === 'DELETE') {
    site.transact(restUser, (tx) => deleteDocument(tx, doctype, name));
    return { status: 202, body: { data: 'ok' } };
  }
  throw new FrappeError(403, 'PermissionError', `${call.method} is not allowed here`);
}

const data = (value: PythonValue): Answer => ({ status: 200, body: { data: value } });

const write = (site: Site, work: Parameters<typeof site.transact<Doc>>[1]): PythonValue =>
  shown(site, site.transact(restUser, work));

/** The document stands in the body itself, or in a form's `data`. */
function sent(call: Call): Input {
  const wrapped = parameter(call.form, 'data');
  return isInput(wrapped) ? wrapped : call.form;
}

function runMethod(call: Call): Input {
  const method = textParameter(call.form, 'run_method');
  if (method === 'submit') return { docstatus: 1 };
  if (method === 'cancel') return { docstatus: 2 };
  throw new FrappeError(403, 'PermissionError', `Not allowed to run ${method}`);
}
