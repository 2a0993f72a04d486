import type { Look } from './tenancy-findings.ts';

type Open = { readonly verbs: string; readonly why: string };

const read = (why: string): Open => ({ verbs: 'SELECT', why });
const added = (why: string): Open => ({ verbs: 'INSERT', why });

/** What a reseller's request may do to rows that are not its own (spec S1): all other tables and verbs are held back. */
export const openToResellers: Readonly<Record<string, Open>> = {
  tenants: read(
    "the tenant's settings decide about what is registered; its row is all that a request sees of the table",
  ),
  service_plans: read('what there is to sell'),
  coverage_areas: read('where service can be had is asked before it is sold'),
  connections: read('whether ERPNext makes the bills; its secrets are sealed'),
  nas: read("the router's name is part of a customer's code; its secret is sealed"),
  message_templates: read("customers are written to in the tenant's words"),
  opt_outs: read('whoever wants no messages gets none; rows are hashes'),
  webhook_endpoints: read('what is registered is announced; secrets are sealed'),
  usage_reads: read('when usage was last counted'),
  announcements: added('what is registered is announced'),
  audit_logs: added('whatever it does is noted'),
  audit_pending: added('comes with each entry of the audit log'),
  customer_tally: added("the trigger counts customers; the tenant's sums are not shown"),
  entries: added('what it pays for is booked'),
  postings: added('what it pays for is booked'),
  messages: added("to its customers, and to the tenant's people"),
  counters: { verbs: 'INSERT SELECT UPDATE', why: 'codes and numbers run through a tenant without gaps' },
  dirty_documents: { verbs: 'DELETE INSERT SELECT UPDATE', why: 'work: names of documents to be looked at' },
  idempotency_keys: { verbs: 'DELETE INSERT SELECT UPDATE', why: "a request's own key is settled with what it writes" },
  webhook_deliveries: { verbs: 'INSERT SELECT UPDATE', why: 'work: ids, and how a delivery went' },
  voucher_batches: read('any voucher may be brought to any shop, and is worth what its batch says'),
};

/** Tables whose rows of nobody's are met by every reseller, beside its own. */
export const nobodysToResellers: Readonly<Record<string, string>> = {
  vouchers: "it may buy those that nobody has bought, and redeem the tenant's own; found by the hash of a code",
};

const verbs = `(values ('SELECT', 'r'), ('INSERT', 'a'), ('UPDATE', 'w'), ('DELETE', 'd')) v (word, cmd)`;

/** What the catalogue leaves open to a reseller's request: by table, the verbs that no policy of the scope holds back. */
export async function gapsOfScope(look: Look): Promise<Readonly<Record<string, string>>> {
  const rows = await look<{ name: string; verbs: string }>(`
    select c.relname as name, string_agg(v.word, ' ' order by v.word) as verbs from pg_class c cross join ${verbs}
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and (c.relname = 'tenants' or exists (select from pg_attribute a
        where a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped))
      and (has_table_privilege('hub_app', c.oid, v.word)
        or v.word <> 'DELETE' and has_any_column_privilege('hub_app', c.oid, v.word))
      and not exists (select from pg_policy p
        where p.polrelid = c.oid and not p.polpermissive and 'hub_app'::regrole = any (p.polroles)
          and p.polcmd::text in ('*', v.cmd)
          and case v.cmd when 'a' then coalesce(pg_get_expr(p.polwithcheck, p.polrelid), pg_get_expr(p.polqual, p.polrelid))
            when 'w' then concat(pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid))
            else pg_get_expr(p.polqual, p.polrelid) end like '%current_reseller()%')
    group by c.relname`);
  return Object.fromEntries(rows.map(({ name, verbs }) => [name, verbs]));
}
