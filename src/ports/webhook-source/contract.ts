import { describe, expect, it } from 'vitest';
import type { WebhookSource } from './port.ts';

export type WebhookSourceWorld = {
  readonly source: WebhookSource;
  /** What the real sender would send: body and headers, signed with the secret. */
  send(
    document: { event: string; doctype: string; name: string; modified: string },
    secret: string,
  ): {
    readonly body: Uint8Array;
    readonly headers: Headers;
  };
  readonly knownDoctype: string;
};

const secrets = ['current-secret', 'previous-secret'];
const modified = '2026-11-21 00:18:29.777130';

/** What every webhook source promises, whichever system sends (spec B2). */
export function webhookSourceContract(name: string, world: WebhookSourceWorld): void {
  const delivery = (secret: string) =>
    world.send({ event: 'on_change', doctype: world.knownDoctype, name: 'Ñ-1', modified }, secret);

  describe(`webhook source: ${name}`, () => {
    it('SEC-6: says which of the secrets signed, so that an old one can be let in for a while and then refused', () => {
      for (const [index, secret] of secrets.entries()) {
        const { body, headers } = delivery(secret);
        expect(world.source.verify(body, headers, secrets)).toBe(index);
      }
      const { body, headers } = delivery('previous-secret');
      expect(world.source.verify(body, headers, ['current-secret'])).toBeNull();
    });

    it('SEC-6: a missing signature, a foreign one and an empty secret are refused', () => {
      const { body, headers } = delivery('current-secret');
      const foreign = delivery('somebody-else');
      const empty = delivery('');
      expect(world.source.verify(body, new Headers(), secrets)).toBeNull();
      expect(world.source.verify(body, foreign.headers, secrets)).toBeNull();
      expect(world.source.verify(empty.body, empty.headers, [''])).toBeNull();
      expect(world.source.verify(body, headers, [])).toBeNull();
    });

    it('SEC-6: every byte of the body is covered', () => {
      const { body, headers } = delivery('current-secret');
      for (let at = 0; at < body.length; at += 1) {
        const changed = Uint8Array.from(body);
        changed[at] = (changed[at] ?? 0) ^ 1;
        expect(world.source.verify(changed, headers, secrets)).toBeNull();
      }
    });

    it('law 1: a delivery says where to look, and whether the hub has a use for it', () => {
      const { body } = delivery('current-secret');
      const expected = { event: 'on_change', doctype: world.knownDoctype, name: 'Ñ-1', modified, known: true };
      expect(world.source.parse(body)).toEqual({ ok: true, value: expected });
      const other = world.send({ event: 'on_trash', doctype: 'Blog Post', name: 'x', modified }, 'current-secret');
      expect(world.source.parse(other.body)).toMatchObject({ ok: true, value: { doctype: 'Blog Post', known: false } });
    });

    it('what is no delivery is answered in words, never thrown at', () => {
      for (const text of [
        '',
        '{',
        'null',
        '[]',
        '"x"',
        '7',
        '{}',
        '<html>',
        '\0',
        '{"event": 1}',
        '['.repeat(100_000),
      ]) {
        const answer = world.source.parse(new TextEncoder().encode(text));
        expect(answer.ok, text.slice(0, 20)).toBe(false);
        expect(answer.ok ? '' : answer.error).not.toBe('');
      }
    });
  });
}
