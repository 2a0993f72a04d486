import { ok, type Result } from '#domain/result.ts';
import type { LedgerFailure } from '#ports/ledger/port.ts';
import type { SetupStep } from '#ports/ledger/setup.ts';
import type { ErpnextClient, Fields } from '../client.ts';
import { payrollDoctypes, type WantedField } from './wanted-fields.ts';

type Answer<T> = Promise<Result<T, LedgerFailure>>;

const doctype = 'Custom Field';
const columns = ['name', 'dt', 'fieldname', 'fieldtype', 'unique'] as const;
const mostFields = 500;

const nameOf = (wanted: WantedField): string => `${wanted.doctype}.${wanted.fieldname}`;

/** The custom fields that the site has on these doctypes. */
export const listFields = (client: ErpnextClient, doctypes: readonly string[]): Answer<readonly Fields[]> =>
  client.list(doctype, { fields: columns, filters: [['dt', 'in', doctypes]], pageLength: mostFields });

/** Whether the site has the payroll: a doctype that is not there is refused, whoever asks. */
async function hasDoctype(client: ErpnextClient, wanted: string): Answer<boolean> {
  const list = await client.list(wanted, { fields: ['name'], filters: [], pageLength: 1 });
  if (list.ok) return ok(true);
  return list.error.reason === 'rejected' || list.error.reason === 'unauthorized' ? ok(false) : list;
}

const document = ({ doctype: dt, fieldname, label, fieldtype, isUnique, more }: WantedField): Fields => ({
  ...{ dt, fieldname, label, fieldtype, ...more },
  ...(isUnique ? { unique: 1 } : {}),
});

/** A field that was made by hand is made unique, nothing else; one of another type is a person's business. */
function standing(wanted: WantedField, found: Fields | undefined): SetupStep & { readonly change: Fields | null } {
  const of = `field ${nameOf(wanted)}`;
  if (!found) return { of, state: 'missing', words: `${wanted.fieldtype}, not there yet`, change: null };
  if (found.fieldtype !== wanted.fieldtype) {
    const words = `is of type ${String(found.fieldtype)}; the hub needs ${wanted.fieldtype}: change it by hand`;
    return { of, state: 'todo', words, change: null };
  }
  if (wanted.isUnique && found.unique !== '1') {
    return { of, state: 'missing', words: 'is not unique: what is repeated would be doubled', change: { unique: 1 } };
  }
  return { of, state: 'there', words: wanted.label, change: null };
}

async function make(client: ErpnextClient, wanted: WantedField, found: Fields | undefined): Promise<SetupStep> {
  const { change, ...step } = standing(wanted, found);
  if (step.state !== 'missing') return step;
  const name = String(found?.name ?? '');
  const made = change ? await client.update(doctype, name, change) : await client.create(doctype, document(wanted));
  if (made.ok) return { of: step.of, state: 'made', words: change ? 'made unique' : wanted.label };
  const { reason, detail } = made.error;
  const words = reason === 'unauthorized' ? `needs the role System Manager (${detail})` : detail;
  return { of: step.of, state: 'todo', words };
}

/**
 * Whether ERPNext takes the fields on as columns: seen once, a refused insert left a doctype answering "Unknown column" until
 * its cache was cleared.
 */
async function usable(client: ErpnextClient, of: string, fieldname: string): Promise<SetupStep | null> {
  const list = await client.list(of, { fields: ['name', fieldname], filters: [], pageLength: 1 });
  if (list.ok || list.error.reason === 'unauthorized') return null;
  const words = `cannot be read yet (${list.error.detail}): run "bench clear-cache" on the site, then this again`;
  return { of: `field ${of}.${fieldname}`, state: 'todo', words };
}

/** Looks at the custom fields and, where `isMade`, makes what is missing. */
export async function setUpFields(
  client: ErpnextClient,
  wanted: readonly WantedField[],
  isMade: boolean,
): Answer<readonly SetupStep[]> {
  const absent = new Set<string>();
  for (const one of payrollDoctypes) {
    const has = await hasDoctype(client, one);
    if (!has.ok) return has;
    if (!has.value) absent.add(one);
  }
  const here = wanted.filter((field) => !absent.has(field.doctype));
  const listed = await listFields(client, [...new Set(here.map((field) => field.doctype))]);
  if (!listed.ok) return listed;
  const steps: SetupStep[] = [];
  for (const one of here) {
    const found = listed.value.find(({ dt, fieldname }) => dt === one.doctype && fieldname === one.fieldname);
    if (!isMade) {
      const { change: _, ...step } = standing(one, found);
      steps.push(step);
      continue;
    }
    const step = await make(client, one, found);
    steps.push((step.state === 'made' && (await usable(client, one.doctype, one.fieldname))) || step);
  }
  return ok(steps);
}
