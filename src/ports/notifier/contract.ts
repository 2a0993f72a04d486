import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import type { Notice, Notifier } from './port.ts';

/** What arrived at the other side, as its reader sees it. */
export type Arrived = Pick<Notice, 'to' | 'subject' | 'text'> & {
  readonly html: string | null;
  readonly messageId: string;
  /** Null: no way to opt out was given. */
  readonly unsubscribeUrl: string | null;
};

export type NotifierWorld = {
  readonly notifier: Notifier;
  readonly arrived: () => Promise<readonly Arrived[]>;
  /** How the other side behaves from now on. */
  behave(manner: 'taking' | 'busy' | 'refusing'): void;
  reset(): void;
  close(): Promise<void>;
};

const notice: Notice = {
  to: 'budi@example.net',
  subject: 'Tagihan Öktober ✓',
  text: 'Halo Budi,\n\nRp 150.000 — terima kasih.',
  html: '<p>Halo Budi,</p>\n<p>Rp 150.000 — terima kasih.</p>',
  messageId: '5e1f0a3c-1111-4222-8333-444455556666',
  language: 'id',
  unsubscribeUrl: 'https://hub.example.net/u/token',
};

/** What every notifier promises, whatever it speaks. */
export function notifierContract(name: string, open: () => Promise<NotifierWorld>): void {
  describe(`notifier: ${name}`, async () => {
    const world = await open();
    const { notifier } = world;
    beforeEach(() => world.reset());
    afterAll(() => world.close());

    it('P59: what was handed over arrives whole, at the recipient and nobody else', async () => {
      const sent = await notifier.send(notice);
      expect(sent).toMatchObject({ ok: true, value: { providerId: expect.stringMatching(/./) } });
      const { to, subject, text, html, messageId, unsubscribeUrl } = notice;
      expect(await world.arrived()).toEqual([{ to, subject, text, html, messageId, unsubscribeUrl }]);
    });

    it('a message without HTML and without a way to opt out is sent as it is', async () => {
      const { html: _html, unsubscribeUrl: _url, ...plain } = notice;
      await notifier.send(plain);
      expect(await world.arrived()).toMatchObject([{ text: notice.text, html: null, unsubscribeUrl: null }]);
    });

    it('a resend after a crash can be told by its id', async () => {
      await notifier.send(notice);
      await notifier.send(notice);
      expect((await world.arrived()).map(({ messageId }) => messageId)).toEqual([notice.messageId, notice.messageId]);
    });

    it('P60: busy is for later, refused is for good, and nobody there is told apart', async () => {
      world.behave('busy');
      expect(await notifier.send(notice)).toMatchObject({ ok: false, error: { reason: 'unreachable' } });
      world.behave('refusing');
      expect(await notifier.send(notice)).toMatchObject({ ok: false, error: { reason: 'rejected' } });
      world.behave('taking');
      const nobody = await notifier.send({ ...notice, to: 'nobody@example.net' });
      expect(nobody).toMatchObject({ ok: false, error: { reason: 'no_recipient' } });
      expect(await world.arrived()).toEqual([]);
    });

    it('SEC-22: no failure names the recipient', async () => {
      for (const manner of ['busy', 'refusing', 'taking'] as const) {
        world.behave(manner);
        expect(JSON.stringify(await notifier.send({ ...notice, to: 'nobody@example.net' }))).not.toContain('nobody@');
      }
    });

    it('a test says in words whether messages would be taken', async () => {
      expect(await notifier.test()).toMatchObject({ ok: true, value: expect.stringMatching(/\w/) });
    });
  });
}
