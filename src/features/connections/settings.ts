import { randomBytes } from 'node:crypto';
import type { z } from '@hono/zod-openapi';
import { invalid } from '#platform/refusal.ts';
import { type GatewayInput, gatewayParts, isGatewayInput } from './gateway-forms.ts';
import type { Erpnext, Freeradius, Inventree, Smtp, System } from './schema.ts';

/** What is stored of a connection: the open part as it is, the secret part sealed as one; together the connector's form. */
export type Parts = {
  readonly settings: Readonly<Record<string, unknown>>;
  readonly secrets: Readonly<Record<string, string>>;
  readonly warnings: readonly string[];
};

export type Secrets = Parts['secrets'];

export type Input =
  | ({ readonly system: 'erpnext' } & z.infer<typeof Erpnext>)
  | ({ readonly system: 'freeradius' } & z.infer<typeof Freeradius>)
  | ({ readonly system: 'inventree' } & z.infer<typeof Inventree>)
  | ({ readonly system: 'smtp' } & z.infer<typeof Smtp>)
  | GatewayInput;

/** Below this a signature could be found by trying, from one recorded delivery. */
const strongSecretLength = 16;

const weakSecret = (secret: string): readonly string[] =>
  secret.length < strongSecretLength ? [`The webhook secret has fewer than ${strongSecretLength} characters.`] : [];

/** 256 bits, in 43 characters that no form of ERPNext mangles. */
const newWebhookSecret = (): string => randomBytes(32).toString('base64url');

/** The new secret, else the stored one; the first time there is none. */
function secretOf(name: string, given: string | undefined, stored: Secrets): Record<string, string> {
  const value = given ?? stored[name];
  if (value === undefined) throw invalid(name, `${name}: is needed the first time`);
  return { [name]: value };
}

function freeradiusParts(given: string | null | undefined, stored: Secrets): Parts {
  const url = given === undefined ? stored.database_url : given;
  return { settings: {}, secrets: url ? { database_url: url } : {}, warnings: [] };
}

/** A server that asks for no login has no password. */
function smtpParts({ host, port, secure, user, password, from }: z.infer<typeof Smtp>, stored: Secrets): Parts {
  const isOpen = secure === 'none' && user !== null;
  return {
    settings: { host, port, secure, user, from },
    secrets: user === null ? {} : secretOf('password', password, stored),
    warnings: isOpen ? ['The password travels unencrypted: use tls or starttls.'] : [],
  };
}

/** Events are hints and their plugin is optional, so its secret may be missing. */
function inventreeParts(input: z.infer<typeof Inventree>, stored: Secrets): Parts {
  const { url, token, warehouse_location, bag_location_parent } = input;
  const hook = input.webhook_secret ?? stored.webhook_secret;
  return {
    settings: { url, warehouse_location, bag_location_parent },
    secrets: { ...secretOf('token', token, stored), ...(hook === undefined ? {} : { webhook_secret: hook }) },
    warnings: hook === undefined ? [] : weakSecret(hook),
  };
}

/** What a form amounts to beside what is stored: secrets that were left out stay. */
export function partsOf(input: Input, stored: Secrets): Parts {
  if (input.system === 'freeradius') return freeradiusParts(input.database_url, stored);
  if (input.system === 'smtp') return smtpParts(input, stored);
  if (isGatewayInput(input)) return gatewayParts(input, (name, given) => secretOf(name, given, stored));
  if (input.system === 'inventree') return inventreeParts(input, stored);
  const secrets = {
    ...secretOf('api_key', input.api_key, stored),
    ...secretOf('api_secret', input.api_secret, stored),
    // Left out the first time: the hub makes one, which its installation tells ERPNext.
    webhook_secret: input.webhook_secret ?? stored.webhook_secret ?? newWebhookSecret(),
  };
  return { settings: { url: input.url }, secrets, warnings: weakSecret(secrets.webhook_secret) };
}

/**
 * What may be shown of a connection. A database's address is a secret, for it holds a password; shown is where it is:
 * `mysql://10.0.0.5:3306/radius`.
 */
export function shownSettings(system: System, { settings, secrets }: Omit<Parts, 'warnings'>): Parts['settings'] {
  if (system !== 'freeradius') return settings;
  if (secrets.database_url === undefined) return { database: 'installation' };
  const { protocol, host, pathname } = new URL(secrets.database_url);
  return { database: `${protocol}//${host}${pathname}` };
}
