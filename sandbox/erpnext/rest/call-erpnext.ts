import type { Erpnext } from '../create-erpnext.ts';

export type RestAnswer = { readonly status: number; readonly text: string; readonly body: Record<string, unknown> };

/** Calls a stand-in as a client of ERPNext does, with its own key unless another `authorization` is given. */
export async function callErpnext(
  erp: Pick<Erpnext, 'url' | 'apiKey' | 'apiSecret'>,
  path: string,
  options: { readonly method?: string; readonly body?: object; readonly authorization?: string | null } = {},
): Promise<RestAnswer> {
  const authorization =
    options.authorization === undefined ? `token ${erp.apiKey}:${erp.apiSecret}` : options.authorization;
  const response = await fetch(`${erp.url}${path}`, {
    method: options.method ?? 'GET',
    redirect: 'manual',
    headers: authorization === null ? {} : { Authorization: authorization },
    ...(options.body ? { body: JSON.stringify(options.body) } : {}),
  });
  const text = await response.text();
  return { status: response.status, text, body: text.startsWith('{') ? (JSON.parse(text) as RestAnswer['body']) : {} };
}

/** Path and query of a list; each parameter that is no text is sent as JSON. */
export function listPath(doctype: string, parameters: Readonly<Record<string, unknown>> = {}): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parameters)) {
    query.set(name, typeof value === 'string' ? value : JSON.stringify(value));
  }
  return `/api/resource/${encodeURIComponent(doctype)}?${query}`;
}
