import type { IncomingMessage } from 'node:http';
import type { Input } from '../site/document.ts';
import { invalid } from '../site/frappe-error.ts';
import { isInput } from '../site/new-document.ts';

/** One call as the log keeps it, so that tests can count what was fetched. */
export type RestCall = {
  readonly method: string;
  /** Decoded: `/api/resource/Sales Invoice`. */
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly at: Date;
};

/** A call with its parameters: the query, overlaid by the body, as Frappe's `form_dict`. */
export type Call = RestCall & { readonly authorization: string; readonly form: Input };

export async function readCall(request: IncomingMessage, at: Date): Promise<Call> {
  const url = new URL(request.url ?? '/', 'http://site');
  const query = Object.fromEntries(url.searchParams);
  const method = request.method ?? 'GET';
  const body = await readBody(request);
  const authorization = request.headers.authorization ?? '';
  return { method, path: decodedPath(url.pathname), query, at, authorization, form: { ...query, ...body } };
}

/** The path is kept escaped where it is no valid escape; such a name is then simply not found. */
function decodedPath(path: string): string {
  return path.replace(/(%[0-9a-f]{2})+/gi, (escaped) => Buffer.from(escaped.replaceAll('%', ''), 'hex').toString());
}

/** JSON or a form, told by the content: clients of Frappe send either under any Content-Type. */
async function readBody(request: IncomingMessage): Promise<Input> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks).toString('utf8');
  if (body.trim() === '') return {};
  if (!body.trimStart().startsWith('{')) return Object.fromEntries(new URLSearchParams(body));
  return parameter({ body }, 'body') as Input;
}

/** A parameter that is JSON, whether it came as text or inside a JSON body; undefined when absent. */
export function parameter(form: Input, name: string): unknown {
  const value = form[name];
  if (typeof value !== 'string') return value;
  const trimmed = value.trim();
  if (trimmed === '') return undefined;
  if (!/^[[{"]/.test(trimmed)) return value;
  try {
    return JSON.parse(trimmed);
  } catch (error) {
    if (error instanceof SyntaxError) throw invalid(`Invalid JSON in ${name}`);
    throw error;
  }
}

export const textParameter = (form: Input, name: string): string => {
  const value = form[name];
  return typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value);
};

export const inputParameter = (form: Input, name: string): Input => {
  const value = parameter(form, name);
  if (!isInput(value)) throw invalid(`${name} must be an object`);
  return value;
};
