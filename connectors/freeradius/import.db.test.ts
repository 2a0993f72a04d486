import { describe, expect, inject, it } from 'vitest';
import { previewImport } from './import.ts';
import { readySubject, wish } from './testing/wishes.ts';

describe.each([
  ['MariaDB', () => inject('mariadbUrl')],
  ['PostgreSQL', () => inject('postgresUrl')],
] as const)('jembatan radius import from %s', (_name, server) => {
  it('R1: shows every user of the tables, and writes nothing', async () => {
    const subject = await readySubject(server());
    await subject.putForeign('Andi', {
      groups: ['10M'],
      check: [{ attribute: 'Cleartext-Password', op: ':=', value: 'rahasia1' }],
      reply: [],
    });
    await subject.enforcer.applyUsers([wish('budi', 1n)]);
    const before = [await subject.rows('radcheck'), await subject.rows('radreply'), await subject.rows('radusergroup')];
    const preview = await previewImport(subject.database.url);
    expect(
      preview.ok && preview.value.map(({ username, bridged, problems }) => ({ username, bridged, problems })),
    ).toEqual([
      { username: 'Andi', bridged: false, problems: [] },
      { username: 'budi', bridged: true, problems: [] },
    ]);
    expect([
      await subject.rows('radcheck'),
      await subject.rows('radreply'),
      await subject.rows('radusergroup'),
    ]).toEqual(before);
    await subject.close();
  });

  it('says in words why it cannot read', async () => {
    const url = new URL(server());
    url.pathname = '/nowhere';
    expect(await previewImport(url.href)).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
  });
});
