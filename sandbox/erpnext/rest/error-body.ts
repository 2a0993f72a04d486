import type { FrappeError } from '../site/frappe-error.ts';
import type { PythonValue } from '../site/python-json.ts';

/**
 * A refusal as Frappe 15 words it: `_server_messages` is a JSON text of JSON texts holding HTML, `exc` a JSON text of
 * a traceback, and "not found" has no `exception`.
 */
export function errorBody(error: FrappeError): { [key: string]: PythonValue } {
  const kind = error.said ? `frappe.exceptions.${error.excType}` : error.excType;
  const message = { message: escapeHtml(error.message), title: 'Message', indicator: 'red', raise_exception: 1 };
  const trace = `Traceback (most recent call last):\n  File "apps/frappe/frappe/app.py"\n${kind}: ${error.message}\n`;
  return {
    ...(error.status === 404 ? {} : { exception: `${kind}: ${error.message}` }),
    exc_type: error.excType,
    exc: JSON.stringify([trace]),
    ...(error.said ? { _server_messages: JSON.stringify([JSON.stringify(message)]) } : {}),
  };
}

const escapeHtml = (message: string): string => message.replaceAll('<', '&lt;').replaceAll('>', '&gt;');
