import { expect, it } from 'vitest';
import { sessionEndText } from './session-end.ts';

it('R9: why a session ended is told in words, and a cause that has none as the router spelt it', () => {
  expect(sessionEndText('Lost-Carrier', 'en')).toBe('The link to the modem was lost.');
  expect(sessionEndText('Hub-Stale', 'id')).toContain('berakhir');
  for (const cause of ['Vendor-Magic', 'constructor', '__proto__', 'toString'])
    expect(sessionEndText(cause, 'id')).toBe(cause);
});
