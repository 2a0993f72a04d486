import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { freshId, freshSerial, good, openShop, orderFor, type TrackerSubject } from './contract-subject.ts';
import { movesContract, whereAble } from './moves/contract.ts';

/** What every asset tracker promises. */
export function assetTrackerContract(name: string, open: () => Promise<TrackerSubject>): void {
  describe(`asset tracker: ${name}`, async () => {
    const shop = await openShop(open);
    const { subject, tracker, shelf, bags, buyers, read } = shop;
    const [part, otherPart] = subject.parts;
    const receive = (serials: readonly string[], operationId = freshId()) =>
      tracker.receive({ operationId, part, place: shelf, serials, by: 'gudang@example.net' });
    beforeEach(() => subject.feel('well'));
    afterAll(async () => {
      tracker.close();
      await subject.close();
    });

    it('a technician’s bag and a customer are made once, and two of one name are two', async () => {
      expect(good(await tracker.bagOf(subject.technicians[0]))).toBe(bags[0]);
      expect(good(await tracker.customerOf(subject.customers[0]))).toBe(buyers[0]);
      expect(new Set([shelf, ...bags]).size).toBe(3);
      expect(new Set(buyers).size).toBe(2);
      expect(good(await tracker.parts()).map(({ ref }) => ref)).toEqual(expect.arrayContaining([part, otherPart]));
      expect(good(await tracker.test())).not.toBe('');
    });

    it('goods-in: each serial lies in the warehouse once, and again the same changes nothing', async () => {
      const serials = [freshSerial(), freshSerial(), freshSerial()];
      const operationId = freshId();
      const made = good(await receive(serials, operationId));
      expect(made.map(({ serial }) => serial)).toEqual(serials);
      for (const unit of made) {
        expect(unit).toMatchObject({ part: { ref: part }, status: 'ok', at: { kind: 'place', ref: shelf } });
        expect(await read(unit.ref)).toEqual(unit);
      }
      expect(good(await receive(serials, operationId))).toEqual(made);
      for (const serial of serials) expect(good(await tracker.find(serial))).toHaveLength(1);
    });

    it('goods-in with a serial that is elsewhere, or half known, makes nothing and names it', async () => {
      const [known, fresh] = [freshSerial(), freshSerial()];
      const ref = await subject.put(known);
      const answer = await receive([fresh, known]);
      expect(answer).toMatchObject({
        ok: false,
        error: { reason: 'rejected', detail: expect.stringContaining(known) },
      });
      expect(good(await tracker.find(fresh))).toEqual([]);
      await subject.carry(ref, { place: bags[0] });
      expect(await receive([known])).toMatchObject({ error: { reason: 'rejected' } });
    });

    it('a serial is found as it stands, one that two parts have twice, one that nobody has not', async () => {
      const [one, two] = [freshSerial(), freshSerial()];
      const ref = await subject.put(one);
      const pair = [await subject.put(two), await subject.put(two, otherPart)];
      expect(good(await tracker.find(one)).map((unit) => unit.ref)).toEqual([ref]);
      expect(new Set(good(await tracker.find(two)).map((unit) => unit.ref))).toEqual(new Set(pair));
      for (const nobodys of [freshSerial(), one.slice(0, -1), '', '%', "'; --"]) {
        expect(good(await tracker.find(nobodys)), nobodys).toEqual([]);
      }
    });

    it('what there is none of is none, and no failure', async () => {
      for (const ref of ['999999999', 'nonsense', '']) expect(good(await tracker.read(ref)), ref).toBeNull();
    });

    it('a label may be said twice', async () => {
      const ref = await subject.put(freshSerial());
      const label = { mac: 'AA:BB:CC:DD:EE:FF', gponSn: null, barcode: null, username: 'ckp0001', operationId: null };
      for (const again of [label, label]) expect(good(await tracker.label(ref, again))).toBeNull();
      expect(await read(ref)).toMatchObject({ ref, at: { kind: 'place', ref: shelf } });
    });

    it('a tracker that is away answers so, and nothing is changed', async () => {
      const ref = await subject.put(freshSerial());
      subject.feel('away');
      const away = { ok: false, error: { reason: 'unreachable' } };
      const order = orderFor(ref, { kind: 'hand_over', from: shelf, to: bags[0] });
      const asked = [
        tracker.read(ref),
        tracker.find('x1'),
        tracker.move(order),
        receive([freshSerial()]),
        tracker.test(),
      ];
      for (const answer of await Promise.all(asked)) expect(answer).toMatchObject(away);
      if (tracker.feed) expect(await tracker.feed.movesAfter(0)).toMatchObject(away);
      subject.feel('well');
      expect(await read(ref)).toMatchObject({ at: { ref: shelf } });
    });

    whereAble(subject.forbid)(
      'a login that is not taken any more is told as that, and nothing is changed',
      async () => {
        const ref = await subject.put(freshSerial());
        subject.forbid?.();
        const order = orderFor(ref, { kind: 'hand_over', from: shelf, to: bags[0] });
        expect(await tracker.move(order)).toMatchObject({ ok: false, error: { reason: 'forbidden' } });
        subject.feel('well');
        expect(await read(ref)).toMatchObject({ at: { ref: shelf } });
      },
    );

    movesContract(shop);
  });
}
