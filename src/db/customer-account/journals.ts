import { sql } from 'kysely';

/** A Journal Entry moves the accounts of several customers: in all of them one goes by another name from now on. */
export const renameInJournals = (tenantId: string, from: string, to: string) => sql`
  update ledger_documents set fact = jsonb_set(fact, '{moves}', (
    select jsonb_agg(case when m.move ->> 'customer' = ${from} then m.move || jsonb_build_object('customer', ${to}::text)
      else m.move end order by m.place)
    from jsonb_array_elements(fact -> 'moves') with ordinality as m (move, place)))
  where tenant_id = ${tenantId} and doctype = 'Journal Entry'
    and fact -> 'moves' @> jsonb_build_array(jsonb_build_object('customer', ${from}::text))`;
