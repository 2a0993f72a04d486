import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { webhookSourceContract } from '#ports/webhook-source/contract.ts';
import { deliveryKey, sign, signatureHeader } from './signature.ts';
import { createErpnextWebhookSource } from './webhook-source.ts';

const source = createErpnextWebhookSource();
const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
const parse = (text: string) => source.parse(bytes(text));

webhookSourceContract('ERPNext', {
  source,
  send({ event, doctype, name, modified }, secret) {
    const body = bytes(JSON.stringify({ event, doctype, doc: { name, modified, docstatus: 1 } }));
    return { body, headers: new Headers({ [signatureHeader]: sign(body, secret) }) };
  },
  knownDoctype: 'Sales Invoice',
});

describe('ERPNext deliveries', () => {
  it('the small form without a document is read alike', () => {
    const small = '{"event":"on_submit","doctype":"Payment Entry","name":"P-1","modified":"m","docstatus":1}';
    const value = { event: 'on_submit', doctype: 'Payment Entry', name: 'P-1', modified: 'm', known: true };
    expect(parse(small)).toEqual({ ok: true, value });
  });

  it('a byte order mark is overlooked, a counted name becomes text', () => {
    const text = '\uFEFF{"event":"on_update","doctype":"Comment","doc":{"name":7,"modified":"m"}}';
    expect(parse(text)).toMatchObject({ ok: true, value: { name: '7', known: false } });
  });

  it.each([
    ['no modified', '{"event":"e","doctype":"D","doc":{"name":"n"}}'],
    ['a document that is none', '{"event":"e","doctype":"D","doc":[]}'],
    ['an empty name', '{"event":"e","doctype":"D","name":"","modified":"m"}'],
    ['a name with NUL', '{"event":"e","doctype":"D","name":"a\\u0000b","modified":"m"}'],
    ['a name with half a character', '{"event":"e","doctype":"D","name":"a\\ud800","modified":"m"}'],
    ['a name longer than Frappe has', `{"event":"e","doctype":"D","name":"${'n'.repeat(141)}","modified":"m"}`],
    ['only a prototype', '{"__proto__":{"event":"e","doctype":"D","name":"n","modified":"m"}}'],
    ['a fraction as a name', '{"event":"e","doctype":"D","name":1.5,"modified":"m"}'],
    ['form fields', 'event=e&doctype=D'],
  ])('%s is answered in words that show the right template', (_what, body) => {
    const answer = parse(body);
    expect(answer.ok ? '' : answer.error).toContain('{{ doc | json }}');
  });

  it('bytes that are no UTF-8 are no delivery', () => {
    expect(source.parse(Uint8Array.of(0x22, 0xff, 0x22)).ok).toBe(false);
  });

  it('a prototype in the body pollutes nothing', () => {
    const poison = '{"event":"e","doctype":"D","doc":{"name":"n","modified":"m","__proto__":{"polluted":1}}}';
    const answer = parse(poison);
    expect(answer).toMatchObject({ ok: true });
    expect('polluted' in {}).toBe(false);
    expect(JSON.stringify(answer)).not.toContain('polluted');
  });

  it('a valid head with 200,000 nested arrays beside it is still read', () => {
    const deep = `{"event":"e","doctype":"D","doc":{"name":"n","modified":"m"},"x":${'['.repeat(200_000)}${']'.repeat(200_000)}}`;
    expect(typeof parse(deep).ok).toBe('boolean');
  });

  it('any bytes are answered, never thrown at', () => {
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 200 }), fc.json().map(bytes)), (body) => {
        expect(typeof source.parse(body).ok).toBe('boolean');
      }),
      { numRuns: 2000 },
    );
  });

  it('REL-4: the same bytes have one key, other bytes another', () => {
    expect(deliveryKey(bytes(''))).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(deliveryKey(bytes('{"a": 1}'))).not.toBe(deliveryKey(bytes('{"a":1}')));
  });
});
