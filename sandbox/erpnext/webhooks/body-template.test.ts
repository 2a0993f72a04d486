import { describe, expect, it } from 'vitest';
import { customer } from '../doctypes/selling.ts';
import { blankDocument } from '../site/new-document.ts';
import { bodyTemplate, renderBody } from './body-template.ts';
import { frappeSignature } from './signature.ts';

const toko = {
  ...blankDocument(customer, { user: 'admin@isp.local', at: '2026-11-21 00:16:50.768665' }),
  name: 'Toko "Añu"',
  modified: '2026-11-21 00:16:50.768665',
};

describe('the body of a webhook', () => {
  it('SEC-7: the published signature vector comes out', () => {
    const body =
      '{"event": "on_change", "doctype": "Sales Invoice", "doc": {"customer": "Toko A\\u00f1u", "docstatus": 1, ' +
      '"doctype": "Sales Invoice", "due_date": "2026-11-28", "is_return": 0, "modified": "2026-11-21 00:18:29.777130", ' +
      '"name": "ACC-SINV-2026-00001", "outstanding_amount": 50.0, "remarks": "a\\nb", "status": "Partly Paid"}}';
    expect(body).toHaveLength(319);
    expect(frappeSignature('jembatan-test', body)).toBe('xy7tGRE72qb3ola3MiljoZRNZ7700K+qkdIe0gN3P/c=');
    expect(JSON.stringify(JSON.parse(body))).toHaveLength(288);
  });

  it('holds the document with its keys sorted and names event and doctype', () => {
    const body = renderBody(bodyTemplate('after_insert', 'Customer'), customer, toko) ?? '';
    const parsed = JSON.parse(body);
    expect(body.startsWith('{"event": "after_insert", "doctype": "Customer", "doc": {"account_manager": null, ')).toBe(
      true,
    );
    expect(Object.keys(parsed.doc)).toEqual(Object.keys(parsed.doc).sort());
    expect(parsed.doc.name).toBe('Toko "Añu"');
  });

  it('single fields may be asked for, as JSON', () => {
    expect(renderBody('{"name":{{ doc.name | json }},"n": {{doc.docstatus|json}}}', customer, toko)).toBe(
      '{"name": "Toko \\"A\\u00f1u\\"", "n": 0}',
    );
  });

  it('a naive template loses the event when the value holds a quote', () => {
    expect(renderBody('{"name": "{{ doc.name }}"}', customer, toko)).toBeNull();
  });

  it('no template is an empty object', () => expect(renderBody('', customer, toko)).toBe('{}'));
});
