/** Runs SQL past row-level security and answers its rows. */
export type Look = <T>(sql: string) => Promise<T[]>;

const roles = `('hub_app', 'hub_gate', 'hub_worker')`;
const tenantTables = `
  select c.oid, c.relname, a.attnum as tenant from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id' and not a.attisdropped
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition`;

/** Policies that name no tenant, each with the reason why it may not. */
const crossTenant: Readonly<Record<string, string>> = {
  'tenants.gate': 'the platform owner makes tenants, and a login finds its own',
  'tenants.worker_looks': 'a claim leaves out deactivated tenants',
  'users.gate': 'at the login no tenant is known yet',
  'refresh_tokens.gate': 'a token is looked up by its hash alone',
  'api_keys.gate': 'a key is looked up by its hash alone',
  'resellers.gate': 'at the login no tenant is known yet, and whoever sells for one that is off is not let in',
  'password_resets.gate': 'a reset is looked up by the hash of its token alone',
  'recovery_codes.gate': 'at the login no tenant is known yet',
  'signing_keys.gate': "the installation's, of no tenant",
  'rate_limits.gate': "the installation's, of no tenant",
  'connections.gate_verifies': 'the webhook door reads the secrets that it verifies with',
  'idempotency_keys.gate': "a platform owner's keys belong to no tenant",
  'inbox.gate_stores': 'the webhook door stores',
  'inbox.worker_claims': 'work is claimed across tenants',
  'dirty_documents.worker_claims': 'work is claimed across tenants',
  'charge_looks.worker_claims': 'work is claimed across tenants',
  'dirty_lines.worker_claims': 'work is claimed across tenants',
  'wakes.worker_claims': 'work is claimed across tenants',
  'reconciliations.worker_claims': 'work is claimed across tenants',
  'ledger_outages.gate_counts': 'how many ledgers are away is counted over all tenants, by nothing else',
  'drift.gate_counts': 'how much drift is open is counted over all tenants, by kind alone',
  'asset_hints.worker_claims': 'work is claimed across tenants; a hint is a number of the tracker',
  'asset_feeds.gate_counts': 'how many stocks are away is counted over all tenants, by nothing else',
  'outbox.worker_claims': 'work is claimed across tenants',
  'audit_logs.gate_writes': "a login, and the platform owner's acts on a tenant, come before any tenant is chosen",
  'audit_logs.gate_reads': "the platform owner sees its own kind's acts, and those on the platform itself",
  'audit_logs.platform_reads': "the platform's own entries have no tenant; the worker links them",
  'audit_pending.gate_writes': 'comes with each entry of the gate',
  'audit_pending.worker_claims': 'what waits to be linked is claimed across tenants; it holds no more than ids',
  'audit_chain.platform_links': "the platform's own chain has no tenant",
  'audit_logs.platform_drops': "the owner drops old months; the platform's own entries have no tenant",
  'audit_chain.platform_drops': "the owner drops old months; the platform's own chain has no tenant",
  'audit_bases.platform_looks': "where the platform's own chain begins; the verifier asks",
  'audit_bases.platform_drops': "the owner drops old months; the platform's own chain has no tenant",
  'audit_chain.gate_reads': 'heads of all chains are written down outside; a link is numbers and hashes',
  'tenant_tombstones.gate_reads': 'of tenants that are gone; the platform owner alone asks',
  'tenant_tombstones.buries': 'the owner alone writes them, when it erases a tenant',
  'usage_months.gate_reads': 'the platform owner bills its tenants for it',
  'latency_buckets.gate_reads': 'metrics are of the whole installation; a bucket holds ids and counts',
  'holds.worker_looks': 'releases are advanced across tenants; a hold is numbers and dates',
  'held_lines.worker_looks': 'the metric counts what is held; a held line is ids and a date',
  'kill_switches.worker_looks': '/readyz counts the tenants whose cuts are stopped',
  'consumables.worker_claims': 'a metric counts those below their minimum, of all tenants; it reads quantities alone',
  'cut_notices.worker_claims': 'reminders to be sent are claimed across tenants',
  'installation_kill_switch.gate': "the installation's, of no tenant",
  'installation_kill_switch.all_look': "the installation's, of no tenant: every cut reads it",
  'schedules.worker_claims': 'work is claimed across tenants',
  'schedules.gate_reads': 'the platform owner sees what failed; a schedule holds no data of a tenant',
};

/** Foreign keys between tenants' tables that do not carry the tenant. */
const looseReferences: Readonly<Record<string, string>> = {
  refresh_tokens_user_id_fkey: 'a platform owner has no tenant; only hub_gate writes the table',
};

/** Tables whose rows nothing binds to a tenant that is there. */
const unbound: Readonly<Record<string, string>> = {
  customer_terms: 'a trigger alone writes them, of the customer that it stands at',
};

/** Unique indexes that hold over all tenants on purpose. */
const globalUniques: Readonly<Record<string, string>> = {
  nas_address: 'one RADIUS database tells its routers apart by address',
  subscriptions_username: 'one RADIUS database tells its users apart by name (spec C7)',
  refresh_tokens_token_hash_key: 'a random token of 256 bits',
  password_resets_token_hash_key: 'a random token of 256 bits',
  api_keys_key_hash_key: 'a random key of 256 bits',
};

const listed = (names: Readonly<Record<string, string>>): string =>
  Object.keys(names)
    .map((name) => `'${name}'`)
    .join(', ');

/** What breaks the separation of tenants, one query a rule; each answers rows of `finding`. */
const rules: readonly string[] = [
  `select c.relname || ': row-level security is not enabled and forced' as finding from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and c.relname not like 'hub_migration%'
     and not (c.relrowsecurity and c.relforcerowsecurity)`,

  `select c.relname || ': owned by ' || pg_get_userbyid(c.relowner) as finding from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'S')
     and pg_get_userbyid(c.relowner) <> 'hub_owner'`,

  `select rolname || ': may pass row-level security' as finding from pg_roles
   where rolname in ('hub_owner', 'hub_app', 'hub_gate', 'hub_worker') and (rolsuper or rolbypassrls)`,

  `select r.rolname || ': may become ' || m.rolname as finding from pg_roles r join pg_roles m on m.oid <> r.oid
   where r.rolname in ${roles} and pg_has_role(r.oid, m.oid, 'member')`,

  `select c.relname || ': a view without security_invoker' as finding from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'v'
     and not coalesce(c.reloptions && array['security_invoker=true', 'security_invoker=on'], false)`,

  `select c.relname || ': a materialized view' as finding from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relkind = 'm'`,

  `select p.proname || ': a security definer function' as finding from pg_proc p
   where p.pronamespace = 'public'::regnamespace and p.prosecdef`,

  `select c.relname || ': ' || a.privilege_type || ' is granted to ' || coalesce(r.rolname, 'public') as finding
   from pg_class c cross join aclexplode(c.relacl) a left join pg_roles r on r.oid = a.grantee
   where c.relnamespace = 'public'::regnamespace and a.grantee <> c.relowner
     and (a.privilege_type in ('TRUNCATE', 'REFERENCES', 'TRIGGER') or a.grantee = 0)`,

  `with t as (${tenantTables})
   select k.conname || ': a foreign key without tenant_id' as finding from pg_constraint k
   join t ref on ref.oid = k.conrelid join t target on target.oid = k.confrelid
   where k.contype = 'f' and k.conname not in (${listed(looseReferences)})
     and not exists (select 1 from unnest(k.conkey, k.confkey) as p (mine, theirs)
       where p.mine = ref.tenant and p.theirs = target.tenant)`,

  `with t as (${tenantTables})
   select i.indexrelid::regclass || ': a unique index without tenant_id' as finding from pg_index i join t on t.oid = i.indrelid
   where i.indisunique and not t.tenant = any (i.indkey::smallint[])
     and i.indexrelid::regclass::text not in (${listed(globalUniques)})
     and not (i.indisprimary and i.indnatts = 1 and exists (
       select 1 from pg_attribute a where a.attrelid = t.oid and a.attnum = i.indkey[0] and a.attname = 'id'
         and (a.atttypid = 'uuid'::regtype or a.attidentity = 'a')))`,

  `select c.relname || '.' || p.polname || ': a policy that names no tenant' as finding
   from pg_policy p join pg_class c on c.oid = p.polrelid
   where p.polpermissive and c.relname || '.' || p.polname not in (${listed(crossTenant)})
     and (pg_get_expr(p.polqual, p.polrelid) is distinct from
         '(' || case c.relname when 'tenants' then 'id' else 'tenant_id' end || ' = ( SELECT current_tenant() AS current_tenant))'
       or p.polwithcheck is not null or p.polroles = '{0}')`,

  `select c.relname || ': a partition with a grant or a policy of its own' as finding from pg_class c
   where c.relnamespace = 'public'::regnamespace and c.relispartition and (
     exists (select from aclexplode(c.relacl) a where a.grantee <> c.relowner)
     or exists (select from pg_policy p where p.polrelid = c.oid))`,

  `with t as (${tenantTables})
   select t.relname || ': its owner could not erase a tenant''s rows' as finding from t
   where not exists (select from pg_policy p where p.polrelid = t.oid and p.polname = 'erase' and p.polcmd = '*'
     and p.polroles = array['hub_owner'::regrole::oid])`,

  `with t as (${tenantTables})
   select t.relname || ': no policy for the tenant''s own requests' as finding from t
   where t.relname not in ('refresh_tokens') and not exists (
     select 1 from pg_policy p where p.polrelid = t.oid and p.polname = 'own' and p.polcmd = '*'
       and 'hub_app'::regrole::oid = any (p.polroles))`,

  // By a key of its own, or by one to another row of the same tenant, which no column left empty takes out of force.
  `with recursive t as (${tenantTables}),
   bound (oid) as (
     select k.conrelid from pg_constraint k where k.contype = 'f' and k.confrelid = 'tenants'::regclass
     union
     select k.conrelid from pg_constraint k join bound b on b.oid = k.confrelid join t on t.oid = k.conrelid
     where k.contype = 'f' and t.tenant = any (k.conkey) and not exists (
       select from unnest(k.conkey) as c (no) join pg_attribute a on a.attrelid = k.conrelid and a.attnum = c.no
       where not a.attnotnull))
   select t.relname || ': its rows may be of a tenant that is not there' as finding from t
   where t.oid not in (select oid from bound) and t.relname not in (${listed(unbound)})`,
];

/** All that breaks the separation of tenants in this database, in words; nothing in a sound one (SEC-1). */
export async function tenancyFindings(look: Look): Promise<readonly string[]> {
  const findings: string[] = [];
  for (const rule of rules) findings.push(...(await look<{ finding: string }>(rule)).map(({ finding }) => finding));
  return findings;
}

/** Tables of tenants' rows, by name. */
export const tablesOfTenants = async (look: Look): Promise<readonly string[]> =>
  (await look<{ relname: string }>(`${tenantTables} order by c.relname`)).map(({ relname }) => relname);
