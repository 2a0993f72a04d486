import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokenNotes } from './check.ts';
import { createInventreeHints, hintHeader, signHint } from './hints.ts';
import { inventreeSettings } from './settings.ts';

const hints = createInventreeHints();
const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
const event = { id: 'e1', event: 'stockitem.moved', args: [], kwargs: { id: 7, old_location: 2 }, ts: 1763700000 };
const headers = (value: string): Headers => new Headers({ [hintHeader]: value });

describe('hints of the event plugin', () => {
  it('SEC-6: says which secret signed; a missing, foreign, empty or bare signature is none', () => {
    const body = bytes(event);
    expect(hints.verify(body, headers(signHint(body, 'one')), ['one', 'two'])).toBe(0);
    expect(hints.verify(body, headers(signHint(body, 'two')), ['one', 'two'])).toBe(1);
    for (const wrong of ['', 'sha256=', signHint(body, 'three'), signHint(body, 'one').slice(7), signHint(body, '')])
      expect(hints.verify(body, headers(wrong), ['one', 'two', '']), wrong).toBeNull();
    expect(hints.verify(body, new Headers(), ['one'])).toBeNull();
    expect(hints.verify(body, headers(signHint(body, 'one')), [])).toBeNull();
  });

  it('SEC-6: no flipped bit of the body or the signature is accepted', () => {
    const body = bytes(event);
    const signature = signHint(body, 'one');
    fc.assert(
      fc.property(fc.nat(body.length * 8 - 1), fc.nat(signature.length - 1), (bit, at) => {
        const changed = Uint8Array.from(body);
        changed[bit >> 3] = (changed[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        expect(hints.verify(changed, headers(signature), ['one'])).toBeNull();
        const other = signature[at] === '0' ? '1' : '0';
        const forged = signature.slice(0, at) + other + signature.slice(at + 1);
        expect(hints.verify(body, headers(forged), ['one'])).toBeNull();
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    [event, ['7']],
    [{ ...event, event: 'stockitem.created_items', kwargs: { ids: [3, 4, 3] } }, ['3', '4']],
    [{ ...event, event: 'stock_stockitem.deleted', kwargs: { id: 9, model: 'StockItem' } }, ['9']],
    [{ ...event, event: 'stock_stockitemtracking.created', kwargs: { id: 50 } }, []],
    [{ ...event, event: 'part_part.saved', kwargs: { id: 1 } }, []],
    [{ ...event, kwargs: {} }, []],
    [{ ...event, kwargs: { id: 'x' } }, []],
  ])('law 1: %j is a reason to look at %j', (body, refs) => {
    expect(hints.parse(bytes(body))).toEqual({ ok: true, value: { event: body.event, refs } });
  });

  it('what is no event is answered in words, never thrown at', () => {
    for (const text of ['', '{', 'null', '[]', '7', '{}', '<html>', '{"event": 1}', '['.repeat(100_000)]) {
      const answer = hints.parse(new TextEncoder().encode(text));
      expect(answer.ok ? '' : answer.error, text.slice(0, 20)).not.toBe('');
    }
  });
});

describe('settings of InvenTree', () => {
  const good = { url: 'https://stock.example.com/', token: ' inv-1 ', warehouse_location: 2, bag_location_parent: 3 };

  it('are taken as a person types them', () => {
    expect(inventreeSettings.parse(good)).toEqual({ ...good, url: 'https://stock.example.com', token: 'inv-1' });
  });

  it.each([
    ['url', 'stock.example.com'],
    ['url', 'https://stock.example.com/api/'],
    ['url', 'https://user:pw@stock.example.com'],
    ['token', ' '],
    ['warehouse_location', 0],
    ['bag_location_parent', 1.5],
  ])('%s %j is refused', (field, value) => {
    expect(inventreeSettings.safeParse({ ...good, [field]: value }).success).toBe(false);
  });

  it('a token tells the day it was made on, and so the one on which it ends', () => {
    const token = `inv-${'0'.repeat(40)}-20251201`;
    expect(tokenNotes(token, new Date('2026-06-01'))).toEqual([]);
    expect(tokenNotes(token, new Date('2026-11-21'))[0]).toContain('ends on 2026-12-01');
    expect(tokenNotes(token, new Date('2026-12-24'))[0]).toContain('ended on 2026-12-01');
    expect(tokenNotes('made-by-hand', new Date('2026-12-24'))).toEqual([]);
  });
});
