import type { Database, Tx } from '#db/database.ts';
import type { Language } from '#domain/reason.ts';
import type { Caller, Who } from '#platform/caller.ts';
import type { Clock } from '#platform/clock.ts';
import type { TenantVault } from '#platform/secrets.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { LoginThrottle } from './login-throttle.ts';
import type { Passwords } from './passwords.ts';

/** Writes the message that a reset of a password begins with, in the caller's transaction. */
export type ResetMail = (
  tx: Tx,
  reset: {
    readonly tenantId: string;
    readonly userId: string;
    readonly email: string;
    readonly name: string;
    /** Told in this message alone. */
    readonly token: string;
    readonly minutes: number;
    readonly language: Language;
    readonly correlationId: string;
  },
) => Promise<void>;

export type IdentityDeps = {
  readonly db: Database;
  readonly clock: Clock;
  readonly passwords: Passwords;
  readonly accessTokens: AccessTokens;
  readonly throttle: LoginThrottle;
  /** The vault that a user's secrets are sealed in; null: a platform owner's. */
  readonly vaultFor: (tenantId: string | null) => Promise<TenantVault>;
  readonly sendReset: ResetMail;
  /** Runs what the answer must not wait for, and logs where it fails. */
  readonly later: (work: () => Promise<void>) => void;
};

/** Where a request comes from, before it is known who asks. */
export type Visit = Pick<Who, 'correlationId' | 'address'> & {
  /** What the client calls itself (`User-Agent`), cut short. */
  readonly device?: string | undefined;
};

/** Who asks: a tenant's user or key, or a platform owner. */
export type Asking = Visit & { readonly caller: Caller };

/** Rows of a tenant's user behind row-level security; a platform owner's are for the gate alone. */
export const ownRows = <T>(
  { db }: Pick<IdentityDeps, 'db'>,
  tenantId: string | null,
  work: (tx: Tx) => Promise<T>,
): Promise<T> => (tenantId === null ? db.gate(work) : db.tenant(tenantId, work));

/** In whose name a user does something to itself. */
export const inNameOf = (
  visit: Visit,
  user: { readonly id: string; readonly tenant_id: string | null; readonly role: string },
) => ({
  ...visit,
  tenantId: user.tenant_id,
  caller: { userId: user.id, tenantId: user.tenant_id, role: user.role },
});
