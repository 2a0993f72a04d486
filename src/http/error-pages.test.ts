import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { refusalStatus } from '#platform/refusal.ts';

const folder = fileURLToPath(new URL('../../docs/errors/', import.meta.url));
const pageOf = (code: string): string => readFileSync(`${folder}${code}.md`, 'utf8');
const sections = ['What it means.', 'For whom.', 'What to do.', 'What a program does.', 'Example.'];

/** The text of one section. */
function section(page: string, name: string): string {
  const [, text = ''] = page.split(`**${name}**`);
  return (text.split(/\n\*\*/)[0] ?? '').trim();
}

describe('the catalogue of errors', () => {
  it('O4: has a page for each code, and none besides', () => {
    const pages = readdirSync(folder).map((name) => name.replace('.md', ''));
    expect(pages.sort()).toEqual(Object.keys(refusalStatus).sort());
  });

  it.each(Object.entries(refusalStatus))(
    'O4: %s (%i) is told to the operator and to a program, with an example',
    (code, status) => {
      const page = pageOf(code);
      expect(page.startsWith(`# ${code} (${status})\n`)).toBe(true);
      for (const name of sections) expect(section(page, name).length, name).toBeGreaterThan(20);
      const example = JSON.parse(/```json\n([\s\S]+?)```/.exec(section(page, 'Example.'))?.[1] ?? 'null');
      expect(example).toMatchObject({ code, message: expect.stringMatching(/\w/) });
      expect(Object.keys(example).filter((name) => !['code', 'message', 'details'].includes(name))).toEqual([]);
    },
  );
});
