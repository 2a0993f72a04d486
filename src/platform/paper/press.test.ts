import { afterAll, describe, expect, it } from 'vitest';
import { bill, letterhead, picture, vouchers } from '#test/features/papers.ts';
import { textOf } from '#test/features/pdf-text.ts';
import type { Paper } from './papers.ts';
import { createPress } from './press.ts';

const press = createPress();
afterAll(() => press.close());

describe('the press', () => {
  it('L2: prints in a thread of its own what was asked for, to each asker its own', async () => {
    const numbers = Array.from({ length: 8 }, (_, n) => `INV-2026-00000${n}`);
    const pdfs = await Promise.all(numbers.map((number) => press.print({ ...bill, number })));
    pdfs.forEach((pdf, n) => {
      expect(textOf(pdf)).toContain(numbers[n]);
    });
    const withLogo = await press.print({ ...bill, head: { ...letterhead, logo: picture(40) } });
    expect(Buffer.from(withLogo).toString('latin1')).toContain('/Subtype /Image');
  });

  it('a paper that cannot be printed fails alone', async () => {
    const nonsense = { ...bill, lines: null } as unknown as Paper; // What the types forbid, to make the thread fail.
    const [one, other] = await Promise.allSettled([press.print(nonsense), press.print(bill)]);
    expect(one).toMatchObject({
      status: 'rejected',
      reason: { message: expect.stringContaining('could not be printed') },
    });
    expect(other.status).toBe('fulfilled');
  });

  it('one that takes too long is given up, and the next is printed by a fresh thread', async () => {
    const hasty = createPress({ timeoutMs: 1 });
    await expect(hasty.print(vouchers(2_000))).rejects.toThrow('too long');
    await hasty.close();
    const patient = createPress();
    expect(textOf(await patient.print(bill))).toContain('INV-2026-000017');
    await patient.close();
  });

  it('who comes when too many wait is sent away, and whoever waits when it is closed is told', async () => {
    const small = createPress({ mostWaiting: 1 });
    const [first, second] = [small.print(bill), small.print(bill)];
    const told = Promise.allSettled([first, second]);
    expect(() => small.print(bill)).toThrow(expect.objectContaining({ code: 'UNAVAILABLE' }));
    await small.close();
    expect((await told).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  });
});
