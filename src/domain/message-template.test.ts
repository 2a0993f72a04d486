import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { letter } from './letter.ts';
import { escapeHtml, fill, oneLine, paragraphs, placeholdersIn, unknownPlaceholder } from './message-template.ts';

describe('a template', () => {
  it('M1: is filled in at its placeholders, blanks within the braces or not', () => {
    expect(fill('Halo {{name}}, {{ code }}{{name}}', { name: 'Budi', code: '7' })).toBe('Halo Budi, 7Budi');
    expect(fill('{{gone}}|{name}|{{{name}}}', { name: 'Budi' })).toBe('|{name}|{Budi}');
  });

  it('is filled once: what a value holds is not filled in turn, nor taken for an own property of objects', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (first, second) => {
        const filled = fill('{{a}} {{b}}', { a: `{{b}}${first}`, b: second });
        expect(filled).toBe(`{{b}}${first} ${second}`);
      }),
      { numRuns: 200 },
    );
    for (const name of ['constructor', '__proto__', 'toString']) expect(fill(`{{${name}}}`, {})).toBe('');
  });

  it('names the placeholder that nothing fills', () => {
    expect(placeholdersIn('{{a}} {{ b }} {{a}} {c}')).toEqual(['a', 'b']);
    expect(unknownPlaceholder({ subject: '{{a}}', body: '{{b}}' }, ['a', 'b'])).toEqual({ ok: true, value: null });
    expect(unknownPlaceholder({ subject: '{{a}}', body: '{{ nama }}' }, ['a'])).toEqual({ ok: false, error: 'nama' });
    expect(unknownPlaceholder({ subject: '{{}}', body: '' }, ['a'])).toEqual({ ok: false, error: '' });
  });

  it('a header of a mail stays one line, whatever is put into it', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        expect(oneLine(text)).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      }),
      { numRuns: 300 },
    );
    expect(oneLine(' a\r\nBcc: b\u0000c ')).toBe('a Bcc: b c');
  });
});

const payloads = [
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '<svg/onload=alert(1)>',
  '"><script>alert(1)</script>',
  "'><img src=x onerror=alert(1)>",
  '<iframe src="javascript:alert(1)">',
  '<a href="javascript:alert(1)">x</a>',
  '<body onload=alert(1)>',
  '<style>@import "http://evil.test"</style>',
  '<math><mi//xlink:href="data:x,<script>alert(1)</script>">',
  '</p></body></html><script>alert(1)</script>',
  '<!--<img src="--><img src=x onerror=alert(1)//">',
  '<ScRiPt>alert(1)</sCrIpT>',
  '<script\u0000>alert(1)</script>',
  '&lt;script&gt;alert(1)&lt;/script&gt;',
  '<input autofocus onfocus=alert(1)>',
  '<details open ontoggle=alert(1)>',
  '<video><source onerror=alert(1)>',
  '<object data="javascript:alert(1)">',
  '<embed src="javascript:alert(1)">',
  '<form action="javascript:alert(1)"><button>',
  '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
  '<base href="https://evil.test/">',
  '<link rel=stylesheet href=//evil.test>',
  'https://x.test/"onmouseover="alert(1)',
  "https://x.test/'onmouseover='alert(1)",
  'https://x.test/<script>alert(1)</script>',
  'javascript:alert(1)',
  '{{name}}<script>alert(1)</script>',
  '<template><script>alert(1)</script></template>',
];

/** The tags of a page, and what is written in them. */
const tagsOf = (html: string): string[] => html.match(/<[^>]*>/g) ?? [];
const own =
  /^<(!doctype html|html lang="(id|en)"|head|meta charset="utf-8"|\/?body|\/?h1|h1 style="font-size:1\.2em;color:#[0-9a-fA-F]{6}"|\/?p|br|hr|\/a|\/html|\/head|a href="https?:\/\/[^"<>]*")>$/;

describe('SEC-15: what a message says in HTML', () => {
  it.each(payloads)('%j becomes text', (payload) => {
    const head = { company: payload, colour: payload, language: 'id', unsubscribeUrl: null } as const;
    const { html } = letter(`Halo ${payload}\n${payload}\n\n${payload}`, head);
    for (const tag of tagsOf(html)) expect(tag).toMatch(own);
  });

  it('P53: whatever the text, there are no tags in it but paragraphs, breaks and links to the web', () => {
    const text = fc
      .array(fc.oneof(fc.constantFrom(...payloads, '\n', '\n\n', 'https://a.test/?b=c&d'), fc.string()))
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(text, (one) => {
        for (const tag of tagsOf(paragraphs(one))) expect(tag).toMatch(own);
      }),
      { numRuns: 500 },
    );
  });

  it('an address of the web can be followed, the full stop after it is not part of it', () => {
    expect(paragraphs('Lihat https://a.test/x?a=1&b=2.')).toBe(
      '<p>Lihat <a href="https://a.test/x?a=1&amp;b=2">https://a.test/x?a=1&amp;b=2</a>.</p>',
    );
    expect(escapeHtml(`<&>"'`)).toBe('&lt;&amp;&gt;&quot;&#39;');
  });

  it('the way to end further messages stands in both forms, or in neither', () => {
    const head = { company: 'Ujung Net', colour: '#1a2b3c', language: 'en', unsubscribeUrl: null } as const;
    const url = 'https://hub.example.net/u/t';
    const ended = letter('Hello', { ...head, unsubscribeUrl: url });
    expect(ended.text).toContain(url);
    expect(ended.html).toContain(`href="${url}"`);
    expect(letter('Hello', head).text).toBe('Hello');
  });
});
