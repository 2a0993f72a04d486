import { readFileSync } from 'node:fs';

/** One exchange with a real InvenTree: 1.1.7 (API 421) or 1.5-dev (API 530). */
export type Recording = {
  readonly name: string;
  readonly note: string;
  readonly method: string;
  readonly url: string;
  /** The scheme of its login; null: none. */
  readonly authorization: string | null;
  readonly body: object | null;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly answer: unknown;
};

export function recordings(apiVersion: 421 | 530): readonly Recording[] {
  const text = readFileSync(new URL(`./fixtures/api${apiVersion}.jsonl`, import.meta.url), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as Recording);
}
