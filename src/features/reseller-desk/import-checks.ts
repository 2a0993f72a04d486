import { sql } from 'kysely';
import type { Database } from '#db/database.ts';
import { digitsOf, type Fault, type ImportRow } from './import-rows.ts';

/** A row with the plan that it names. */
export type CheckedRow = ImportRow & { readonly planId: string | null };

type PlanRow = { readonly id: string; readonly name: string; readonly listed: boolean; readonly lists: boolean };
type Person = { readonly name: string; readonly phone: string };
type Line = { readonly canonical_username: string; readonly mac: string | null };

/** What stands against rows: the hub's own look over the whole tenant, for a name may be another reseller's. */
const standing = (db: Database, tenantId: string, resellerId: string, rows: readonly ImportRow[]) =>
  db.look(tenantId, async (tx) => {
    const names = rows.flatMap(({ username }) => (username === null ? [] : [username.toLowerCase()]));
    const macs = rows.flatMap(({ mac }) => mac ?? []);
    const people = rows.map(({ name }) => name.toLowerCase());
    const plans = await sql<PlanRow>`
      select p.id, p.name, r.service_plan_id is not null as listed,
        exists (select from reseller_plans x where x.tenant_id = p.tenant_id and x.reseller_id = ${resellerId}) as lists
      from service_plans p
      left join reseller_plans r on r.tenant_id = p.tenant_id and r.service_plan_id = p.id and r.reseller_id = ${resellerId}
      where p.tenant_id = ${tenantId} and p.deleted_at is null and p.is_active`.execute(tx);
    const lines = await sql<Line>`
      select canonical_username, mac from subscriptions
      where tenant_id = ${tenantId} and (canonical_username = any(${names}::text[]) or mac = any(${macs}::text[]))`.execute(
      tx,
    );
    const customers = await sql<Person>`
      select name, phone from customers where tenant_id = ${tenantId} and reseller_id = ${resellerId}
        and deleted_at is null and lower(name) = any(${people}::text[])`.execute(tx);
    return { plans: plans.rows, lines: lines.rows, customers: customers.rows };
  });

const personKey = ({ name, phone }: Person): string => `${name.toLowerCase()} ${digitsOf(phone)}`;

/** Holds rows against what is there: plans that the reseller sells, usernames, modems, customers. */
export async function checkRows(
  db: Database,
  at: { readonly tenantId: string; readonly resellerId: string },
  rows: readonly ImportRow[],
): Promise<readonly CheckedRow[]> {
  const { plans, lines, customers } = await standing(db, at.tenantId, at.resellerId, rows);
  const sold = new Map(
    plans.filter(({ listed, lists }) => listed || !lists).map(({ id, name }) => [name.trim().toLowerCase(), id]),
  );
  const names = new Set(lines.map((line) => line.canonical_username));
  const macs = new Set(lines.flatMap(({ mac }) => mac ?? []));
  const people = new Set(customers.map(personKey));
  return rows.map((row) => {
    const planId = sold.get(row.plan.toLowerCase()) ?? null;
    const faults: Fault[] = [];
    if (planId === null && row.plan !== '') faults.push({ column: 'plan', code: 'plan_unknown' });
    if (row.username !== null && names.has(row.username.toLowerCase())) {
      faults.push({ column: 'username', code: 'username_taken' });
    }
    if (row.mac !== null && macs.has(row.mac)) faults.push({ column: 'mac', code: 'mac_taken' });
    if (people.has(personKey(row))) faults.push({ column: 'name', code: 'twin_there' });
    return { ...row, planId, errors: [...row.errors, ...faults] };
  });
}
