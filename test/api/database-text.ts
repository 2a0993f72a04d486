import type { RunningHub } from '#test/pipeline/running-hub.ts';

/** Everything that the bridge database holds, as one text a table. */
export async function databaseText({ look }: Pick<RunningHub, 'look'>): Promise<ReadonlyMap<string, string>> {
  const tables = await look<{ name: string }>(
    `select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`,
  );
  const texts = new Map<string, string>();
  for (const { name } of tables) {
    const [row] = await look<{ text: string | null }>(`select string_agg(t::text, E'\\n') as text from "${name}" t`);
    texts.set(name, row?.text ?? '');
  }
  return texts;
}
