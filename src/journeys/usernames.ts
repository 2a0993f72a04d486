import { asWorker } from '#db/as-worker.ts';
import type { Tx } from '#db/database.ts';
import { takeNumber } from '#db/take-number.ts';
import { codeInSeries, codeSeries } from '#domain/code-format.ts';
import { canonicalUsername, type UsernameFault, usernameProposal } from '#domain/username.ts';
import { isOwnUsername } from '#features/subscriptions/verbs.ts';
import { invalid } from '#platform/refusal.ts';
import { codeParts } from './customer-code.ts';
import type { TenantContext } from './tenant-context.ts';

/** A username as it is shown, and as it is compared. */
export type Username = { readonly shown: string; readonly canonical: string };

const faults: Record<UsernameFault, string> = {
  empty: 'A username must not be empty.',
  too_long: 'A username has at most 32 characters.',
  bad_character: 'A username has letters, digits and @ . _ - only.',
};

/** A username that somebody chose; throws a Refusal that names the field. */
export function chosenUsername(text: string): Username {
  const canonical = canonicalUsername(text);
  if (!canonical.ok) throw invalid('username', faults[canonical.error]);
  return { shown: text.trim(), canonical: canonical.value };
}

/** Null: the text makes no username. */
function usernameOf(text: string): Username | null {
  const shown = text.replace(/[^A-Za-z0-9@._-]/g, '');
  const canonical = canonicalUsername(shown);
  return canonical.ok ? { shown, canonical: canonical.value } : null;
}

/** `name@subdomain`, what a taken name proposes (spec C7); null: it would be too long. */
export const proposalFor = ({ shown }: Username, { subdomain }: TenantContext): Username | null =>
  usernameOf(usernameProposal(shown, subdomain));

type Place = { readonly routerName: string | null; readonly customerCode: string };

/** Numbered names that stand already, of lines that were imported perhaps, are passed over at most so many at a time. */
const attemptsMax = 10_000;

/**
 * Names to try for a new line, best first and without end in practice: `{ROUTER}{NNN}`, or the customer code where no
 * router is known (spec C7). A name that another tenant of the RADIUS database has goes on as `name@subdomain`; one of
 * the tenant's own lines as the next number.
 */
export async function* generatedUsernames(tx: Tx, context: TenantContext, place: Place): AsyncGenerator<Username> {
  const series = codeSeries(context.settings.code_formats.username, codeParts(context, place.routerName));
  for (let attempt = 1; attempt <= attemptsMax; attempt++) {
    const text = series.ok
      ? codeInSeries(series.value, await takeNumber(tx, context.tenantId, `username ${series.value}`))
      : attempt === 1
        ? place.customerCode
        : `${place.customerCode}-${attempt}`;
    const name = usernameOf(text);
    if (!name) return;
    yield name;
    // Of all its lines, whoever asks: a reseller sees its own alone.
    if (await asWorker(tx, () => isOwnUsername(tx, context.tenantId, name.canonical))) continue;
    const proposal = proposalFor(name, context);
    if (proposal) yield proposal;
  }
}
