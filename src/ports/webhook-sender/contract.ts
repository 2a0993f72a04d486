import { afterAll, describe, expect, it } from 'vitest';
import type { WebhookPost, WebhookSender } from './port.ts';

export type WebhookSenderWorld = {
  readonly sender: WebhookSender;
  /** Where an endpoint stands that answers what `answer` says. */
  readonly url: string;
  /** Where the hub may not connect. */
  readonly closedUrl: string;
  answer(status: number): void;
  /** Ids and bodies that arrived at `url`. */
  readonly arrived: () => readonly Pick<WebhookPost, 'id' | 'body'>[];
  close(): Promise<void>;
};

/** What every sender of webhooks promises. */
export function webhookSenderContract(name: string, open: () => Promise<WebhookSenderWorld>): void {
  describe(`webhook sender: ${name}`, async () => {
    const world = await open();
    const post = (over: Partial<WebhookPost> = {}): WebhookPost => ({
      url: world.url,
      id: 'msg_1',
      body: '{"type":"ping","data":{"text":"é"}}',
      secrets: ['whsec_c2VjcmV0IG9mIHRoZSB0ZXN0cyE='],
      allowPrivate: false,
      ...over,
    });
    afterAll(() => world.close());

    it('the body arrives character by character, with its id', async () => {
      world.answer(204);
      expect(await world.sender.post(post())).toMatchObject({ ok: true, value: { status: 204 } });
      expect(world.arrived().at(-1)).toEqual({ id: 'msg_1', body: post().body });
    });

    it.each([200, 302, 404, 410, 500])('an answer %i is told as it is, and nothing is followed', async (status) => {
      world.answer(status);
      const before = world.arrived().length;
      expect(await world.sender.post(post())).toMatchObject({ ok: true, value: { status } });
      expect(world.arrived()).toHaveLength(before + 1);
    });

    it('SEC-17: where the hub may not connect is said before, and refused again at the try', async () => {
      expect(await world.sender.check(world.url, false)).toEqual({ ok: true, value: null });
      expect(await world.sender.check(world.closedUrl, false)).toMatchObject({ ok: false });
      const refused = await world.sender.post(post({ url: world.closedUrl }));
      expect(refused).toMatchObject({ ok: false, error: { reason: 'refused' } });
    });
  });
}
