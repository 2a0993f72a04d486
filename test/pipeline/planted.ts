import type { TestBridge } from '#test/setup/bridge.ts';

/** Ways in which a secret may lie about: as it is, in hex (as PostgreSQL shows bytes) and in base64. */
const formsOf = (secret: string): readonly string[] => [
  secret,
  Buffer.from(secret).toString('hex'),
  // The last characters depend on what follows.
  Buffer.from(secret).toString('base64').replace(/=+$/, '').slice(0, -1),
];

/** Those of `secrets` that can be read in a text, in any form. */
export const readableIn = (text: string, secrets: readonly string[]): readonly string[] =>
  secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)));

/** Every row of every table of the bridge as a dump would have it: by table, one text. */
export async function dumpOf(look: TestBridge['look']): Promise<ReadonlyMap<string, string>> {
  const tables = await look<{ name: string }>(
    `select c.oid::regclass::text as name from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_toast'
     order by 1`,
  );
  const dump = new Map<string, string>();
  for (const { name } of tables) {
    const rows = await look<{ row: string }>(`select t::text as row from ${name} t`);
    dump.set(name, rows.map(({ row }) => row).join('\n'));
  }
  return dump;
}
