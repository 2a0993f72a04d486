import type { Look } from './tenancy-findings.ts';

const mine = `c.relnamespace = 'public'::regnamespace and c.relname not like 'hub_migration%'`;
const acl = (column: string): string => `array(select x::text from unnest(${column}) x order by 1)`;

/** All that a migration can make, one line of text each: relations, columns, constraints, indexes, policies, grants. */
const parts: readonly string[] = [
  `select 'relation', c.relname, c.relkind, pg_get_userbyid(c.relowner), c.relrowsecurity, c.relforcerowsecurity,
     c.reloptions, ${acl('c.relacl')} from pg_class c where ${mine} and c.relkind in ('r', 'p', 'v', 'm', 'S')`,
  // Counted among those that are there: what was dropped and added again has another attnum, and the same place.
  `select 'column', c.relname, row_number() over (partition by c.oid order by a.attnum), a.attname,
     format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attstorage, a.attidentity, a.attgenerated, pg_get_expr(d.adbin, d.adrelid), ${acl('a.attacl')}
   from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
   left join pg_attrdef d on d.adrelid = c.oid and d.adnum = a.attnum where ${mine} and c.relkind in ('r', 'p', 'v', 'm')`,
  `select 'constraint', c.relname, k.conname, pg_get_constraintdef(k.oid)
   from pg_constraint k join pg_class c on c.oid = k.conrelid where ${mine}`,
  `select 'index', c.relname, pg_get_indexdef(i.indexrelid) from pg_index i join pg_class c on c.oid = i.indrelid where ${mine}`,
  `select 'policy', c.relname, p.polname, p.polcmd, p.polpermissive, array(select r::regrole::text from unnest(p.polroles) r order by 1),
     pg_get_expr(p.polqual, p.polrelid), pg_get_expr(p.polwithcheck, p.polrelid)
   from pg_policy p join pg_class c on c.oid = p.polrelid where ${mine}`,
  `select 'sequence', c.relname, s.seqtypid::regtype, s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcycle
   from pg_sequence s join pg_class c on c.oid = s.seqrelid where ${mine}`,
  `select 'trigger', c.relname, pg_get_triggerdef(t.oid) from pg_trigger t join pg_class c on c.oid = t.tgrelid
   where ${mine} and not t.tgisinternal`,
  `select 'function', pg_get_functiondef(p.oid), ${acl('p.proacl')} from pg_proc p
   where p.pronamespace = 'public'::regnamespace and p.prokind = 'f'`,
  `select 'type', t.typname, t.typtype from pg_type t
   where t.typnamespace = 'public'::regnamespace and t.typtype in ('e', 'd')`,
];

/** The schema of the bridge as sorted lines of text, the migrator's own tables left out; nothing in an empty one. */
export async function bridgeSchema(look: Look): Promise<readonly string[]> {
  const lines: string[] = [];
  for (const part of parts) {
    const rows = await look<{ line: string }>(`select to_jsonb(part)::text as line from (${part}) part`);
    lines.push(...rows.map(({ line }) => line));
  }
  return lines.sort();
}
