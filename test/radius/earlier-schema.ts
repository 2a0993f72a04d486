import type { SqlFlavor } from '#db/migrator.ts';

/** What a database may hold before the hub comes: some of FreeRADIUS's tables, perhaps without the later columns. */
export type EarlierSchema = { readonly tables: readonly string[]; readonly laterColumns: readonly string[] };

const attributes = (key: string): readonly string[] => [
  `${key} varchar(64) NOT NULL DEFAULT ''`,
  `attribute varchar(64) NOT NULL DEFAULT ''`,
  `op char(2) NOT NULL DEFAULT '=='`,
  `value varchar(253) NOT NULL DEFAULT ''`,
];

/** Columns that the migration builds on; the surrogate key is put before them. */
const columns: Readonly<Record<string, readonly string[]>> = {
  radcheck: attributes('username'),
  radreply: attributes('username'),
  radgroupcheck: attributes('groupname'),
  radgroupreply: attributes('groupname'),
  radusergroup: ['username varchar(64)', 'groupname varchar(64)', 'priority int'],
  radacct: [
    'acctsessionid varchar(64)',
    'acctuniqueid varchar(32) UNIQUE',
    'username varchar(64)',
    'nasipaddress varchar(15)',
    'acctstarttime timestamp NULL',
    'acctstoptime timestamp NULL',
  ],
  radpostauth: ['username varchar(64)', 'pass varchar(64)', 'reply varchar(32)', 'authdate timestamp NULL'],
  nas: ['nasname varchar(128)', 'shortname varchar(32)', 'secret varchar(60)'],
  nasreload: ['nasipaddress varchar(15)', 'reloadtime timestamp NULL'],
};

export const earlierTables: readonly string[] = Object.keys(columns);

/** `table.column` of what FreeRADIUS added over the years. */
export const laterColumns: readonly string[] = [
  'radacct.framedipv6address',
  'radacct.framedipv6prefix',
  'radacct.framedinterfaceid',
  'radacct.delegatedipv6prefix',
  'radacct.class',
  'radpostauth.class',
];

/** The statements that make it. */
export function earlierSchemaStatements(flavor: SqlFlavor, earlier: EarlierSchema): readonly string[] {
  const key = flavor === 'mysql' ? 'id int NOT NULL AUTO_INCREMENT PRIMARY KEY' : 'id serial PRIMARY KEY';
  return earlier.tables.map((table) => {
    const added = earlier.laterColumns.flatMap((name) => {
      const [owner, column] = name.split('.');
      return owner === table ? [`${column} varchar(64)`] : [];
    });
    return `CREATE TABLE ${table} (${[key, ...(columns[table] ?? []), ...added].join(', ')})`;
  });
}
