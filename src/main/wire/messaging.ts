import type { AddressGuard } from '#connectors/kit/address-guard.ts';
import { createAddressGuard } from '#connectors/kit/address-guard.ts';
import { createSmtpNotifier } from '#connectors/smtp/notifier.ts';
import { type SmtpSettings, settingsOfUrl, smtpSettings } from '#connectors/smtp/settings.ts';
import { createWebhookSender } from '#connectors/webhooks/sender.ts';
import type { Result } from '#domain/result.ts';
import type { PerTenant } from '#main/wire/per-tenant.ts';
import { createPerTenant } from '#main/wire/per-tenant.ts';
import { type Config, ConfigError } from '#platform/config.ts';
import type { Notifier } from '#ports/notifier/port.ts';
import type { WebhookSender } from '#ports/webhook-sender/port.ts';

/** Who writes to people, and who tells other systems. */
export type Messaging = {
  /** The tenant's own mail server, else the installation's; null while there is neither. */
  readonly notifierOf: (tenantId: string) => Promise<Notifier | null>;
  readonly webhookSender: WebhookSender;
  /** Whether the hub may connect there on behalf of a tenant; the error says in words why not. */
  readonly checkUrl: (tenantId: string, url: string) => Promise<Result<null, string>>;
};

export type Around = {
  readonly guardFor: (allowPrivate: boolean) => AddressGuard;
  /** A tenant's mail server, as it was connected; null: it has none. */
  readonly connectedSmtp: (
    tenantId: string,
  ) => Promise<{ readonly settings: unknown; readonly allowPrivate: boolean } | null>;
  readonly allowsPrivate: (tenantId: string) => Promise<boolean>;
  readonly versionOf: (tenantId: string) => Promise<string>;
  readonly clock: () => number;
};

const smtpTimeoutMs = 20_000;

const steady = (): number => performance.now();

const everywhere = createAddressGuard({ allow: { contains: () => true }, allowPrivate: true });

/** The mail server that whoever runs the hub chose: it may stand anywhere, the hub's own machine included. */
function installationNotifier({ smtpUrl, smtpFrom }: Config): Notifier | null {
  if (smtpUrl === undefined) return null;
  const settings = settingsOfUrl(smtpUrl, smtpFrom ?? '');
  if (settings === null)
    throw new ConfigError(
      'JEMBATAN_SMTP_URL must read like smtp://user:password@host:587, and JEMBATAN_SMTP_FROM like Ujung Net <billing@ujung.net>.',
    );
  return createSmtpNotifier({ settings, guard: everywhere, timeoutMs: smtpTimeoutMs, now: steady });
}

export function createMessaging(
  config: Config,
  around: Around,
): Messaging & { readonly notifiers: PerTenant<Notifier | null> } {
  const { guardFor, connectedSmtp, allowsPrivate, versionOf, clock } = around;
  const ofInstallation = installationNotifier(config);
  const notifiers = createPerTenant(versionOf, async (tenantId): Promise<Notifier | null> => {
    const connected = await connectedSmtp(tenantId);
    if (!connected) return null;
    const settings: SmtpSettings = smtpSettings.parse(connected.settings);
    const guard = guardFor(connected.allowPrivate);
    return createSmtpNotifier({ settings, guard, timeoutMs: smtpTimeoutMs, now: steady });
  });
  const webhookSender = createWebhookSender({ guardFor, clock });
  return {
    notifiers,
    notifierOf: async (tenantId) => (await notifiers.get(tenantId)) ?? ofInstallation,
    webhookSender,
    checkUrl: async (tenantId, url) => webhookSender.check(url, await allowsPrivate(tenantId)),
  };
}
