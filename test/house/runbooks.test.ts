import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { announcedTypes } from '#domain/announcements.ts';
import { messageEvents } from '#domain/message-events.ts';
import { sourceFiles } from './source-files.ts';

const folder = new URL('../../docs/runbooks/', import.meta.url);
const page = await readFile(new URL('README.md', folder), 'utf8');
const named = new Set([...page.matchAll(/`([^`]+)`/g)].map(([, name = '']) => name));

const sources = sourceFiles('src').filter(({ path }) => !path.includes('.test.'));
/** What a pattern's group finds in those of the sources. */
const literals = (pattern: RegExp, files = sources): readonly string[] =>
  files.flatMap(({ text }) => [...text.matchAll(pattern)].map(([, found = '']) => found));

describe('runbooks', () => {
  it('each message and webhook stands in their list, as an alert or as none', () => {
    expect([...messageEvents, ...announcedTypes].filter((name) => !named.has(name))).toEqual([]);
  });

  it('each metric and each error in the log stands in their list', () => {
    const ofMetrics = sources.filter(({ path }) => /metrics\.ts$/.test(path));
    const metrics = literals(/['`](jembatan_[a-z_]+)/g, ofMetrics);
    const errors = literals(/log\.error\(\s*'([^']+)'/g);
    expect(metrics.length).toBeGreaterThan(10);
    expect(errors.length).toBeGreaterThan(10);
    expect([...metrics, ...errors].filter((name) => !named.has(name))).toEqual([]);
  });

  it('each runbook is in the list, and each link leads somewhere', async () => {
    const links = [...page.matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link);
    expect(links.filter((link) => !existsSync(new URL(link, folder)))).toEqual([]);
    const files = (await readdir(folder)).filter((file) => file !== 'README.md');
    expect(files.filter((file) => !links.includes(file))).toEqual([]);
  });
});
