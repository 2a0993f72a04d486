import { describe, expect, it } from 'vitest';
import { groupOfClass } from './sessions.ts';

describe('the Class of a session', () => {
  it.each([
    ['0x74316132623363343a69736f6c6972', null, 'nine characters of a key are no namespace'],
    [`0x${Buffer.from('t1a2b3c4d:isolir').toString('hex')}`, 't1a2b3c4d:isolir', 'octets as FreeRADIUS writes them'],
    [`0X${Buffer.from('t1a2b3c4d:isolir').toString('hex').toUpperCase()}`, 't1a2b3c4d:isolir', 'the same in capitals'],
    ['t1a2b3c4d:10-mbps', 't1a2b3c4d:10-mbps', 'plain text'],
    ['0x7', null, 'half an octet'],
    ['premium', null, "a NAS's own Class"],
    ['', null, 'none'],
    [null, null, 'none at all'],
  ])('%j is %j: %s', (text, group, _why) => {
    expect(groupOfClass(text)).toBe(group);
  });
});
