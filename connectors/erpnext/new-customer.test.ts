import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createBreaker } from '#connectors/kit/breaker.ts';
import type { Http, HttpRequest } from '#connectors/kit/http.ts';
import { err, ok } from '#domain/result.ts';
import type { NewLedgerCustomer } from '#ports/ledger/port.ts';
import { createErpnextClient } from './client.ts';
import { createCustomer } from './new-customer.ts';

const field = 'jembatan_ref';
const ani: NewLedgerCustomer = { hubRef: 'c-1', name: 'Ani', phone: '0812', email: null, address: 'Jl. Mawar 3' };

/** What happens to one call: it is answered, it never arrives, or it is done and its answer is lost. */
type Fate = 'answered' | 'lost before' | 'lost after';

/** A site that keeps customers by their reference, behind a network that does with each call as it is told. */
function siteBehind(fates: readonly Fate[]) {
  const kept: { name: string; reference: unknown }[] = [];
  let calls = 0;
  const answerTo = ({ method, body }: HttpRequest) => {
    if (method === 'GET') return { status: 200, json: { data: kept.map(({ name }) => ({ name })) } };
    const document = body as Record<string, unknown>;
    if (kept.some(({ reference }) => reference === document[field])) {
      return { status: 417, json: { exc_type: 'UniqueValidationError' } };
    }
    kept.push({ name: `Ani ${kept.length}`, reference: document[field] });
    return { status: 200, json: { data: { name: kept.at(-1)?.name } } };
  };
  const http: Http = {
    async request(request) {
      const fate = fates[calls++] ?? 'answered';
      const lost = err({ reason: 'timeout', detail: 'no answer' } as const);
      if (fate === 'lost before') return lost;
      const { status, json } = answerTo(request);
      return fate === 'lost after' ? lost : ok({ status, headers: {}, text: JSON.stringify(json) });
    },
    close: () => undefined,
  };
  const breaker = createBreaker({ threshold: 1_000, coolDownMs: 1, now: () => 0 });
  return { kept, client: createErpnextClient(http, breaker, () => new Date(0)) };
}

describe('a customer who is pushed to ERPNext', () => {
  it('REL-19: whichever calls and answers are lost, trying again makes exactly one', async () => {
    const fate = fc.constantFrom<Fate>('answered', 'lost before', 'lost after');
    await fc.assert(
      fc.asyncProperty(fc.array(fate, { maxLength: 8 }), async (fates) => {
        const { kept, client } = siteBehind(fates);
        let made = await createCustomer(client, field, ani);
        for (let tries = 1; !made.ok && tries < 10; tries++) {
          expect(made.error.reason).toBe('unreachable');
          made = await createCustomer(client, field, ani);
        }
        expect(made).toEqual(ok('Ani 0'));
        expect(kept).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  it('REL-19: of two who push at once one inserts, and both are told the same name', async () => {
    const { kept, client } = siteBehind([]);
    const both = await Promise.all([createCustomer(client, field, ani), createCustomer(client, field, ani)]);
    expect(both).toEqual([ok('Ani 0'), ok('Ani 0')]);
    expect(kept).toHaveLength(1);
  });
});
