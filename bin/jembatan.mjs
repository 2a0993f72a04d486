#!/usr/bin/env node
// The command's door. In a clone it installs what is missing and runs the source; in an image there is only dist/.
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const source = new URL('../src/main/cli.ts', import.meta.url);
const built = new URL('../dist/src/main/cli.js', import.meta.url);

async function runSource() {
  const { door, ensurePackages, preferSystemPostgres } = await import('../tools/bootstrap.mjs');
  const external = process.env.DATABASE_URL && process.env.RADIUS_DATABASE_URL;
  const embedded = ['start', 'demo'].includes(process.argv[2] ?? '') && !external;
  await door(async () => {
    const postgres = embedded ? preferSystemPostgres(process.env.JEMBATAN_DATA_DIR || './data') : undefined;
    await Promise.all([ensurePackages(), postgres]);
    if (process.argv[2] === 'start') await (await import('../tools/web.mjs')).ensureWeb();
    const { register } = await import('tsx/esm/api');
    register();
    await import(source.href);
  });
}

if (existsSync(fileURLToPath(source))) await runSource();
else await import(built.href);
