import { gzipSync } from 'node:zlib';

/** What becomes of a signed body: looked into, kept as nonsense, or kept as something that the hub has no use for. */
export type HostileBody = {
  readonly name: string;
  readonly body: Buffer;
  readonly kept: 'done' | 'dead' | 'ignored';
};

const limitBytes = 1_048_576;
const utf8 = (text: string): Buffer => Buffer.from(text, 'utf8');

const told = (doc: string, doctype = 'Sales Invoice'): string =>
  `{"event": "on_change", "doctype": ${JSON.stringify(doctype)}, "doc": ${doc}}`;
const named = (name: string): string => told(`{"name": ${JSON.stringify(name)}, "modified": "2026-11-21 10:00:00.1"}`);
const good = named('ACC-SINV-2026-09999');
/** A good body whose document carries one thing more. */
const carrying = (more: string): string =>
  told(`{"name": "ACC-SINV-2026-09998", "modified": "2026-11-21 10:00:00.2", ${more}}`);

/** `text` blown up by `filler` to the largest body that is taken. */
const filled = (before: string, filler: string, after: string): string =>
  before + filler.repeat(Math.floor((limitBytes - before.length - after.length) / filler.length)) + after;

const asText = (kept: HostileBody['kept'], bodies: Readonly<Record<string, string>>): HostileBody[] =>
  Object.entries(bodies).map(([name, body]) => ({ name, body: utf8(body), kept }));

const noJson = asText('dead', {
  'no byte at all': '',
  'one blank': ' ',
  'a body that breaks off': good.slice(0, -10),
  'one brace': '{',
  'a comma too many': `${good.slice(0, -1)},}`,
  'a comment': `/* hello */ ${good}`,
  'single quotes': good.replaceAll('"', "'"),
  'NaN and Infinity': carrying('"a": NaN, "b": -Infinity'),
  'two documents': good + good,
  'a form': 'cmd=on_change&doctype=Sales+Invoice',
  'a page': '<html><body>502 Bad Gateway</body></html>',
  XML: '<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>',
  'a NUL byte behind it': `${good}\u0000`,
  'a megabyte of blanks': ' '.repeat(limitBytes),
});

const otherJson = asText('dead', {
  null: 'null',
  true: 'true',
  'a number': '42',
  'a text': '"on_change"',
  'a list': `[${good}]`,
  'an empty object': '{}',
  'no document': told('null'),
  'a list for a document': told('[]'),
  'no name': told('{"modified": "2026-11-21"}'),
  'an empty name': named(''),
  'a name of 10,000 characters': named('x'.repeat(10_000)),
  'a name that is an object': told('{"name": {"$gt": ""}, "modified": "2026-11-21"}'),
  'a name with U+0000': named('a\u0000b'),
  'a name with half a surrogate pair': named('a\ud800b'),
  'a name that is no whole number': told('{"name": 1e400, "modified": "2026-11-21"}'),
  'a doctype that is a list':
    '{"event": "on_change", "doctype": ["Sales Invoice"], "doc": {"name": "a", "modified": "b"}}',
  '200,000 lists within each other': '['.repeat(200_000) + ']'.repeat(200_000),
  '__proto__ instead of a document':
    '{"event": "on_change", "doctype": "Customer", "__proto__": {"doc": {"name": "a"}}}',
});

const wholeJson = asText('done', {
  'a byte order mark before it': `\ufeff${good}`,
  'the same key twice': good.replace('{"event"', '{"event": "on_trash", "event"'),
  '__proto__ in the document': carrying('"__proto__": {"is_admin": true}, "constructor": {"prototype": {"x": 1}}'),
  'numbers beyond all measure': carrying('"grand_total": 1e400, "paid": -1e400, "idx": 9007199254740993'),
  'a number of 500,000 digits': carrying(`"idx": ${'9'.repeat(500_000)}`),
  '100,000 objects within each other': carrying(`"a": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
  'half a surrogate pair beside the name': carrying('"remarks": "\\ud800"'),
  'SQL in the name': named(`'; DROP TABLE inbox; --`),
  'script in the name': named('<script>alert(1)</script>'),
  'a way out in the name': named('../../method/frappe.client.delete?doctype=User#'),
  'a percent sign and a slash in the name': named('%2e%2e%2f a/b?c=d&e'),
  'a line break in the name': named('a\r\nX-Evil: 1\r\n\r\nGET /'),
  'characters that turn the line around': named('\u202egnp.invoice\u200b\u{1f4a3}'),
  'a megabyte in one text': filled(carrying('"remarks": "').slice(0, -2), 'x', '"}}'),
  'a megabyte of small objects': filled(carrying('"rows": [{}').slice(0, -2), ',{}', ']}}'),
  'a megabyte of escapes': filled(carrying('"remarks": "').slice(0, -2), '\\u0041', '"}}'),
});

const ignored = asText('ignored', {
  'a doctype that nobody asked for': told('{"name": "a", "modified": "b"}', 'ToDo'),
  'a doctype from another world': told('{"name": "a", "modified": "b"}', `Robert'); DROP TABLE tenants;--`),
  'a name of Object': told('{"name": "a", "modified": "b"}', 'constructor'),
});

const bytes: readonly HostileBody[] = [
  { name: 'bytes that are no UTF-8', body: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]), kept: 'dead' },
  { name: 'an overlong slash', body: Buffer.concat([utf8('{"event": "'), Buffer.from([0xc0, 0xaf])]), kept: 'dead' },
  { name: 'a surrogate in UTF-8', body: Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]), kept: 'dead' },
  { name: 'UTF-16', body: Buffer.from(`\ufeff${good}`, 'utf16le'), kept: 'dead' },
  { name: 'nothing but NUL', body: Buffer.alloc(4_096), kept: 'dead' },
  { name: 'ten megabytes of zeros in gzip', body: gzipSync(Buffer.alloc(10 * limitBytes)), kept: 'dead' },
];

export const hostileBodies: readonly HostileBody[] = [...noJson, ...otherJson, ...wholeJson, ...ignored, ...bytes];
