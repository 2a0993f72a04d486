import type { Tx } from '#db/database.ts';
import { type ProblemDetails, problemText, type ScanProblem } from '#domain/scan-problem.ts';
import { Refusal } from '#platform/refusal.ts';
import { readTenantSettings } from '#platform/tenant-settings.ts';
import type { Line, LockedUnit, Unit } from './situation.ts';

/** How a unit is called by people: by its serial, else its MAC. */
export const nameOf = ({ serial, mac, gpon_sn, id }: LockedUnit): string => serial ?? mac ?? gpon_sn ?? id;

/** Where it is, in words. */
const whereIs = ({ holder, customer, place, state }: Unit): string =>
  customer ?? holder ?? (place === '' ? state : place);

/** What a problem's text needs of the unit that it is about, and of the line that it was for. */
export const detailsOf = (unit: Unit, line: Line | null): ProblemDetails => ({
  serial: nameOf(unit),
  place: whereIs(unit),
  ...(unit.holder === null ? {} : { holder: unit.holder }),
  ...(line === null ? (unit.customer === null ? {} : { customer: unit.customer }) : { customer: line.customer }),
});

const shown = ({ id, part, serial, mac, gpon_sn, state, place }: Unit) => ({
  id,
  part,
  serial,
  mac,
  gpon_sn,
  state,
  place,
});

type About = { readonly details?: ProblemDetails; readonly units?: readonly Unit[] };

/** The refusal of a scan in the tenant's language: nothing has changed, and it may be sent again. */
export async function refusalOf(tx: Tx, tenantId: string, problem: ScanProblem, about: About = {}): Promise<Refusal> {
  const { details = {}, units = [] } = about;
  const { settings } = await tx
    .selectFrom('tenants')
    .where('id', '=', tenantId)
    .select('settings')
    .executeTakeFirstOrThrow();
  const text = problemText(problem, details, readTenantSettings(settings).language);
  const code = problem === 'unknown_code' ? 'NOT_FOUND' : 'CONFLICT';
  const [unit] = units;
  return new Refusal(code, text, {
    problem,
    ...details,
    ...(problem === 'line_has_modem' && unit ? { replaces: nameOf(unit) } : {}),
    ...(units.length > 1 ? { units: units.map(shown) } : unit ? { asset: shown(unit) } : {}),
  });
}
