import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { webhookEvents } from '#features/webhooks/events.ts';
import { refusalStatus } from '#platform/refusal.ts';
import { type Document, isPublic, type Operation, operationsOf, type Schema } from './operations.ts';
import { openStage, type Stage } from './stage.ts';
import { checker } from './validate.ts';

let stage: Stage;
let check: ReturnType<typeof checker>;

beforeAll(async () => {
  stage = await openStage();
  check = checker(stage.document);
}, 180_000);
afterAll(() => stage?.close());

type Media = { readonly what: string; readonly schema?: Schema; readonly example?: unknown };

/** What an operation takes and gives in JSON, errors left out. */
const mediaOf = ({ at, requestBody, responses }: Operation): readonly Media[] =>
  [
    { what: `${at} takes`, content: requestBody?.content },
    ...Object.entries(responses)
      .filter(([status]) => status.startsWith('2'))
      .map(([status, { content }]) => ({ what: `${at} ${status}`, content })),
  ].flatMap(({ what, content }) => {
    const media = content?.['application/json'];
    return media ? [{ what, ...media }] : [];
  });

describe('the OpenAPI document of the whole hub', { timeout: 300_000 }, () => {
  it('O3: every reference in it leads somewhere, and every operation has its own id, if it has one', () => {
    const names = [...JSON.stringify(stage.document).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(
      ([, name]) => name,
    );
    for (const name of names) expect(stage.document.components.schemas, name).toHaveProperty([name ?? '']);
    expect(new Set(operationsOf(stage.document).map(({ at }) => at)).size).toBe(operationsOf(stage.document).length);
  });

  it('O3: every path parameter of a path is described, and none else', () => {
    for (const { at, path, parameters = [] } of stage.operations) {
      const named = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const described = parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name);
      expect(described, at).toEqual(named);
    }
  });

  it('O3: every request and every good answer has an example, which its own schema allows', () => {
    const faults = operationsOf(stage.document)
      .flatMap(mediaOf)
      .filter(({ schema }) => schema !== undefined && Object.keys(schema).length > 0)
      .flatMap(({ what, schema = {}, example }) => {
        const fault = example === undefined ? 'has no example' : check(schema)(example);
        return fault === null ? [] : [`${what}: ${fault}`];
      });
    expect(faults).toEqual([]);
  });

  it('O3, O4: every route names every error that the doors before it can answer, by code', () => {
    for (const operation of stage.operations) {
      const { at, responses, requestBody } = operation;
      const named = Object.values(responses as Record<string, { description?: string }>).map((one) => one.description);
      const codes = ['RATE_LIMIT', 'INTERNAL_ERROR', 'UNAVAILABLE'];
      if (!isPublic(operation)) codes.push('UNAUTHORIZED', 'FORBIDDEN');
      if (requestBody) codes.push('VALIDATION_ERROR', 'PAYLOAD_TOO_LARGE');
      for (const code of codes) {
        expect(named.join(), `${at} ${code}`).toContain(code);
        expect(responses, at).toHaveProperty([String(refusalStatus[code as keyof typeof refusalStatus])]);
      }
    }
  });

  it('O3: every operation has a summary and a described tag; all can be asked with a token or a key', () => {
    const tags = (stage.document.tags as readonly { readonly name: string }[]).map(({ name }) => name);
    for (const { at, summary, tags: own = [] } of operationsOf(stage.document)) {
      expect(summary, at).toMatch(/\w{3}/);
      expect(own.length, at).toBeGreaterThan(0);
      for (const tag of own) expect(tags, at).toContain(tag);
    }
    expect(stage.document.security).toEqual([{ bearer: [] }, { apiKey: [] }]);
  });

  it('X12, O3: every type of outbound webhook is described, with an example that its schema allows', () => {
    const webhooks = Object.entries(stage.document.webhooks as Document['paths']);
    expect(webhooks.map(([type]) => type).sort()).toEqual(webhookEvents.map(({ type }) => type).sort());
    for (const [type, { post }] of webhooks) {
      const { schema = {}, example } = post?.requestBody?.content['application/json'] ?? {};
      expect(check(schema)(example), type).toBeNull();
      expect(
        post?.parameters?.map(({ name }) => name),
        type,
      ).toContain('webhook-signature');
    }
  });

  it('O3: every POST that is no login takes an Idempotency-Key', () => {
    for (const { at, method, path, parameters = [] } of stage.operations) {
      const takes = parameters.some(({ name }) => name === 'Idempotency-Key');
      expect(takes, at).toBe(method === 'post' && !path.startsWith('/api/v1/auth/'));
    }
  });
});
