import { err, ok } from '#domain/result.ts';
import type { WebhookFailure, WebhookPost, WebhookSender } from './port.ts';

export type FakeWebhookSender = WebhookSender & {
  /** What was sent and answered, in its order. */
  readonly posts: readonly WebhookPost[];
  /** How an endpoint answers from now on: a status, or no answer for this reason. */
  answer(url: string, how: number | WebhookFailure): void;
};

/** A sender for tests: endpoints answer 204 unless they were told otherwise; `.invalid` names may not be reached. */
export function createFakeWebhookSender(): FakeWebhookSender {
  const posts: WebhookPost[] = [];
  const answers = new Map<string, number | WebhookFailure>();
  const isClosed = (url: string): boolean => new URL(url).hostname.endsWith('.invalid');
  return {
    posts,
    answer: (url, how) => {
      answers.set(url, how);
    },
    post: async (post) => {
      if (isClosed(post.url)) return err({ reason: 'refused', detail: 'the hub does not connect there' });
      const how = answers.get(post.url) ?? 204;
      if (typeof how !== 'number') return err(how);
      posts.push(post);
      return ok({ status: how, latencyMs: 1 });
    },
    check: async (url) => (isClosed(url) ? err('the hub does not connect there') : ok(null)),
  };
}
