import { join, resolve } from 'node:path';
import { z } from 'zod';
import type { LimitSettings } from '#platform/limits.ts';

const cidrList = z
  .string()
  .default('')
  .transform((text) =>
    text
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== ''),
  );
const perMinute = (usual: number) => z.coerce.number().int().min(0).max(1_000_000_000).default(usual);
const maybeText = z.string().min(1).optional();

const Environment = z.object({
  JEMBATAN_PORT: z.coerce.number().int().min(0).max(65_535).default(8089),
  JEMBATAN_HOST: z.string().min(1).default('127.0.0.1'),
  JEMBATAN_DATA_DIR: z.string().min(1).default('./data'),
  JEMBATAN_PUBLIC_URL: z.url().optional(),
  JEMBATAN_ISOLIR_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  JEMBATAN_ISOLIR_URL: z.url({ protocol: /^https?$/ }).optional(),
  JEMBATAN_SECRET_KEY_FILE: maybeText,
  JEMBATAN_OWNER_EMAIL: z.email().optional(),
  JEMBATAN_OWNER_PASSWORD: z.string().min(8).max(72).optional(),
  JEMBATAN_ROLE: z.enum(['all', 'api', 'worker']).default('all'),
  DATABASE_URL: maybeText.refine(
    (url) => url === undefined || /^postgres(ql)?:\/\//.test(url),
    'must start with postgres://',
  ),
  RADIUS_DATABASE_URL: maybeText.refine(
    (url) => url === undefined || /^(mysql|postgres(ql)?):\/\//.test(url),
    'must start with mysql:// or postgres://',
  ),
  REDIS_URL: maybeText.refine((url) => url === undefined || /^rediss?:\/\//.test(url), 'must start with redis://'),
  JEMBATAN_SMTP_URL: maybeText,
  JEMBATAN_SMTP_FROM: maybeText,
  JEMBATAN_OUTBOUND_ALLOW: cidrList,
  JEMBATAN_TRUSTED_PROXIES: cidrList,
  JEMBATAN_CORS_ORIGINS: cidrList,
  JEMBATAN_LIMIT_ADDRESS: perMinute(1_000),
  JEMBATAN_LIMIT_USER: perMinute(100),
  JEMBATAN_LIMIT_LOGIN: perMinute(5),
  // Metering counts this month and the one before it again, so deliveries of 63 days are needed.
  JEMBATAN_KEEP_EVENTS_DAYS: z.coerce.number().int().min(63).max(3_650).default(90),
  // A year at least (spec V4), counted so that no leap year makes it shorter; whole months go.
  JEMBATAN_KEEP_AUDIT_DAYS: z.coerce.number().int().min(366).max(36_500).default(400),
  // Tests run on throw-away servers that need not survive a crash. No installation does.
  JEMBATAN_ALLOW_FRAGILE: z.enum(['yes', 'no']).default('no'),
  JEMBATAN_LOG_LEVEL: z.enum(['debug', 'info', 'warn', 'error', 'silent']).default('info'),
});

/** The settings of one process, read once from the environment (docs/operators.md lists them). */
export type Config = {
  readonly port: number;
  readonly host: string;
  readonly dataDir: string;
  readonly publicUrl: string;
  /** Where isolated subscribers' requests arrive, for whatever web site they are; undefined: nowhere. */
  readonly isolirPort: number | undefined;
  /** Where those subscribers reach the hub's isolir page. */
  readonly isolirUrl: string;
  readonly secretKeyFile: string;
  readonly owner: { readonly email: string | undefined; readonly password: string | undefined };
  readonly role: 'all' | 'api' | 'worker';
  readonly databaseUrl: string | undefined;
  readonly radiusDatabaseUrl: string | undefined;
  readonly redisUrl: string | undefined;
  /** The mail server of tenants that have none of their own. */
  readonly smtpUrl: string | undefined;
  readonly smtpFrom: string | undefined;
  readonly outboundAllow: readonly string[];
  readonly trustedProxies: readonly string[];
  readonly corsOrigins: readonly string[];
  readonly limits: LimitSettings;
  /** Deliveries that were worked on are kept so long. */
  readonly keepEventsDays: number;
  /** Months of the audit log that ended so long ago are dropped. */
  readonly keepAuditDays: number;
  /** Starts on a server that may forget what it acknowledged; for tests only (REL-3). */
  readonly allowFragile: boolean;
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
};

export class ConfigError extends Error {}

/** Throws a ConfigError whose message names each wrong variable and what it should be. */
export function readConfig(environment: NodeJS.ProcessEnv): Config {
  const present = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(present);
  if (!parsed.success) {
    const faults = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new ConfigError(`The environment is wrong:\n  ${faults.join('\n  ')}`);
  }
  const e = parsed.data;
  const dataDir = resolve(e.JEMBATAN_DATA_DIR);
  const host = e.JEMBATAN_HOST.includes(':') ? `[${e.JEMBATAN_HOST}]` : e.JEMBATAN_HOST;
  const publicUrl = e.JEMBATAN_PUBLIC_URL ?? `http://${host}:${e.JEMBATAN_PORT}`;
  return {
    port: e.JEMBATAN_PORT,
    host: e.JEMBATAN_HOST,
    dataDir,
    publicUrl,
    isolirPort: e.JEMBATAN_ISOLIR_PORT,
    isolirUrl: e.JEMBATAN_ISOLIR_URL ?? publicUrl,
    secretKeyFile: e.JEMBATAN_SECRET_KEY_FILE ?? join(dataDir, 'secret.key'),
    owner: { email: e.JEMBATAN_OWNER_EMAIL, password: e.JEMBATAN_OWNER_PASSWORD },
    role: e.JEMBATAN_ROLE,
    databaseUrl: e.DATABASE_URL,
    radiusDatabaseUrl: e.RADIUS_DATABASE_URL,
    redisUrl: e.REDIS_URL,
    smtpUrl: e.JEMBATAN_SMTP_URL,
    smtpFrom: e.JEMBATAN_SMTP_FROM,
    outboundAllow: e.JEMBATAN_OUTBOUND_ALLOW,
    trustedProxies: e.JEMBATAN_TRUSTED_PROXIES,
    corsOrigins: e.JEMBATAN_CORS_ORIGINS,
    limits: {
      address: e.JEMBATAN_LIMIT_ADDRESS,
      user: e.JEMBATAN_LIMIT_USER,
      login: e.JEMBATAN_LIMIT_LOGIN,
    },
    keepEventsDays: e.JEMBATAN_KEEP_EVENTS_DAYS,
    keepAuditDays: e.JEMBATAN_KEEP_AUDIT_DAYS,
    allowFragile: e.JEMBATAN_ALLOW_FRAGILE === 'yes',
    logLevel: e.JEMBATAN_LOG_LEVEL,
  };
}
