/** The tables of a FreeRADIUS database that the hub reads and writes. Names are lower case on both servers. */
export type OwnedTable = {
  readonly name: 'radcheck' | 'radreply' | 'radusergroup' | 'radgroupcheck' | 'radgroupreply' | 'nas';
  /** Column that says whose row it is. */
  readonly owner: 'username' | 'groupname' | 'nasname';
  /** The columns that the hub writes beside it. */
  readonly columns: readonly string[];
};

const attributeColumns = ['attribute', 'op', 'value'] as const;

export const radcheck: OwnedTable = { name: 'radcheck', owner: 'username', columns: attributeColumns };
export const radreply: OwnedTable = { name: 'radreply', owner: 'username', columns: attributeColumns };
/** The priority is always written: its default is 1 on MySQL and 0 on PostgreSQL. */
export const radusergroup: OwnedTable = {
  name: 'radusergroup',
  owner: 'username',
  columns: ['groupname', 'priority'],
};
export const radgroupcheck: OwnedTable = { name: 'radgroupcheck', owner: 'groupname', columns: attributeColumns };
export const radgroupreply: OwnedTable = { name: 'radgroupreply', owner: 'groupname', columns: attributeColumns };
export const nasTable: OwnedTable = { name: 'nas', owner: 'nasname', columns: ['shortname', 'type', 'secret'] };

/** Tables that must be there for the hub to work. */
export const neededTables = [
  'radcheck',
  'radreply',
  'radusergroup',
  'radgroupcheck',
  'radgroupreply',
  'radacct',
  'nas',
  'hub_fence',
  'hub_nas',
  'hub_tenant',
] as const;
