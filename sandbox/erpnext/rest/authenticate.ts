import { FrappeError } from '../site/frappe-error.ts';

export type ApiKey = { readonly apiKey: string; readonly apiSecret: string };

/** The user that REST calls act as. */
export const restUser = 'hub@isp.local';

/** `Authorization: token KEY:SECRET`, or Basic with the same pair. A wrong one is 401, none is a guest: 403. */
export function authenticate(authorization: string, key: ApiKey): void {
  if (authorization === '') throw new FrappeError(403, 'PermissionError', 'Not permitted');
  const [scheme = '', credentials = ''] = authorization.split(' ');
  const pair = scheme.toLowerCase() === 'basic' ? Buffer.from(credentials, 'base64').toString('utf8') : credentials;
  const known = ['basic', 'token'].includes(scheme.toLowerCase());
  if (!known || pair !== `${key.apiKey}:${key.apiSecret}`) {
    throw new FrappeError(401, 'AuthenticationError', 'Authentication failed', false);
  }
}
